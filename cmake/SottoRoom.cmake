# sotto_add_room(NAME [PORTABLE] [SOURCES file...] [LINKS target...] [PRIVATE_LINKS target...] [HEADERS <header>...])
#
# A room of the house (ARCHITECTURE.md): the static library sotto_NAME with the alias sotto::NAME; an
# interface library while it has no sources. PORTABLE rooms are also compiled to WebAssembly: they do
# without exceptions and RTTI and give the same bytes on every machine, so that no contraction of a
# multiplication and an addition may differ between processors. HEADERS are what most of its files include; Clang, whose
# build is the sanitizers', parses them once. GCC gains nothing by it.
#
# With SOTTO_UNITY_BUILD the files of a room are compiled together, except files with options of their own. A small file
# takes most of its time for headers and templates that it shares with the next one.
function(sotto_add_room name)
  cmake_parse_arguments(PARSE_ARGV 1 room "PORTABLE" "" "SOURCES;LINKS;PRIVATE_LINKS;HEADERS")
  set(target sotto_${name})

  if(room_SOURCES)
    add_library(${target} STATIC ${room_SOURCES})
    set(visibility PUBLIC)
    target_link_libraries(${target} PRIVATE
      $<BUILD_INTERFACE:sotto_developer_flags> ${room_PRIVATE_LINKS})
    set_target_properties(${target} PROPERTIES
      CXX_EXTENSIONS OFF
      CXX_VISIBILITY_PRESET hidden
      VISIBILITY_INLINES_HIDDEN ON
      POSITION_INDEPENDENT_CODE ON
      UNITY_BUILD ${SOTTO_UNITY_BUILD}
      UNITY_BUILD_BATCH_SIZE 12
      # What shadows another file's constant shadows nothing where each file is compiled alone.
      UNITY_BUILD_CODE_BEFORE_INCLUDE [[#pragma GCC diagnostic ignored "-Wshadow"]])
    if(room_HEADERS AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
      target_precompile_headers(${target} PRIVATE ${room_HEADERS})
    endif()
    if(room_PORTABLE)
      target_compile_options(${target} PRIVATE -fno-exceptions -fno-rtti -ffp-contract=off)
    endif()
  else()
    add_library(${target} INTERFACE)
    set(visibility INTERFACE)
  endif()

  add_library(sotto::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(${target} ${visibility} cxx_std_20)
  target_include_directories(${target} ${visibility}
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>
    $<INSTALL_INTERFACE:include>)
  target_link_libraries(${target} ${visibility} ${room_LINKS})
endfunction()
