#include <sotto/data/rounded_ids.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

namespace sotto::data {

void RoundedIds::look_at(std::string_view id, std::string_view file, std::uint64_t line) {
  if (!is_rounded_by_spreadsheet(id)) return;
  if (count++ > 0) return;
  first = id;
  place_of_first = fmt::format("{}:{}", file, line);
}

std::string in_words(const RoundedIds& ids) {
  return fmt::format("{} rounded as by a spreadsheet, such as {} ({}): different ids may have become one",
                     ids.count == 1 ? "1 id is" : fmt::format("{} ids are", ids.count), in_quotes(ids.first),
                     ids.place_of_first);
}

}  // namespace sotto::data
