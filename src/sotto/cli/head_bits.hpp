// How many bits a weight of the head has: an option of the commands that make fixed-point models.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace sotto::cli {

inline constexpr const char* head_bits_description =
    "bits of a weight of the head, and of the embedding where the head is tied to it; 4 halve what a page downloads "
    "and "
    "reads of it";

inline CLI::Option* add_head_bits(CLI::App& command, int& bits, const std::string& description) {
  return command.add_option("--head-bits", bits, description)
      ->check(CLI::IsMember({4, 8}))
      ->type_name("4|8")
      ->capture_default_str();
}

}  // namespace sotto::cli
