# Every tests/unit/test_*.c and tests/prop/prop_*.c is one cmocka program, every tests/fuzz/fuzz_*.c one libFuzzer
# target; without MASAR_FUZZ a fuzz target is linked with replay.c and run over its corpus, so a past finding stays found.
pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)
set(all_pure masar_operation masar_watch masar_movement masar_coverage masar_identity masar_archive masar_simulate masar_track masar_wire masar_encode masar_modes masar_uat masar_geo masar_model masar_base)
set(all_rooms masar_deliver masar_ledger masar_import masar_serve masar_history masar_shards masar_store masar_sink masar_source masar_net ${all_pure})
list(PREPEND all_pure masar_libmasar)
list(PREPEND all_rooms masar_libmasar)

function(masar_test source)
  get_filename_component(name ${source} NAME_WE)
  add_executable(${name} ${source})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE TEST_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                             TEST_SHARED_DIR="${CMAKE_SOURCE_DIR}/../shared")
  target_link_libraries(${name} PRIVATE ${all_rooms} PkgConfig::CMOCKA m)
  target_link_options(${name} PRIVATE ${MASAR_LINK_FAST})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77 ENVIRONMENT MASAR_SEED=1)
endfunction()

file(GLOB test_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/test_*.c ${CMAKE_SOURCE_DIR}/tests/prop/prop_*.c)
foreach(source ${test_sources})
  masar_test(${source})
endforeach()

# What stands in for the libraries of radios: opened by dlopen, as they are.
foreach(name rtlsdr soapy)
  add_library(stand_in_${name} MODULE ${CMAKE_SOURCE_DIR}/tests/stand_in/${name}.c)
  target_link_libraries(stand_in_${name} PRIVATE m)
  target_link_options(stand_in_${name} PRIVATE ${MASAR_LINK_FAST})
  add_dependencies(test_source_device stand_in_${name})
endforeach()
target_compile_definitions(test_source_device PRIVATE STAND_IN_RTLSDR="$<TARGET_FILE:stand_in_rtlsdr>"
                           STAND_IN_SOAPY="$<TARGET_FILE:stand_in_soapy>")

# Tools that make what tests and measurements read.
file(GLOB tool_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/tool/*.c)
foreach(source ${tool_sources})
  get_filename_component(name ${source} NAME_WE)
  add_executable(${name} ${source})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(${name} PRIVATE ${all_rooms} m)
endforeach()

# What fails in a way of its own: few times here, often by hand (tests/fault/*.sh).
add_executable(kill9 tests/fault/kill9.c src/app/history.c src/app/keep.c src/app/options.c src/app/ledger/ledger_live.c
               src/app/ledger/ledger_world.c src/app/reference/airframe.c src/app/reference/reference.c src/app/reference/reference_book.c src/app/reference/data_files.c
               src/app/load.c src/app/reference/routes.c)
target_link_libraries(kill9 PRIVATE ${all_rooms} m)
add_test(NAME fault_kill9 COMMAND kill9 5)
set_tests_properties(fault_kill9 PROPERTIES TIMEOUT 300)

# What a target reads beyond the rooms all of them are linked with.
set(fuzz_config_also src/app/config.c src/app/keep.c src/app/options.c)
set(fuzz_config_libs PkgConfig::INIH)
set(fuzz_import_feed_libs masar_import)
set(fuzz_ledger_question_libs masar_ledger)
set(fuzz_import_tar_libs masar_import)

file(GLOB fuzz_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fuzz/fuzz_*.c)
foreach(source ${fuzz_sources})
  get_filename_component(name ${source} NAME_WE)
  if(MASAR_FUZZ)
    add_executable(${name} ${source})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(${name} ${source} ${CMAKE_SOURCE_DIR}/tests/fuzz/replay.c)
    add_test(NAME ${name} COMMAND ${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT 300)
  endif()
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_sources(${name} PRIVATE ${${name}_also})
  target_link_libraries(${name} PRIVATE masar_serve masar_history masar_store ${all_pure} ${${name}_libs} m)
endforeach()

# Golden, differential and end-to-end tests are programs of their own; each gets the built masar and exits 77 to skip.
file(GLOB script_tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/house/*.sh ${CMAKE_SOURCE_DIR}/tests/golden/*.sh
     ${CMAKE_SOURCE_DIR}/tests/differential/*.sh ${CMAKE_SOURCE_DIR}/tests/e2e/*.sh)
foreach(source ${script_tests})
  get_filename_component(name ${source} NAME_WE)
  get_filename_component(folder ${source} DIRECTORY)
  get_filename_component(folder ${folder} NAME)
  add_test(NAME ${folder}_${name} COMMAND bash ${source} $<TARGET_FILE:masar>
           WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${folder}_${name} PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77
                       ENVIRONMENT "MASAR_BUILD_DIR=${CMAKE_BINARY_DIR};MASAR_SANITIZE=${MASAR_SANITIZE}")
endforeach()
