// The log reader on arbitrary bytes, plain, gzip and zstd, in whatever format they look like, with columns by name,
// position and path: it refuses or gives a log whose parts fit together, before and after the filters.
#include <sotto/data/byte_source.hpp>
#include <sotto/data/event_sketch.hpp>
#include <sotto/data/filters.hpp>
#include <sotto/data/quality.hpp>
#include <sotto/data/read_interactions.hpp>
#include <sotto/data/split.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace {

using namespace sotto;

void check_log(const data::Interactions& log) {
  if (log.user_begin.size() != log.users() + 1 || log.user_begin.back() != log.events()) __builtin_trap();
  if (log.timestamp.size() != log.events()) __builtin_trap();
  if (!log.weight.empty() && log.weight.size() != log.events()) __builtin_trap();
  if (!log.begins_session.empty() && log.begins_session.size() != log.events()) __builtin_trap();
  for (const ItemIndex item : log.item) {
    if (item >= log.item_ids.size()) __builtin_trap();
  }
  const data::Split split(log, data::SplitKind::leave_last_out);
  const auto sketch = data::sketch_training_events(split);
  if (data::overlap_with_targets(split, sketch).sampled > log.users()) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  data::ReadOptions by_position = {.user_column = "1", .item_column = "2", .timestamp_column = "3"};
  by_position.table.no_header = true;
  const data::ReadOptions by_path = {.user_column = "u.id", .item_column = "e[].i", .timestamp_column = "e[].t"};
  for (data::ReadOptions reading : {data::ReadOptions{.strict = true}, data::ReadOptions{}, by_position, by_path}) {
    const bool strict = reading.strict;
    auto source = data::decompress_if_compressed(data::memory_source(bytes));
    if (!source) return 0;
    data::ReadReport report;
    auto log = data::parse_interactions(std::move(*source), "fuzz", reading, report);
    if (!log) continue;
    if (log->events() + report.rows_refused != report.rows) __builtin_trap();
    if (strict && report.rows_refused > 0) __builtin_trap();
    if (report.files.size() != 1 || data::layout_in_words(report.files.front()).empty()) __builtin_trap();
    check_log(*log);
    if (data::examine(*log).events != log->events()) __builtin_trap();
    data::FilterReport filtered;
    const data::FilterOptions options = {
        .drop_duplicates = true, .session_gap_seconds = 60, .min_item_events = 2, .pooled_item = "<oov>", .k_core = 2};
    if (data::apply_filters(*log, options, filtered)) check_log(*log);
  }
  return 0;
}
