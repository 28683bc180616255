// Filters a log between reading and splitting, in this order: duplicates are removed; sessions are cut, and become
// users unless they stay inside users; rare items are removed or pooled; the vocabulary is cut to its most frequent
// items; the k-core is taken. The log's identity is that of the result.
#pragma once

#include <sotto/data/interactions.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::data {

// The unit whose events form one sequence.
enum class SequenceUnit {
  user,
  session,  // each session is a user of its own, "user#n"
};

// The default id of the item that replaces other items.
inline constexpr std::string_view default_oov_item = "<oov>";

struct FilterOptions {
  bool drop_duplicates = false;
  std::optional<std::int64_t> session_gap_seconds = {};  // none: the log's own sessions, if it has any
  SequenceUnit unit = SequenceUnit::session;  // for logs with sessions
  std::size_t min_item_events = 1;
  std::size_t max_items = 0;  // the replacing item included; 0: any number
  // The id that replaces rarer items, and the items beyond max_items. With "", the events of rarer items are removed,
  // and the items beyond max_items become default_oov_item.
  std::string pooled_item = {};
  std::size_t k_core = 1;
};

// The log's size after a step that changed it.
struct FilterStep {
  std::string_view name;  // "duplicates", "sessions", "rare_items", "max_items", "k_core"
  std::size_t events = 0;
  std::size_t users = 0;
  std::size_t items = 0;
};

struct FilterReport {
  FilterStep before = {.name = "read"};
  std::vector<FilterStep> steps = {};
};

// Fails if no event is left.
[[nodiscard]] Status apply_filters(Interactions& log, const FilterOptions& options, FilterReport& report);

}  // namespace sotto::data
