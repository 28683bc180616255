// Ids as a spreadsheet writes long numbers, "1.23E+12": their last digits are lost, and different ids may have become
// one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sotto::data {

struct RoundedIds {
  std::size_t count = 0;
  std::string first = {};
  std::string place_of_first = {};  // file and line, "log.csv:2"

  // Notes the id if it looks rounded.
  void look_at(std::string_view id, std::string_view file, std::uint64_t line);
};

// One sentence without a full stop. Precondition: there is one.
[[nodiscard]] std::string in_words(const RoundedIds& ids);

}  // namespace sotto::data
