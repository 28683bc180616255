// A table of text and numbers.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace sotto::report {

struct Column {
  std::string name;
  bool numeric = false;  // right-aligned, with digits of one width
};

struct Cell {
  std::string text;
  bool best = false;  // the best of its column is marked

  Cell(std::string words, bool marked = false) : text(std::move(words)), best(marked) {}
};

struct Table {
  std::string caption;  // above the table; may be empty
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;  // each as long as `columns`; the first cell names the row
};

[[nodiscard]] std::string to_html(const Table& table);

}  // namespace sotto::report
