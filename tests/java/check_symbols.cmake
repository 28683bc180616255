cmake_minimum_required(VERSION 3.25)

# libsottojni runs where glibc 2.28 or later is (RHEL 8, Debian 10, Ubuntu 20.04): it asks for no symbol of a later
# version, for no libstdc++, and exports what the JVM calls.
# Arguments: OBJDUMP, LIBRARY.
set(newest_glibc 2.28)

execute_process(COMMAND "${OBJDUMP}" -T "${LIBRARY}" OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "GLIBC_[0-9.]+[^\n]*" asked "${symbols}")
if(asked STREQUAL "")
  message(FATAL_ERROR "objdump names no version of glibc: the check looks at nothing")
endif()
foreach(symbol IN LISTS asked)
  string(REGEX MATCH "[0-9.]+" version "${symbol}")
  if(version VERSION_GREATER newest_glibc)
    message(SEND_ERROR "needs a later glibc than ${newest_glibc}: ${symbol}")
  endif()
endforeach()

execute_process(COMMAND "${OBJDUMP}" -p "${LIBRARY}" OUTPUT_VARIABLE headers COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "NEEDED +[^\n]+" needed "${headers}")
list(TRANSFORM needed REPLACE "NEEDED +" "")
foreach(library IN LISTS needed)
  if(NOT library MATCHES "^(libc\\.so\\.6|libm\\.so\\.6|libgcc_s\\.so\\.1|ld-linux-.*)$")
    message(SEND_ERROR "needs ${library}")
  endif()
endforeach()

string(REGEX MATCHALL "\n[0-9a-f]+ g[^\n]*" exported "${symbols}")
list(TRANSFORM exported REPLACE ".* " "")
list(SORT exported)
if(NOT exported STREQUAL "JNI_OnLoad;JNI_OnUnload")
  message(SEND_ERROR "exports ${exported}")
endif()
