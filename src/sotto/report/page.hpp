// A report as one HTML page of text, tables and plots. The page runs no script and fetches nothing. It adapts to light
// and dark color schemes, to narrow windows and to paper.
#pragma once

#include <sotto/report/bars.hpp>
#include <sotto/report/lines.hpp>
#include <sotto/report/table.hpp>

#include <string>
#include <string_view>

namespace sotto::report {

// All text that is passed in is plain text, and the page escapes it. The parts appear in the order in which they were
// added.
class Page {
 public:
  explicit Page(std::string title);

  void heading(std::string_view text);
  void paragraph(std::string_view text);
  void command(std::string_view text);  // a command line, shown exactly as it is
  void table(const Table& table);
  void bars(const Bars& bars);
  void lines(const Lines& lines);

  [[nodiscard]] std::string html() const;

 private:
  std::string title_;
  std::string body_;
};

}  // namespace sotto::report
