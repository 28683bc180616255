cmake_minimum_required(VERSION 3.25)

# Configures, builds and runs one consumer project as its author would.
# Arguments: KIND (find_package or add_subdirectory), SOURCE, SOTTO_SOURCE, SOTTO_BINARY, WORK, COMPILER.
function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE "${WORK}")
if(KIND STREQUAL "find_package")
  run("${CMAKE_COMMAND}" --install "${SOTTO_BINARY}" --prefix "${WORK}/prefix")
  set(where "-DCMAKE_PREFIX_PATH=${WORK}/prefix")
else()
  set(where "-DSOTTO_SOURCE_DIR=${SOTTO_SOURCE}")
endif()
run("${CMAKE_COMMAND}" -S "${SOURCE}/${KIND}" -B "${WORK}/build" -G Ninja
  "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_CXX_FLAGS=${FLAGS}" -DCMAKE_BUILD_TYPE=Release "${where}")
run("${CMAKE_COMMAND}" --build "${WORK}/build")
run("${WORK}/build/consumer")
