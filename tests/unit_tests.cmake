# Test programs from Catch2 test cases. Each case is a ctest entry of its own, so that ctest -R NAME finds it and cases run
# side by side.

# All programs share one precompiled header. What is tested is optimized as its build says; the tests themselves would
# only take longer to compile.
file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/shared_headers.cpp" CONTENT "// Owns the precompiled header.\n")
add_library(sotto_test_headers OBJECT "${CMAKE_CURRENT_BINARY_DIR}/shared_headers.cpp")
target_compile_features(sotto_test_headers PRIVATE cxx_std_20)
set_target_properties(sotto_test_headers PROPERTIES CXX_EXTENSIONS OFF)
target_compile_options(sotto_test_headers PRIVATE -O0)
target_link_libraries(sotto_test_headers PRIVATE sotto_developer_flags sotto_json Catch2::Catch2)
target_precompile_headers(sotto_test_headers PRIVATE
  <catch2/catch_test_macros.hpp> <catch2/generators/catch_generators.hpp> <nlohmann/json.hpp>
  <algorithm> <filesystem> <fstream> <memory> <optional> <span> <string> <utility> <vector>)

# sotto_add_test_program(NAME SOURCE... [LINKS target...] [FIXTURES name...] [OPTIMIZED]) adds the program
# sotto_NAME_tests and its cases. FIXTURES are ctest's. OPTIMIZED tests compute much themselves: -O1 gives them most of
# the speed for a part of the compiler's time.
function(sotto_add_test_program name)
  cmake_parse_arguments(PARSE_ARGV 1 program "OPTIMIZED" "" "LINKS;FIXTURES")
  set(target sotto_${name}_tests)
  add_executable(${target} ${program_UNPARSED_ARGUMENTS})
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_features(${target} PRIVATE cxx_std_20)
  target_link_libraries(${target} PRIVATE
    sotto_developer_flags sotto_json sotto_test_support Catch2::Catch2WithMain ${program_LINKS})
  if(program_OPTIMIZED)
    target_compile_options(${target} PRIVATE -O1)
    target_precompile_headers(${target} PRIVATE <catch2/catch_test_macros.hpp> <algorithm> <string> <vector>)
  else()
    target_compile_options(${target} PRIVATE -O0)
    target_precompile_headers(${target} REUSE_FROM sotto_test_headers)
  endif()

  # Signals amid whole trainings say nothing about memory, and take minutes under sanitizers.
  set(cases)
  if(SOTTO_SANITIZE)
    set(cases TEST_SPEC "~[training-signals]")
  endif()
  catch_discover_tests(${target} ${cases}
    TEST_PREFIX "${name}: "
    PROPERTIES
      TIMEOUT 900
      # Catch2's exit code when every test that ran called SKIP().
      SKIP_RETURN_CODE 4)
  # Catch2 takes apart a property that is a list, such as the environment. ctest reads this file after the program's cases.
  set(environment "${CMAKE_CURRENT_BINARY_DIR}/${target}_environment.cmake")
  file(CONFIGURE OUTPUT "${environment}" @ONLY CONTENT [[
foreach(test IN LISTS @target@_TESTS)
  set_tests_properties("${test}" PROPERTIES ENVIRONMENT
    "SOTTO_DATA_DIR=@SOTTO_DATA_DIR@;SOTTO_SOURCE_DIR=@PROJECT_SOURCE_DIR@;SOTTO_CLI=@PROJECT_BINARY_DIR@/bin/sotto;\
SOTTO_VECTORS_DIR=@SOTTO_VECTORS_DIR@;SOTTO_POSTGRES=@PROJECT_BINARY_DIR@/postgres"
    FIXTURES_REQUIRED "@program_FIXTURES@")
endforeach()
]])
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${environment}")
endfunction()

# A PostgreSQL of the tests' own. $SOTTO_POSTGRES is the folder of its socket; it is missing where PostgreSQL is not
# installed, and tests that need it are skipped.
if("store" IN_LIST SOTTO_TEST_ROOMS)
  add_test(NAME start_postgres COMMAND bash "${CMAKE_CURRENT_LIST_DIR}/store/start_postgres.sh"
    "${PROJECT_BINARY_DIR}/postgres")
  add_test(NAME stop_postgres COMMAND bash "${CMAKE_CURRENT_LIST_DIR}/store/stop_postgres.sh"
    "${PROJECT_BINARY_DIR}/postgres")
  set_tests_properties(start_postgres PROPERTIES FIXTURES_SETUP postgres TIMEOUT 120)
  set_tests_properties(stop_postgres PROPERTIES FIXTURES_CLEANUP postgres TIMEOUT 120)
