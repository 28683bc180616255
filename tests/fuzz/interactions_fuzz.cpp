// The log reader on arbitrary bytes, plain and gzip: it refuses or gives a log whose parts fit together.
#include <sotto/data/byte_source.hpp>
#include <sotto/data/event_sketch.hpp>
#include <sotto/data/interactions.hpp>
#include <sotto/data/split.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sotto;
  const auto bytes = std::as_bytes(std::span(data, size));
  for (const data::BadRows bad_rows : {data::BadRows::refuse, data::BadRows::skip}) {
    auto source = data::gunzip_if_compressed(data::memory_source(bytes));
    if (!source) return 0;
    data::ReadReport report;
    const auto log = data::parse_interactions(**source, "fuzz", {.bad_rows = bad_rows}, report);
    if (!log) continue;
    if (log->events() + report.rows_refused != report.rows || log->user_begin.back() != log->events()) __builtin_trap();
    for (const ItemIndex item : log->item) {
      if (item >= log->item_ids.size()) __builtin_trap();
    }
    const data::Split split(*log, data::SplitKind::leave_last_out);
    const auto sketch = data::sketch_training_events(split);
    if (data::overlap_with_targets(split, sketch).sampled > log->users()) __builtin_trap();
  }
  return 0;
}
