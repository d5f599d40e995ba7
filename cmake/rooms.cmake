# The house: one static library a room, named masar_<room>, made of every src/<room>/*.c.
# ARROWS are the rooms it may include from; tests/house/includes holds the same list against the code.
find_package(PkgConfig REQUIRED)
include(GNUInstallDirs)
pkg_check_modules(UV REQUIRED IMPORTED_TARGET libuv)
pkg_check_modules(LWS REQUIRED IMPORTED_TARGET libwebsockets)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(LIBDEFLATE REQUIRED IMPORTED_TARGET libdeflate)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(LIBARCHIVE REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(MOSQUITTO REQUIRED IMPORTED_TARGET libmosquitto)
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
room(radio ARROWS base model LIBS m)
# The demodulator's loops are written to be vectorized; each file of a processor is for that one.
# Vectors are handed only to functions that are inlined: how processors pass them does not matter.
# Without any optimization a demodulator is too slow for its tests.
if(NOT MASAR_COVERAGE)
  target_compile_options(masar_radio PRIVATE $<$<CONFIG:Debug>:-O1>)
endif()
target_compile_options(masar_radio PRIVATE $<$<CONFIG:Release>:-O3> -fno-math-errno -Wno-psabi)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set_source_files_properties(${CMAKE_SOURCE_DIR}/src/radio/kernel_sse42.c PROPERTIES COMPILE_OPTIONS -msse4.2)
  set_source_files_properties(${CMAKE_SOURCE_DIR}/src/radio/kernel_avx2.c PROPERTIES COMPILE_OPTIONS -mavx2)
endif()
room(modes ARROWS base model geo radio)
# Many velocities at once: likewise.
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/modes/polar.c PROPERTIES COMPILE_OPTIONS
                            "$<$<CONFIG:Release>:-O3>;-fno-math-errno;-fno-trapping-math")
room(encode ARROWS base model geo radio modes)
room(track ARROWS base model geo radio modes)
room(wire ARROWS base model geo radio modes uat track LIBS PkgConfig::JANSSON)
room(simulate ARROWS base model geo encode)
room(archive ARROWS base model geo wire)
room(uat ARROWS base model geo)
room(identity ARROWS base model geo)
room(coverage ARROWS base model geo)
room(movement ARROWS base model geo identity)
# The loops over sites are written to be vectorized, like the demodulator's. No exception of floating point is looked at,
# so both sides of a choice may be computed.
set(movement_loops ${CMAKE_SOURCE_DIR}/src/movement/fit_plain.c ${CMAKE_SOURCE_DIR}/src/movement/fit_avx2.c
    ${CMAKE_SOURCE_DIR}/src/movement/fit_avx512.c)
set_source_files_properties(${movement_loops} PROPERTIES COMPILE_OPTIONS "$<$<CONFIG:Release>:-O3>;-fno-trapping-math")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set_property(SOURCE ${CMAKE_SOURCE_DIR}/src/movement/fit_avx2.c APPEND PROPERTY COMPILE_OPTIONS -mavx2)
  set_property(SOURCE ${CMAKE_SOURCE_DIR}/src/movement/fit_avx512.c APPEND PROPERTY COMPILE_OPTIONS -mavx512f
               -mprefer-vector-width=512)
endif()
room(watch ARROWS base model geo wire identity LIBS m)
room(operation ARROWS base model geo identity movement)
room(libmasar ARROWS base model geo radio modes encode track)
target_compile_definitions(masar_libmasar PRIVATE MASAR_VERSION="${PROJECT_VERSION}")

# Rooms that touch the world.
room(net ARROWS base model LIBS PkgConfig::UV PkgConfig::ZLIB PkgConfig::ZSTD PkgConfig::CURL)
room(import ARROWS base model geo modes uat track wire archive net store LIBS PkgConfig::LIBARCHIVE PkgConfig::LIBDEFLATE PkgConfig::SQLITE)
room(sink ARROWS base model geo wire track net LIBS PkgConfig::UV)
room(serve ARROWS base model geo wire track archive coverage store history net LIBS PkgConfig::UV PkgConfig::LWS PkgConfig::JANSSON PkgConfig::SODIUM)
room(store ARROWS base model geo modes coverage LIBS PkgConfig::SQLITE m)
room(ledger ARROWS base model geo wire identity movement store LIBS m)
room(sqlext ARROWS base model geo store)
room(source ARROWS base model geo radio wire simulate net store LIBS PkgConfig::UV ${CMAKE_DL_LIBS})
room(history ARROWS base model geo wire archive coverage store)
room(deliver ARROWS base model geo wire identity watch LIBS PkgConfig::SQLITE PkgConfig::CURL PkgConfig::SODIUM PkgConfig::UV PkgConfig::MOSQUITTO PkgConfig::JANSSON)
room(shards ARROWS base model geo radio modes track LIBS PkgConfig::UV)

file(GLOB app_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/app/*.c ${CMAKE_SOURCE_DIR}/src/app/*/*.c)
add_executable(masar ${app_sources})
target_compile_definitions(masar PRIVATE MASAR_VERSION="${PROJECT_VERSION}" MASAR_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                           MASAR_WEB_DIR="${CMAKE_INSTALL_FULL_DATADIR}/masar/web")
target_link_libraries(masar PRIVATE masar_deliver masar_operation masar_watch masar_ledger masar_movement masar_coverage masar_identity masar_import masar_archive masar_serve masar_history masar_shards masar_store masar_sink masar_source masar_net masar_simulate masar_track
                      masar_wire masar_encode masar_modes masar_uat masar_geo masar_model masar_base PkgConfig::INIH)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU" AND CMAKE_BUILD_TYPE STREQUAL "Release")
  target_link_options(masar PRIVATE -flto=auto)
endif()
