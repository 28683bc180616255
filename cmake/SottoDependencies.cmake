# Other people's libraries (docs/dependencies.md says what each is for): the system's package first, else
# a pinned release through FetchContent. Their headers are system headers to the compiler, so that Sotto's
# warnings speak about Sotto only.
include(FetchContent)

set(SOTTO_OFFLINE OFF)
set(SOTTO_CONVERT OFF)
if(SOTTO_BUILD_CLI OR SOTTO_BUILD_SERVER OR SOTTO_BUILD_TESTS OR (SOTTO_BUILD_BENCH AND NOT EMSCRIPTEN))
  set(SOTTO_OFFLINE ON)
  set(SOTTO_CONVERT ON)
elseif(SOTTO_BUILD_PYTHON)
  set(SOTTO_OFFLINE ON)
endif()

# sotto_fetch(NAME URL url SHA256 hash [SUBDIR folder] [OPTIONS name=value...])
# SUBDIR: where the archive has its CMakeLists.txt, when not at the top.
function(sotto_fetch name)
  cmake_parse_arguments(PARSE_ARGV 1 fetch "" "URL;SHA256;SUBDIR" "OPTIONS")
  message(STATUS "Sotto: no usable ${name} on this system, fetching ${fetch_URL}")
  foreach(option IN LISTS fetch_OPTIONS)
    string(REGEX MATCH "^([^=]+)=(.*)$" _ "${option}")
    set(${CMAKE_MATCH_1} "${CMAKE_MATCH_2}" CACHE INTERNAL "Set by Sotto for ${name}")
  endforeach()
  FetchContent_Declare(${name}
    URL "${fetch_URL}"
    URL_HASH SHA256=${fetch_SHA256}
    DOWNLOAD_EXTRACT_TIMESTAMP OFF)
  FetchContent_GetProperties(${name})
  if(NOT ${name}_POPULATED)
    FetchContent_Populate(${name})
    add_subdirectory("${${name}_SOURCE_DIR}/${fetch_SUBDIR}" "${${name}_BINARY_DIR}" EXCLUDE_FROM_ALL)
  endif()
endfunction()