endif()

# sotto_add_unit_tests(ROOM) adds the tests of a room, from tests/ROOM/*_test.cpp.
function(sotto_add_unit_tests room)
  file(GLOB sources CONFIGURE_DEPENDS ${room}/*_test.cpp)
  if(NOT sources)
    message(FATAL_ERROR "SOTTO_TEST_ROOMS names the room '${room}', but tests/${room} has no *_test.cpp")
  endif()
  set(links)
  # The command line is a program: its tests start it.
  if(NOT room STREQUAL "cli")
    list(APPEND links sotto_${room})
  endif()
  # Imported models are run to be compared with the originals; archives are made to be refused.
  if(room STREQUAL "convert")
    list(APPEND links sotto_runtime libzip::zip)
  endif()
  # An extended model is run to be compared with the model that it was made from.
  if(room STREQUAL "model")
    list(APPEND links sotto_runtime)
  endif()
  # Tests of training compute with Eigen, which takes many times as long without optimization. What chooses the epoch is
  # compared with what is measured.
  set(optimized)
  if(room STREQUAL "train")
    set(optimized OPTIMIZED)
    list(APPEND links Eigen3::Eigen sotto_evaluate)
  endif()
  # Field arithmetic in templates: what a test instantiates without optimization, the linker would take for all.
  if(room STREQUAL "privacy")
    set(optimized OPTIMIZED)
  endif()
  # The producer is tested against librdkafka's own cluster of a test.
  if(room STREQUAL "serve" AND SOTTO_BUILD_KAFKA)
    list(APPEND links rdkafka::rdkafka)
  endif()
  set(fixtures)
  if(room MATCHES "^(store|serve)$")
    list(APPEND fixtures postgres)
  endif()
  sotto_add_test_program(${room} ${sources} LINKS ${links} FIXTURES ${fixtures} ${optimized})
  set(target sotto_${room}_tests)
  if(room STREQUAL "serve" AND SOTTO_BUILD_KAFKA)
    target_compile_definitions(${target} PRIVATE SOTTO_HAS_KAFKA)
  endif()
  # As in a room (cmake/SottoRoom.cmake), where no two files of tests share a name.
  if(NOT room MATCHES "^(http|store|serve)$")
    set_target_properties(${target} PROPERTIES UNITY_BUILD ${SOTTO_UNITY_BUILD} UNITY_BUILD_BATCH_SIZE 6
      UNITY_BUILD_CODE_BEFORE_INCLUDE [[#pragma GCC diagnostic ignored "-Wshadow"]])
  endif()
  if(room STREQUAL "cli")
    add_dependencies(${target} sotto_cli)
  endif()
  # What stands in for the C library in WebAssembly.
  if(room STREQUAL "abi")
    target_sources(${target} PRIVATE "${PROJECT_SOURCE_DIR}/wasm/abi/json_numbers.cpp")
    set_source_files_properties("${PROJECT_SOURCE_DIR}/wasm/abi/json_numbers.cpp" PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endif()
  # The AVX512-VNNI tier's integers on processors without it.
  if(room STREQUAL "numeric" AND SOTTO_SIMDE_INCLUDE_DIR)
    target_sources(${target} PRIVATE numeric/emulated_avx512_vnni.cpp)
    set_source_files_properties(numeric/emulated_avx512_vnni.cpp PROPERTIES
      # Vectors of 512 bits stay inside the file: how they would be handed over does not matter.
      COMPILE_OPTIONS "-mavx2;-Wno-psabi"
      SKIP_PRECOMPILE_HEADERS ON)  # which have other instructions
    target_include_directories(${target} SYSTEM PRIVATE "${SOTTO_SIMDE_INCLUDE_DIR}")
    target_compile_definitions(${target} PRIVATE SOTTO_EMULATED_AVX512_VNNI)
  endif()
endfunction()
