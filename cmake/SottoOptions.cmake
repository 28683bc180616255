# What can be chosen about a build, and the flags that follow from it. Everything here ends in the
# interface target sotto_developer_flags, which only Sotto's own targets link: nothing reaches consumers.

if(EMSCRIPTEN OR NOT PROJECT_IS_TOP_LEVEL)
  set(developer_default OFF)
else()
  set(developer_default ON)
endif()

option(SOTTO_BUILD_CLI "Build the sotto command line and the rooms behind it (data, train, evaluate)"
  ${developer_default})
option(SOTTO_BUILD_SERVER "Build sotto serve; it needs Boost, OpenSSL, SQLite, libpq, brotli and prometheus-cpp" OFF)
option(SOTTO_BUILD_JAVA "Build the native library of io.sotto:sotto; it needs a JDK of 17 or later" OFF)
option(SOTTO_BUILD_PYTHON "Build the extension module of the Python package sotto; it needs nanobind" OFF)
option(SOTTO_BUILD_TESTS "Build the tests" ${developer_default})
option(SOTTO_BUILD_BENCH "Build the measurements of bench/" OFF)
# Rooms whose unit tests are built. It is no cache variable, so that an old build folder gets new rooms.
if(NOT SOTTO_TEST_ROOMS)
  set(SOTTO_TEST_ROOMS base privacy report numeric model runtime personal sync abi measure data stream train fit evaluate simulate convert app present cli)
  if(SOTTO_BUILD_SERVER)
    list(APPEND SOTTO_TEST_ROOMS http store aggregate serve)
  endif()
endif()
option(SOTTO_WEB_TESTS "Run the npm package's and the demo page's tests from ctest; they must exist" OFF)
option(SOTTO_INSTALL "Generate the install target" ${PROJECT_IS_TOP_LEVEL})
# Most of a file's compilation is the standard library's headers: a room's sources share one reading of them.
option(SOTTO_UNITY_BUILD "Compile several sources of a room at once: a faster whole build, a slower rebuild" ON)
option(SOTTO_WERROR "Turn warnings in Sotto's own code into errors" OFF)
option(SOTTO_FUZZ "Build the fuzz targets (Clang with libFuzzer)" OFF)
set(SOTTO_SANITIZE "" CACHE STRING "Sanitizers for Sotto's own code, such as address,undefined")
set(SOTTO_DATA_DIR "" CACHE PATH
  "Folder with the public interaction logs that some tests read (default: ../shared/data, if it exists)")

set(SOTTO_VECTORS_DIR "" CACHE PATH
  "Folder with published test vectors that some tests read (default: ../shared/vectors, if it exists)")

if(SOTTO_VECTORS_DIR STREQUAL "" AND IS_DIRECTORY "${PROJECT_SOURCE_DIR}/../shared/vectors")
  cmake_path(ABSOLUTE_PATH PROJECT_SOURCE_DIR OUTPUT_VARIABLE vectors_dir)
  cmake_path(APPEND vectors_dir "../shared/vectors")
  cmake_path(NORMAL_PATH vectors_dir)
  set_property(CACHE SOTTO_VECTORS_DIR PROPERTY VALUE "${vectors_dir}")
endif()

if(SOTTO_DATA_DIR STREQUAL "" AND IS_DIRECTORY "${PROJECT_SOURCE_DIR}/../shared/data")
  cmake_path(ABSOLUTE_PATH PROJECT_SOURCE_DIR OUTPUT_VARIABLE data_dir)
  cmake_path(APPEND data_dir "../shared/data")
  cmake_path(NORMAL_PATH data_dir)
  set_property(CACHE SOTTO_DATA_DIR PROPERTY VALUE "${data_dir}")
endif()

if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set_property(CACHE CMAKE_BUILD_TYPE PROPERTY VALUE Release)
  endif()
endif()

add_library(sotto_developer_flags INTERFACE)

target_compile_options(sotto_developer_flags INTERFACE
  -Wall -Wextra -Wpedantic
  -Wshadow -Wconversion -Wsign-conversion
  -Wold-style-cast -Wcast-align -Wcast-qual
  -Wnon-virtual-dtor -Woverloaded-virtual
  -Wimplicit-fallthrough -Wformat=2
  # Clang's -Wdouble-promotion also warns of assignments, which lose nothing.
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op -Wdouble-promotion>
  # GCC 12 sees an overlap in std::string's own operator+ (GCC bug 105651).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
  # Clang blames std::stable_sort for what libstdc++ 12 itself uses inside; GCC still warns of our own.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
  $<$<BOOL:${SOTTO_WERROR}>:-Werror>)

if(EMSCRIPTEN)
  target_compile_options(sotto_developer_flags INTERFACE -flto -fno-exceptions -fno-rtti)
  target_link_options(sotto_developer_flags INTERFACE -flto)
endif()

if(SOTTO_SANITIZE)
  list(JOIN SOTTO_SANITIZE "," sanitizers)
  target_compile_options(sotto_developer_flags INTERFACE
    -fsanitize=${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer
    # Portable rooms have no RTTI: where the linker takes their copy of one of the standard library's classes, its objects
    # would be none to this check.
    -fno-sanitize=vptr)
  target_link_options(sotto_developer_flags INTERFACE -fsanitize=${sanitizers})
endif()
