# The house: one static library a room, named masar_<room>, made of every src/<room>/*.c.
# ARROWS are the rooms it may include from; tests/house/includes holds the same list against the code.
find_package(PkgConfig REQUIRED)
include(GNUInstallDirs)
pkg_check_modules(UV REQUIRED IMPORTED_TARGET libuv)
pkg_check_modules(LWS REQUIRED IMPORTED_TARGET libwebsockets)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(INIH REQUIRED IMPORTED_TARGET inih)

function(room name)
  cmake_parse_arguments(R "" "" "ARROWS;LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.c ${CMAKE_SOURCE_DIR}/src/${name}/*/*.c)
  list(TRANSFORM R_ARROWS PREPEND masar_ OUTPUT_VARIABLE arrows)
  if(sources)
    add_library(masar_${name} STATIC ${sources})
    target_include_directories(masar_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/include)
    target_link_libraries(masar_${name} PUBLIC ${arrows} ${R_LIBS})
  else()
    add_library(masar_${name} INTERFACE)
    target_include_directories(masar_${name} INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/include)
    target_link_libraries(masar_${name} INTERFACE ${arrows} ${R_LIBS})
  endif()
endfunction()

# Pure rooms: no clock, no file, no socket, no thread, no global.
room(base LIBS m)
room(model ARROWS base)
room(geo ARROWS base model LIBS m)
room(modes ARROWS base model geo)
room(encode ARROWS base model geo modes)
room(track ARROWS base model geo modes)
room(wire ARROWS base model geo modes track LIBS PkgConfig::JANSSON)
room(simulate ARROWS base model geo encode)
room(libmasar ARROWS base model geo modes encode track)
target_compile_definitions(masar_libmasar PRIVATE MASAR_VERSION="${PROJECT_VERSION}")

# Rooms that touch the world.
room(net ARROWS base model LIBS PkgConfig::UV PkgConfig::ZLIB PkgConfig::ZSTD PkgConfig::CURL)
room(source ARROWS base model geo wire simulate net LIBS PkgConfig::UV)
room(sink ARROWS base model geo wire track net LIBS PkgConfig::UV)
room(serve ARROWS base model geo wire track net LIBS PkgConfig::UV PkgConfig::LWS PkgConfig::JANSSON PkgConfig::SODIUM)
room(shards ARROWS base model geo modes track LIBS PkgConfig::UV)

file(GLOB app_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/app/*.c)
add_executable(masar ${app_sources})
target_compile_definitions(masar PRIVATE MASAR_VERSION="${PROJECT_VERSION}" MASAR_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                           MASAR_WEB_DIR="${CMAKE_INSTALL_FULL_DATADIR}/masar/web")
target_link_libraries(masar PRIVATE masar_serve masar_shards masar_sink masar_source masar_net masar_simulate masar_track
                      masar_wire masar_encode masar_modes masar_geo masar_model masar_base PkgConfig::INIH)