# Makes a fetched target's headers system headers, as an imported target's are already.
function(sotto_system_headers target)
  get_target_property(directories ${target} INTERFACE_INCLUDE_DIRECTORIES)
  if(directories)
    set_target_properties(${target} PROPERTIES INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${directories}")
  endif()
endfunction()

# --- nlohmann/json: the header of the model file --------------------------------------------------------

# The rooms compiled to WebAssembly have no exceptions, and every room must see the same json class. An
# inline namespace of its own keeps it apart from the throwing one that a consumer may have.
add_library(sotto_json INTERFACE)
target_compile_definitions(sotto_json INTERFACE
  JSON_NOEXCEPTION=1
  "NLOHMANN_JSON_NAMESPACE=nlohmann::sotto_noexcept"
  "NLOHMANN_JSON_NAMESPACE_BEGIN=namespace nlohmann { inline namespace sotto_noexcept {"
  "NLOHMANN_JSON_NAMESPACE_END=} }")

find_package(nlohmann_json 3.11 QUIET CMAKE_FIND_ROOT_PATH_BOTH)
if(NOT nlohmann_json_FOUND)
  sotto_fetch(nlohmann_json
    URL https://github.com/nlohmann/json/releases/download/v3.11.3/json.tar.xz
    SHA256 d6c65aca6b1ed68e7a182f4757257b107ae403032760ed6ef121c9d55e81757d
    OPTIONS JSON_BuildTests=OFF JSON_Install=OFF)
  sotto_system_headers(nlohmann_json)
endif()
if(EMSCRIPTEN)
  # The host's include folder must stay out of the compiler's sight: its libc is not WebAssembly's.
  get_target_property(json_directories nlohmann_json::nlohmann_json INTERFACE_INCLUDE_DIRECTORIES)
  find_path(json_directory nlohmann/json.hpp
    PATHS ${json_directories} NO_CACHE REQUIRED NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
  file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/json-include")
  file(CREATE_LINK "${json_directory}/nlohmann" "${PROJECT_BINARY_DIR}/json-include/nlohmann"
    SYMBOLIC COPY_ON_ERROR)
  target_include_directories(sotto_json SYSTEM INTERFACE "${PROJECT_BINARY_DIR}/json-include")
else()
  target_link_libraries(sotto_json INTERFACE nlohmann_json::nlohmann_json)
endif()

# --- the offline rooms and the command line --------------------------------------------------------------

if(SOTTO_OFFLINE)
  set(THREADS_PREFER_PTHREAD_FLAG ON)
  find_package(Threads REQUIRED)

  find_package(Eigen3 3.4 QUIET NO_MODULE)
  if(NOT Eigen3_FOUND)
    sotto_fetch(Eigen3
      URL https://gitlab.com/libeigen/eigen/-/archive/3.4.0/eigen-3.4.0.tar.bz2
      SHA256 b4c198460eba6f28d34894e3a5710998818515104d6e74e5cc331ce31e46e626
      OPTIONS BUILD_TESTING=OFF EIGEN_BUILD_DOC=OFF EIGEN_BUILD_PKGCONFIG=OFF)
    sotto_system_headers(eigen)
  endif()

  find_package(ZLIB 1.2.11 QUIET)
  if(NOT ZLIB_FOUND)
    enable_language(C)
    sotto_fetch(zlib
      URL https://github.com/madler/zlib/releases/download/v1.3.1/zlib-1.3.1.tar.gz
      SHA256 9a93b2b7dfdac77ceba5a558a580e74667dd6fede4585b91eefb60f03b72df23
      OPTIONS ZLIB_BUILD_EXAMPLES=OFF)
    target_include_directories(zlibstatic SYSTEM INTERFACE "${zlib_SOURCE_DIR}" "${zlib_BINARY_DIR}")
    add_library(ZLIB::ZLIB ALIAS zlibstatic)
  endif()

  find_package(zstd 1.4 QUIET)
  if(NOT zstd_FOUND)
    enable_language(C)
    sotto_fetch(zstd
      URL https://github.com/facebook/zstd/releases/download/v1.5.6/zstd-1.5.6.tar.gz
      SHA256 8c29e06cf42aacc1eafc4077ae2ec6c6fcb96a626157e0593d5e82a34fd403c1
      SUBDIR build/cmake
      OPTIONS ZSTD_BUILD_PROGRAMS=OFF ZSTD_BUILD_SHARED=OFF ZSTD_BUILD_TESTS=OFF)
    target_include_directories(libzstd_static SYSTEM INTERFACE "${zstd_SOURCE_DIR}/lib")
    add_library(zstd::libzstd_shared ALIAS libzstd_static)
  endif()

  find_package(fmt 9 QUIET)
  if(NOT fmt_FOUND)
    sotto_fetch(fmt
      URL https://github.com/fmtlib/fmt/archive/10.2.1.tar.gz
      SHA256 1250e4cc58bf06ee631567523f48848dc4596133e163f02615c97f78bab6c811
      OPTIONS FMT_SYSTEM_HEADERS=ON)
  endif()
endif()

# --- text of items ---------------------------------------------------------------------------------------

if(SOTTO_OFFLINE)
  find_path(UTF8PROC_INCLUDE_DIR utf8proc.h)
  find_library(UTF8PROC_LIBRARY utf8proc)
  if(NOT UTF8PROC_INCLUDE_DIR OR NOT UTF8PROC_LIBRARY)
    enable_language(C)
    sotto_fetch(utf8proc
      URL https://github.com/JuliaStrings/utf8proc/archive/refs/tags/v2.8.0.tar.gz
      SHA256 a0a60a79fe6f6d54e7d411facbfcc867a6e198608f2cd992490e46f04b1bcecc
      OPTIONS UTF8PROC_INSTALL=OFF UTF8PROC_ENABLE_TESTING=OFF)
    target_include_directories(utf8proc SYSTEM INTERFACE "${utf8proc_SOURCE_DIR}")
    add_library(utf8proc::utf8proc ALIAS utf8proc)
  else()
    add_library(utf8proc::utf8proc UNKNOWN IMPORTED)
    set_target_properties(utf8proc::utf8proc PROPERTIES
      IMPORTED_LOCATION "${UTF8PROC_LIBRARY}"
      INTERFACE_INCLUDE_DIRECTORIES "${UTF8PROC_INCLUDE_DIR}")
  endif()
endif()

# --- float products in evaluation ------------------------------------------------------------------------

# Optional: too large to build along, and Eigen does the same, only slower.
if(SOTTO_OFFLINE)
  find_path(XNNPACK_INCLUDE_DIR xnnpack.h)
  find_path(PTHREADPOOL_INCLUDE_DIR pthreadpool.h)
  find_library(XNNPACK_LIBRARY XNNPACK)
  find_library(PTHREADPOOL_LIBRARY pthreadpool)
  if(XNNPACK_INCLUDE_DIR AND PTHREADPOOL_INCLUDE_DIR AND XNNPACK_LIBRARY AND PTHREADPOOL_LIBRARY)
    add_library(xnnpack::xnnpack UNKNOWN IMPORTED)
    set_target_properties(xnnpack::xnnpack PROPERTIES
      IMPORTED_LOCATION "${XNNPACK_LIBRARY}"
      INTERFACE_INCLUDE_DIRECTORIES "${XNNPACK_INCLUDE_DIR};${PTHREADPOOL_INCLUDE_DIR}"
      INTERFACE_LINK_LIBRARIES "${PTHREADPOOL_LIBRARY}")
  endif()
endif()

# --- importers: Keras's containers -----------------------------------------------------------------------

# Both are packaged everywhere and slow or awkward to build along, so that they are not fetched.
if(SOTTO_CONVERT)
  enable_language(C)  # FindHDF5 looks for the C library with a C compiler
  find_package(HDF5 1.10 QUIET COMPONENTS C)
  # libzip's own CMake package is unusable on Debian without its command-line tools.
  find_path(LIBZIP_INCLUDE_DIR zip.h)
  find_library(LIBZIP_LIBRARY zip)
  if(NOT HDF5_FOUND OR NOT LIBZIP_INCLUDE_DIR OR NOT LIBZIP_LIBRARY)
    message(FATAL_ERROR "Sotto's importers need the HDF5 C library (>= 1.10) and libzip (>= 1.7): install "
      "libhdf5-dev and libzip-dev, or build the library alone with -DSOTTO_BUILD_CLI=OFF -DSOTTO_BUILD_TESTS=OFF")
  endif()
  add_library(libzip::zip UNKNOWN IMPORTED)
  set_target_properties(libzip::zip PROPERTIES
    IMPORTED_LOCATION "${LIBZIP_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${LIBZIP_INCLUDE_DIR}")
endif()

if(SOTTO_BUILD_CLI OR SOTTO_BUILD_PYTHON)
  find_package(CLI11 2.1 QUIET)
  if(NOT CLI11_FOUND)
    sotto_fetch(CLI11
      URL https://github.com/CLIUtils/CLI11/archive/v2.4.2.tar.gz
      SHA256 f2d893a65c3b1324c50d4e682c0cdc021dd0477ae2c048544f39eed6654b699a)
    sotto_system_headers(CLI11)
  endif()
endif()

if(SOTTO_OFFLINE)
  find_package(spdlog 1.10 QUIET)
  if(NOT spdlog_FOUND)
    sotto_fetch(spdlog
      URL https://github.com/gabime/spdlog/archive/v1.14.0.tar.gz
      SHA256 429a6b73ade8285cb21f83bacf89e2821dd1720ea7faa3cb518ffe04b4e00efc
      OPTIONS SPDLOG_FMT_EXTERNAL=ON SPDLOG_SYSTEM_INCLUDES=ON)
  endif()
endif()

# --- the Python package ---------------------------------------------------------------------------------

if(SOTTO_BUILD_PYTHON)
  find_package(Python 3.10 REQUIRED COMPONENTS Interpreter Development.Module OPTIONAL_COMPONENTS Development.SABIModule)
  execute_process(COMMAND "${Python_EXECUTABLE}" -m nanobind --cmake_dir
    OUTPUT_VARIABLE nanobind_ROOT OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE nanobind_missing ERROR_QUIET)
  if(nanobind_missing)
    message(FATAL_ERROR "Sotto's Python package needs nanobind: 'pip install ./bindings/python' brings it along, and "
      "'./sotto setup python' installs it into build/python/venv, whose python -DPython_EXECUTABLE names")
  endif()
  find_package(nanobind CONFIG REQUIRED)
endif()

# --- the server ------------------------------------------------------------------------------------------

# Packaged everywhere, and large: not fetched.
if(SOTTO_BUILD_SERVER)
  find_package(Boost 1.74 QUIET)
  find_package(OpenSSL 3.0 QUIET)
  find_package(SQLite3 3.37 QUIET)
  find_package(PostgreSQL 13 QUIET)
  find_package(CURL 7.85 QUIET)
  # The package of prometheus-cpp asks for a web server and a client that are not needed here.
  find_path(PROMETHEUS_INCLUDE_DIR prometheus/registry.h)
  find_library(PROMETHEUS_CORE_LIBRARY prometheus-cpp-core)
  find_path(BROTLI_INCLUDE_DIR brotli/encode.h)
  find_library(BROTLI_ENCODER_LIBRARY brotlienc)
  foreach(package IN ITEMS Boost OpenSSL SQLite3 PostgreSQL CURL)
    if(NOT ${package}_FOUND)
      list(APPEND missing_packages ${package})
    endif()
  endforeach()
  if(NOT BROTLI_INCLUDE_DIR OR NOT BROTLI_ENCODER_LIBRARY)
    list(APPEND missing_packages brotli)
  endif()
  if(NOT PROMETHEUS_INCLUDE_DIR OR NOT PROMETHEUS_CORE_LIBRARY)
    list(APPEND missing_packages prometheus-cpp)
  endif()
  if(missing_packages)
    list(JOIN missing_packages ", " missing_packages)
    message(FATAL_ERROR "Sotto's server needs ${missing_packages}: install what docs/dependencies.md lists, or configure "
      "without -DSOTTO_BUILD_SERVER=ON")
  endif()
  # Optional: only a server whose events also go to Kafka needs it.
  find_path(RDKAFKA_INCLUDE_DIR librdkafka/rdkafka.h)
  find_library(RDKAFKA_LIBRARY rdkafka)
  set(kafka_default OFF)
  if(RDKAFKA_INCLUDE_DIR AND RDKAFKA_LIBRARY)
    set(kafka_default ON)
    add_library(rdkafka::rdkafka UNKNOWN IMPORTED)
    set_target_properties(rdkafka::rdkafka PROPERTIES
      IMPORTED_LOCATION "${RDKAFKA_LIBRARY}"
      INTERFACE_INCLUDE_DIRECTORIES "${RDKAFKA_INCLUDE_DIR}")
  endif()
  option(SOTTO_BUILD_KAFKA "Build the server's Kafka producer; it needs librdkafka" ${kafka_default})
  if(SOTTO_BUILD_KAFKA AND NOT TARGET rdkafka::rdkafka)
    message(FATAL_ERROR "Sotto's Kafka producer needs librdkafka: install librdkafka-dev, or configure with "
      "-DSOTTO_BUILD_KAFKA=OFF")
  endif()
  add_library(brotli::encoder UNKNOWN IMPORTED)
  set_target_properties(brotli::encoder PROPERTIES
    IMPORTED_LOCATION "${BROTLI_ENCODER_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${BROTLI_INCLUDE_DIR}")
  add_library(prometheus-cpp::core UNKNOWN IMPORTED)
  set_target_properties(prometheus-cpp::core PROPERTIES
    IMPORTED_LOCATION "${PROMETHEUS_CORE_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${PROMETHEUS_INCLUDE_DIR}")
endif()

# --- the tests -------------------------------------------------------------------------------------------

if(SOTTO_BUILD_TESTS)
  # ./sotto puts a Catch2 of version 3 there on systems that only have version 2.
  find_package(Catch2 3 QUIET HINTS "${PROJECT_SOURCE_DIR}/build/toolchain/catch2/usr")
  if(NOT Catch2_FOUND)
    sotto_fetch(Catch2
      URL https://github.com/catchorg/Catch2/archive/v3.6.0.tar.gz
      SHA256 485932259a75c7c6b72d4b874242c489ea5155d17efa345eb8cc72159f49f356
      OPTIONS CATCH_INSTALL_DOCS=OFF CATCH_INSTALL_EXTRAS=OFF)
    list(APPEND CMAKE_MODULE_PATH "${catch2_SOURCE_DIR}/extras")
  else()
    list(APPEND CMAKE_MODULE_PATH "${Catch2_DIR}")
  endif()

  # Only for a test on x86-64, which is left out without it.
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
    find_path(SOTTO_SIMDE_INCLUDE_DIR simde/x86/avx512.h)
  endif()
endif()
