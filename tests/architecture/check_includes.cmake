cmake_minimum_required(VERSION 3.25)

# The house rules (ARCHITECTURE.md) as a test: which room may include which, and what may not be included
# in the rooms that are compiled to WebAssembly. Argument: SOURCE, the folder of the rooms.
#
# Every room also includes itself and whatever the rooms it may include may include.

set(base_knows "")
set(report_knows base)
set(numeric_knows base)
set(model_knows numeric)
set(runtime_knows model)
set(personal_knows runtime)
set(abi_knows personal)
set(privacy_knows base)
set(sync_knows personal privacy)
set(data_knows model)
set(train_knows data personal)
set(measure_knows runtime)
set(evaluate_knows runtime personal data)
set(convert_knows data)
set(serve_knows runtime sync privacy)
set(stream_knows runtime serve)
set(cli_knows report measure train evaluate convert stream sync)

set(portable_rooms base numeric model runtime personal abi privacy sync)
# Input and output, time and entropy: the caller passes bytes, moments and seeds in.
set(banned_headers
  iostream istream ostream fstream sstream iomanip filesystem
  chrono ctime time.h sys/time.h random thread mutex cstdio stdio.h unistd.h)

# all_known(ROOM VARIABLE): the room itself and everything it may include.
function(all_known room variable)
  set(known ${room})
  foreach(next IN LISTS ${room}_knows)
    all_known(${next} further)
    list(APPEND known ${further})
  endforeach()
  list(REMOVE_DUPLICATES known)
  set(${variable} ${known} PARENT_SCOPE)
endfunction()

set(violations)
file(GLOB rooms RELATIVE "${SOURCE}" "${SOURCE}/*")
foreach(room IN LISTS rooms)
  if(NOT IS_DIRECTORY "${SOURCE}/${room}")
    continue()
  endif()
  if(NOT DEFINED ${room}_knows)
    list(APPEND violations "src/sotto/${room}: a room that tests/architecture/check_includes.cmake does not list")
    continue()
  endif()
  all_known(${room} known)

  file(GLOB_RECURSE files "${SOURCE}/${room}/*.h" "${SOURCE}/${room}/*.hpp" "${SOURCE}/${room}/*.cpp")
  foreach(file IN LISTS files)
    file(RELATIVE_PATH name "${SOURCE}" "${file}")
    file(STRINGS "${file}" includes REGEX "^[ \t]*#[ \t]*include[ \t]*[<\"]")
    foreach(include IN LISTS includes)
      string(REGEX REPLACE "^[^<\"]*[<\"]([^>\"]+)[>\"].*$" "\\1" header "${include}")
      if(header MATCHES "^sotto/([^/]+)/")
        if(NOT CMAKE_MATCH_1 IN_LIST known)
          list(APPEND violations "src/sotto/${name} includes <${header}>: ${room} does not know ${CMAKE_MATCH_1}")
        endif()
      elseif(include MATCHES "\"")
        list(APPEND violations "src/sotto/${name} includes \"${header}\": write <sotto/ROOM/header.hpp>")
      elseif(room IN_LIST portable_rooms AND header IN_LIST banned_headers)
        list(APPEND violations "src/sotto/${name} includes <${header}>, which a room for WebAssembly may not")
      endif()
    endforeach()
  endforeach()
endforeach()

if(violations)
  list(JOIN violations "\n  " text)
  message(FATAL_ERROR "The house rules are broken:\n  ${text}")
endif()
