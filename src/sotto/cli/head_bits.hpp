// The option for the number of bits of a weight in the head, for subcommands that make fixed-point models.
#pragma once

#include <sotto/cli/options.hpp>

#include <string>

namespace sotto::cli {

inline constexpr const char* head_bits_description =
    "bits of a weight of the head, and of the embedding where the head is tied to it; 4 halve what a page downloads "
    "and "
    "reads of it";

inline Option add_head_bits(Command command, int& bits, const std::string& description) {
  return command.option("--head-bits", bits, description).one_of_numbers({4, 8}).type("4|8").shows_default();
}

}  // namespace sotto::cli
