// The readers of rows on arbitrary bytes in each format: they end, and every row has its line and its values.
#include <sotto/data/table_reader.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sotto;
  const auto bytes = std::as_bytes(std::span(data, size));
  const data::TableOptions readings[] = {{},
                                         {.format = data::TableFormat::csv},
                                         {.format = data::TableFormat::tsv},
                                         {.format = data::TableFormat::jsonl},
                                         {.format = data::TableFormat::json},
                                         {.delimiter = data::Delimiter::parse("::"), .no_header = true},
                                         {.delimiter = data::Delimiter::run_of_spaces()}};
  for (const data::TableOptions& options : readings) {
    const bool by_position = options.no_header;
    auto table = data::open_table(data::memory_source(bytes), "fuzz", options,
                                  {{by_position ? "1" : "a[].x", by_position}, {"b", false}});
    if (!table) continue;
    std::uint64_t line = 0;
    for (std::size_t rows = 0;; ++rows) {
      const auto state = (*table)->next();
      if (!state || *state == data::RowState::end) break;
      // Rows follow each other, those of JSON within a line, too. There are no more than bytes and one.
      if ((*table)->line() < line || rows > size) __builtin_trap();
      line = (*table)->line();
      if (*state == data::RowState::refused && (*table)->refusal().empty()) __builtin_trap();
      if (*state == data::RowState::good && (*table)->values().size() != 2) __builtin_trap();
    }
  }
  return 0;
}
