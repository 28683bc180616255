cmake_minimum_required(VERSION 3.25)

# The house rules (ARCHITECTURE.md) as a test: which rooms exist, which room may include which, what the rooms that are
# compiled to WebAssembly may not include, and that every include is a path below src/ that a reader finds without a build.
# Argument: REPOSITORY, the top of the checkout.

# Each room and the rooms that it includes. A room also includes itself, and whatever those rooms may include.
set(base_knows "")
set(report_knows base)
set(numeric_knows base)
set(model_knows numeric)
set(runtime_knows model)
set(personal_knows runtime)
set(data_knows model)
set(train_knows data runtime)
set(fit_knows train personal)
set(measure_knows runtime)
set(evaluate_knows runtime personal data)
set(convert_knows data)
set(cli_knows report measure train fit evaluate convert)
set(rooms base report numeric model runtime personal data train fit measure evaluate convert cli)

set(portable_rooms base numeric model runtime personal)
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

# includes_of(FILE VARIABLE): the headers that a file includes, with the < or " that they begin with.
function(includes_of file variable)
  file(STRINGS "${file}" lines REGEX "^[ \t]*#[ \t]*include[ \t]*[<\"]")
  set(headers)
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "^[^<\"]*([<\"][^>\"]+)[>\"].*$" "\\1" header "${line}")
    list(APPEND headers "${header}")
  endforeach()
  set(${variable} ${headers} PARENT_SCOPE)
endfunction()

set(violations)
set(source "${REPOSITORY}/src/sotto")

file(GLOB entries RELATIVE "${source}" "${source}/*")
foreach(entry IN LISTS entries)
  if(IS_DIRECTORY "${source}/${entry}" AND NOT entry IN_LIST rooms)
    list(APPEND violations "src/sotto/${entry}: a room that tests/architecture/check_includes.cmake does not list")
  endif()
endforeach()
foreach(room IN LISTS rooms)
  if(NOT IS_DIRECTORY "${source}/${room}")
    list(APPEND violations "src/sotto/${room}: listed in tests/architecture/check_includes.cmake, but there is no such room")
  endif()
endforeach()

foreach(room IN LISTS rooms)
  all_known(${room} known)
  file(GLOB_RECURSE files "${source}/${room}/*.hpp" "${source}/${room}/*.cpp" "${source}/${room}/*.h")
  foreach(file IN LISTS files)
    file(RELATIVE_PATH name "${REPOSITORY}" "${file}")
    includes_of("${file}" includes)
    foreach(include IN LISTS includes)
      string(SUBSTRING "${include}" 1 -1 header)
      if(header MATCHES "^sotto/([^/]+)/")
        if(NOT CMAKE_MATCH_1 IN_LIST known)
          list(APPEND violations "${name} includes <${header}>: ${room} does not know ${CMAKE_MATCH_1}")
        endif()
        # Installed headers are those that are not in a folder internal/ of a portable room.
        if(room IN_LIST portable_rooms AND header MATCHES "/internal/" AND NOT name MATCHES "/internal/|\\.cpp$")
          list(APPEND violations "${name} includes <${header}>, which is not installed")
        endif()
      elseif(include MATCHES "^\"")
        list(APPEND violations "${name} includes \"${header}\": write <sotto/ROOM/header.hpp>")
      elseif(room IN_LIST portable_rooms AND header IN_LIST banned_headers)
        list(APPEND violations "${name} includes <${header}>, which a room for WebAssembly may not")
      elseif(room IN_LIST portable_rooms AND header MATCHES "^nlohmann/" AND NOT name MATCHES "/internal/|\\.cpp$")
        list(APPEND violations "${name} includes <${header}>, which consumers of the installed package need not have")
      endif()
    endforeach()
  endforeach()
endforeach()

# Editors, GitHub and readers resolve <sotto/...> below src/.
file(GLOB_RECURSE files "${REPOSITORY}/src/*.hpp" "${REPOSITORY}/src/*.cpp" "${REPOSITORY}/src/*.h"
  "${REPOSITORY}/wasm/*.hpp" "${REPOSITORY}/wasm/*.cpp" "${REPOSITORY}/tests/*.hpp" "${REPOSITORY}/tests/*.cpp"
  "${REPOSITORY}/bench/*.hpp" "${REPOSITORY}/bench/*.cpp")
foreach(file IN LISTS files)
  file(RELATIVE_PATH name "${REPOSITORY}" "${file}")
  if(name MATCHES "node_modules/")
    continue()
  endif()
  includes_of("${file}" includes)
  foreach(include IN LISTS includes)
    string(SUBSTRING "${include}" 1 -1 header)
    if(header MATCHES "^sotto/" AND NOT EXISTS "${REPOSITORY}/src/${header}")
      list(APPEND violations "${name} includes <${header}>, and there is no file src/${header}")
    elseif(include MATCHES "^\"")
      cmake_path(GET file PARENT_PATH folder)
      if(NOT EXISTS "${folder}/${header}")
        list(APPEND violations "${name} includes \"${header}\", which is not beside it")
      endif()
    endif()
  endforeach()
endforeach()

if(violations)
  list(JOIN violations "\n  " text)
  message(FATAL_ERROR "The house rules are broken:\n  ${text}")
endif()
