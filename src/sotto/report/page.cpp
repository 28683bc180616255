#include <sotto/report/page.hpp>
#include <sotto/report/style.hpp>
#include <sotto/report/text.hpp>

#include <fmt/format.h>

#include <utility>

namespace sotto::report {

Page::Page(std::string title) : title_(std::move(title)) {}

void Page::heading(std::string_view text) { body_ += fmt::format("<h2>{}</h2>\n", escape(text)); }
void Page::paragraph(std::string_view text) { body_ += fmt::format("<p>{}</p>\n", escape(text)); }
void Page::command(std::string_view text) { body_ += fmt::format("<pre><code>{}</code></pre>\n", escape(text)); }
void Page::table(const Table& table) { body_ += to_html(table); }
void Page::bars(const Bars& bars) { body_ += to_html(bars); }
void Page::lines(const Lines& lines) { body_ += to_html(lines); }

std::string Page::html() const {
  // With this policy the browser itself prevents the page from loading or running anything.
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<title>{0}</title>\n<style>\n{1}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n{2}</main>\n</body>\n</html>\n",
      escape(title_), style_sheet, body_);
}

}  // namespace sotto::report
