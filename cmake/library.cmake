# libmasar, shared and static, with only the names of include/masar.h to be seen from outside; its pkg-config file; the examples.
add_library(masar_shared SHARED $<TARGET_OBJECTS:masar_libmasar>)
set_target_properties(masar_shared PROPERTIES OUTPUT_NAME masar VERSION ${PROJECT_VERSION} SOVERSION 1
                       LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
target_link_libraries(masar_shared PRIVATE masar_track masar_encode masar_modes masar_radio masar_geo masar_model masar_base)
set(version_script ${CMAKE_SOURCE_DIR}/packaging/libmasar.map)
target_link_options(masar_shared PRIVATE -Wl,--exclude-libs,ALL -Wl,--gc-sections -Wl,--version-script=${version_script})
set_target_properties(masar_shared PROPERTIES LINK_DEPENDS ${version_script})
if(NOT MASAR_SANITIZE) # a sanitizer's own names come with the program
  target_link_options(masar_shared PRIVATE -Wl,--no-undefined)
endif()

if(CMAKE_C_COMPILER_ID STREQUAL "GNU" AND CMAKE_BUILD_TYPE STREQUAL "Release")
  target_link_options(masar_shared PRIVATE -flto=auto)
endif()

# The static library is one object in which everything but masar_* is local, so that it collides with nothing.
set(parts masar_track masar_encode masar_modes masar_radio masar_geo masar_model masar_base)
set(part_files "")
foreach(part ${parts})
  list(APPEND part_files $<TARGET_FILE:${part}>)
endforeach()
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/lib/libmasar.a
  COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/lib
  COMMAND ${CMAKE_LINKER} -r -o libmasar.o $<TARGET_OBJECTS:masar_libmasar> --start-group ${part_files} --end-group
  COMMAND ${CMAKE_OBJCOPY} --wildcard --keep-global-symbol=masar_* --remove-section=.gnu.lto_* libmasar.o
  COMMAND ${CMAKE_COMMAND} -E rm -f lib/libmasar.a
  COMMAND ${CMAKE_AR} rcs lib/libmasar.a libmasar.o
  DEPENDS masar_libmasar ${parts} WORKING_DIRECTORY ${CMAKE_BINARY_DIR} COMMAND_EXPAND_LISTS VERBATIM)
add_custom_target(masar_static ALL DEPENDS ${CMAKE_BINARY_DIR}/lib/libmasar.a)

# The .pc file finds its prefix from where it lies, so that an installed tree may be moved.
file(RELATIVE_PATH MASAR_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" MASAR_PC_PREFIX "${MASAR_PC_PREFIX}")
configure_file(packaging/masar.pc.in ${CMAKE_BINARY_DIR}/lib/masar.pc @ONLY)
foreach(example decode_one track_stdin encode_flight)
  add_executable(example_${example} examples/${example}.c)
  target_include_directories(example_${example} PRIVATE include)
  target_link_libraries(example_${example} PRIVATE masar_shared)
endforeach()

install(TARGETS masar RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS masar_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES ${CMAKE_BINARY_DIR}/lib/libmasar.a DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES include/masar.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${CMAKE_BINARY_DIR}/lib/masar.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(DIRECTORY web/dist/ DESTINATION ${CMAKE_INSTALL_DATADIR}/masar/web OPTIONAL)
install(DIRECTORY scenarios DESTINATION ${CMAKE_INSTALL_DATADIR}/masar)
install(FILES LICENSE NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR})
