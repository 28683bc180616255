// A report as one HTML page: text, tables and plots, with neither scripts nor anything to fetch. It adapts to
// light and dark, to narrow windows and to paper.
#pragma once

#include <sotto/report/bars.hpp>
#include <sotto/report/lines.hpp>
#include <sotto/report/table.hpp>

#include <string>
#include <string_view>

namespace sotto::report {

// Everything passed in is plain text and is escaped. The parts come in the order in which they were added.
class Page {
 public:
  explicit Page(std::string title);

  void heading(std::string_view text);
  void paragraph(std::string_view text);
  void command(std::string_view text);  // what to type, as it stands
  void table(const Table& table);
  void bars(const Bars& bars);
  void lines(const Lines& lines);

  [[nodiscard]] std::string html() const;

 private:
  std::string title_;
  std::string body_;
};

}  // namespace sotto::report
