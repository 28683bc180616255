# ccache, where it is there: what was compiled once, in any build folder or clone, is not compiled again.
find_program(SOTTO_CCACHE ccache)
mark_as_advanced(SOTTO_CCACHE)
if(PROJECT_IS_TOP_LEVEL AND SOTTO_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers are looked at by their contents; a checkout may lie anywhere.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
    "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime"
    "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1
    "${SOTTO_CCACHE}")
endif()
