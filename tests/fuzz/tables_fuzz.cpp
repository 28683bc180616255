// The readers of rows on arbitrary bytes in each format: they end, and every row has its line and its values.
#include <sotto/data/table_reader.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sotto;
  const auto bytes = std::as_bytes(std::span(data, size));
  for (const auto format : {std::optional<data::TableFormat>{}, std::optional(data::TableFormat::csv),
                            std::optional(data::TableFormat::tsv), std::optional(data::TableFormat::jsonl)}) {
    auto table = data::open_table(data::memory_source(bytes), "fuzz", format, {{"a", false}, {"b", false}});
    if (!table) continue;
    std::uint64_t line = 0;
    for (std::size_t rows = 0;; ++rows) {
      const auto state = (*table)->next();
      if (!state || *state == data::RowState::end) break;
      // A row takes a line of its own, and there are no more lines than bytes and one.
      if ((*table)->line() <= line || rows > size) __builtin_trap();
      line = (*table)->line();
      if (*state == data::RowState::refused && (*table)->refusal().empty()) __builtin_trap();
      if (*state == data::RowState::good && (*table)->values().size() != 2) __builtin_trap();
    }
  }
  return 0;
}
