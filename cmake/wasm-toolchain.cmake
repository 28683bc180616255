# Finds Emscripten 3.1.60 or newer and hands over to its own platform file. Looked at in this order: the
# folder named by the environment variable SOTTO_EMSCRIPTEN, the PATH, and the copy that ./sotto unpacks.
if(NOT SOTTO_EMSCRIPTEN_ROOT)
  set(minimum 3.1.60)
  find_program(path_emcc emcc NO_CACHE
    NO_PACKAGE_ROOT_PATH NO_CMAKE_PATH NO_CMAKE_SYSTEM_PATH)
  cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH checkout)
  foreach(emcc IN ITEMS
      "$ENV{SOTTO_EMSCRIPTEN}/emcc"
      "${path_emcc}"
      "${checkout}/build/toolchain/emscripten/usr/share/emscripten/emcc")
    if(NOT EXISTS "${emcc}")
      continue()
    endif()
    execute_process(COMMAND "${emcc}" -dumpversion OUTPUT_VARIABLE version ERROR_QUIET
      OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(version VERSION_GREATER_EQUAL minimum)
      # Packages put a link or a wrapper on the PATH; the platform file lies beside the real compiler.
      file(REAL_PATH "${emcc}" emcc)
      cmake_path(GET emcc PARENT_PATH root)
      if(EXISTS "${root}/cmake/Modules/Platform/Emscripten.cmake")
        set(SOTTO_EMSCRIPTEN_ROOT "${root}" CACHE PATH "Folder of the Emscripten compiler in use")
        break()
      endif()
    endif()
  endforeach()
  if(NOT SOTTO_EMSCRIPTEN_ROOT)
    message(FATAL_ERROR
      "No Emscripten ${minimum} or newer: run './sotto setup wasm', put emcc on the PATH, or set "
      "SOTTO_EMSCRIPTEN to the folder that holds it.")
  endif()
endif()

list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES SOTTO_EMSCRIPTEN_ROOT)
include("${SOTTO_EMSCRIPTEN_ROOT}/cmake/Modules/Platform/Emscripten.cmake")
