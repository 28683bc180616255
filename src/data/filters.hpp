// What is made of a log between reading and splitting, in this order: duplicates go; sessions are cut and become users,
// unless they are to stay inside them; rare items go or are pooled; the k-core is taken. The log's identity is that of
// the result.
#pragma once

#include <sotto/data/interactions.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::data {

// Whose events are one sequence.
enum class SequenceUnit {
  user,
  session,  // each session is a user of its own, "user#n"
};

struct FilterOptions {
  bool drop_duplicates = false;
  std::optional<std::int64_t> session_gap_seconds = {};  // none: the log's own sessions, if it has any
  SequenceUnit unit = SequenceUnit::session;  // of logs with sessions
  std::size_t min_item_events = 1;
  std::string pooled_item = {};  // the id that all rarer items get; "": their events go
  std::size_t k_core = 1;
};

// The log's size after one step that did something.
struct FilterStep {
  std::string_view name;  // "duplicates", "sessions", "rare_items", "k_core"
  std::size_t events = 0;
  std::size_t users = 0;
  std::size_t items = 0;
};

struct FilterReport {
  FilterStep before = {.name = "read"};
  std::vector<FilterStep> steps = {};
};

// An error when no event is left.
[[nodiscard]] Status apply_filters(Interactions& log, const FilterOptions& options, FilterReport& report);

}  // namespace sotto::data
