cmake_minimum_required(VERSION 3.25)

# Private sync takes its random bytes from the operating system's generator alone, by privacy/entropy.hpp: the rooms
# `privacy` and `sync` neither include nor name another source of randomness.
# Argument: REPOSITORY, the top of the checkout.

set(banned
  "<random>" "sotto/base/random\\.hpp" "mt19937" "minstd_rand" "random_device" "default_random_engine" "ranlux"
  "(^|[^a-z_])s?rand(48|om)?[ \t]*\\(" "rand_r" "[^a-z_]Random[ \t]*[({]" "xorshift" "splitmix" "uniform_int_distribution"
  "uniform_real_distribution" "normal_distribution" "bernoulli_distribution")

set(violations)
set(files_read 0)
foreach(room IN ITEMS privacy sync)
  file(GLOB_RECURSE files "${REPOSITORY}/src/sotto/${room}/*.hpp" "${REPOSITORY}/src/sotto/${room}/*.cpp")
  foreach(file IN LISTS files)
    math(EXPR files_read "${files_read} + 1")
    file(RELATIVE_PATH name "${REPOSITORY}" "${file}")
    file(STRINGS "${file}" lines)
    foreach(line IN LISTS lines)
      # Words in comments reach nothing.
      string(REGEX REPLACE "//.*$" "" code "${line}")
      foreach(pattern IN LISTS banned)
        if(code MATCHES "${pattern}")
          list(APPEND violations "${name}: ${code}")
        endif()
      endforeach()
    endforeach()
  endforeach()
endforeach()

if(files_read EQUAL 0)
  message(FATAL_ERROR "There are no sources to check below ${REPOSITORY}/src/sotto")
endif()
if(violations)
  list(JOIN violations "\n  " text)
  message(FATAL_ERROR "Randomness that is not cryptographic:\n  ${text}")
endif()
