cmake_minimum_required(VERSION 3.25)

# Installs Sotto and builds and runs the program in C as its author would: by find_package, then by pkg-config, each with
# the installed prefix alone. Then looks at what was installed for it.
# Arguments: SOURCE, SOTTO_BINARY, WORK, FLAGS, PKG_CONFIG, NM, MODEL, SESSIONS, LIBDIR (below the prefix).
function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE "${WORK}")
set(prefix "${WORK}/prefix")
set(program "${SOURCE}/c_program")
run("${CMAKE_COMMAND}" --install "${SOTTO_BINARY}" --prefix "${prefix}")

run("${CMAKE_COMMAND}" -S "${program}" -B "${WORK}/build" -G Ninja "-DCMAKE_C_FLAGS=${FLAGS}"
  -DCMAKE_BUILD_TYPE=Release "-DCMAKE_PREFIX_PATH=${prefix}")
run("${CMAKE_COMMAND}" --build "${WORK}/build")
run("${WORK}/build/consumer" "${MODEL}" "${SESSIONS}")

# The prefix moves, as a package's does when it is unpacked elsewhere.
file(RENAME "${prefix}" "${prefix} moved")
set(prefix "${prefix} moved")
set(ENV{PKG_CONFIG_PATH} "${prefix}/${LIBDIR}/pkgconfig")
execute_process(COMMAND "${PKG_CONFIG}" --cflags --libs sotto
  OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
separate_arguments(flags UNIX_COMMAND "${FLAGS} ${flags}")
find_program(C_COMPILER cc REQUIRED)
run("${C_COMPILER}" -std=c11 -Wall -Wextra -Wpedantic -Werror "${program}/main.c" "${program}/replay.c"
  ${flags} -lm "-Wl,-rpath,${prefix}/${LIBDIR}" -o "${WORK}/consumer")
run("${WORK}/consumer" "${MODEL}" "${SESSIONS}")

# The header needs nothing but the C library, and is whole C and C++ by itself.
file(STRINGS "${prefix}/include/sotto.h" header)
set(includes ${header})
list(FILTER includes INCLUDE REGEX "^ *# *include")
if(NOT includes STREQUAL "#include <stddef.h>;#include <stdint.h>")
  message(FATAL_ERROR "sotto.h includes ${includes}")
endif()
file(WRITE "${WORK}/header.c" "#include <sotto.h>\n")
run("${C_COMPILER}" -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only "-I${prefix}/include" "${WORK}/header.c")
run("${C_COMPILER}" -x c++ -std=c++11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only "-I${prefix}/include"
  "${WORK}/header.c")

# The library exports the functions of the header and nothing else.
set(declared ${header})
list(FILTER declared INCLUDE REGEX "^SOTTO_API ")
list(TRANSFORM declared REPLACE "^SOTTO_API .*(sotto_[a-z_0-9]+)\\(.*$" "\\1")
execute_process(COMMAND "${NM}" --dynamic --defined-only --format=posix "${prefix}/${LIBDIR}/libsotto.so"
  OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX REPLACE "([^ \n]+) [^\n]*\n" "\\1;" exported "${symbols}")
list(REMOVE_ITEM exported "")
list(SORT declared)
list(SORT exported)
if(NOT declared STREQUAL exported)
  message(FATAL_ERROR "libsotto exports\n  ${exported}\nsotto.h declares\n  ${declared}")
endif()
