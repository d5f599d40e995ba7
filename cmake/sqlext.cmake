# masar_positions.so: history as tables for the sqlite3 shell, Python, R (docs/SQL.md). Nothing but its entry point is seen.
add_library(masar_positions MODULE $<TARGET_OBJECTS:masar_sqlext>)
set_target_properties(masar_positions PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
target_link_libraries(masar_positions PRIVATE masar_store masar_modes masar_geo masar_model masar_base PkgConfig::SQLITE)
set(version_script ${CMAKE_SOURCE_DIR}/packaging/masar_positions.map)
target_link_options(masar_positions PRIVATE -Wl,--exclude-libs,ALL -Wl,--gc-sections -Wl,--version-script=${version_script})
set_target_properties(masar_positions PROPERTIES LINK_DEPENDS ${version_script})
install(TARGETS masar_positions LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/masar)
