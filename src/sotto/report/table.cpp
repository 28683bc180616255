#include <sotto/report/table.hpp>
#include <sotto/report/text.hpp>

#include <fmt/format.h>

#include <string_view>

namespace sotto::report {

namespace {

// Lets the browser break a name of several words after an underscore.
std::string breakable(std::string_view name) {
  std::string html = escape(name);
  for (std::size_t at = html.find('_'); at != std::string::npos; at = html.find('_', at + 1)) {
    html.insert(at + 1, "<wbr>");
  }
  return html;
}

}  // namespace

std::string to_html(const Table& table) {
  const auto alignment = [&table](std::size_t column) -> std::string_view {
    return column < table.columns.size() && table.columns[column].numeric ? " class=\"number\"" : "";
  };
  std::string html = "<figure class=\"table\">\n";
  if (!table.caption.empty()) html += fmt::format("<figcaption>{}</figcaption>\n", escape(table.caption));
  // The element takes the focus, so that a table wider than the window can be scrolled from the keyboard.
  html += fmt::format("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">\n<table>\n",
                      table.caption.empty() ? "Table" : escape(table.caption));
  html += "<thead><tr>";
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    html += fmt::format("<th scope=\"col\"{}>{}</th>", alignment(column), breakable(table.columns[column].name));
  }
  html += "</tr></thead>\n<tbody>\n";
  for (const std::vector<Cell>& row : table.rows) {
    html += "<tr>";
    for (std::size_t column = 0; column < row.size(); ++column) {
      const std::string text = column == 0 ? breakable(row[column].text) : escape(row[column].text);
      const std::string_view tag = column == 0 ? "th" : "td";
      html += fmt::format("<{}{}{}>", tag, column == 0 ? " scope=\"row\"" : "", alignment(column));
      html += row[column].best ? fmt::format("<strong title=\"best of its column\">{}</strong>", text) : text;
      html += fmt::format("</{}>", tag);
    }
    html += "</tr>\n";
  }
  return html + "</tbody>\n</table>\n</div>\n</figure>\n";
}

}  // namespace sotto::report
