#include <sotto/report/legend.hpp>
#include <sotto/report/text.hpp>

#include <fmt/format.h>

namespace sotto::report {

std::string open_figure(std::string_view title, std::string_view unit) {
  std::string html = fmt::format("<figure aria-label=\"{}\">\n<figcaption>{}", escape(title), escape(title));
  if (!unit.empty()) html += fmt::format(" <span class=\"unit\">{}</span>", escape(unit));
  return html + "</figcaption>\n";
}

std::string legend(const std::vector<std::string>& names, Swatch swatch) {
  if (names.size() < 2) return "";
  std::string html = "<ul class=\"legend\">";
  for (std::size_t i = 0; i < names.size(); ++i) {
    const char* mark = swatch == Swatch::block ? "<rect y=\"2\" width=\"12\" height=\"10\" rx=\"2\"/>"
                                               : "<line x1=\"0\" y1=\"7\" x2=\"28\" y2=\"7\"/>";
    html += fmt::format("<li><svg class=\"{}\" width=\"{}\" height=\"14\" aria-hidden=\"true\">{}</svg>{}</li>",
                        series_class(i), swatch == Swatch::block ? 12 : 28, mark, escape(names[i]));
  }
  return html + "</ul>\n";
}

std::string series_class(std::size_t series) {
  return fmt::format("series s{}{}", series % series_colors, series < series_colors ? "" : " again");
}

}  // namespace sotto::report
