#include <sotto/report/page.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

using namespace sotto::report;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

// Empty when every tag that must be closed is, in the right order; else what is wrong.
std::string nesting_error(const std::string& html) {
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const bool closes = html[at + 1] == '/';
    const std::size_t begin = at + (closes ? 2 : 1);
    const std::size_t end = html.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789", begin);
    const std::string name = html.substr(begin, end - begin);
    const bool stands_alone = html[html.find('>', at) - 1] == '/';
    if (name.empty() || name == "meta" || name == "wbr" || stands_alone) continue;
    if (!closes) {
      open.push_back(name);
    } else if (open.empty() || open.back() != name) {
      return "</" + name + "> inside <" + (open.empty() ? "" : open.back()) + ">";
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : "<" + open.back() + "> left open";
}

constexpr const char* hostile = "</title><script>alert('x')</script>\" onload=\"x";

Page page_of_everything(const std::string& text) {
  Page page(text);
  page.heading(text);
  page.paragraph(text);
  page.command(text);
  page.table({.caption = text, .columns = {{text}, {text, true}}, .rows = {{{text}, {text, true}}}});
  page.bars({.title = text, .unit = text, .items = {{text, 0.5, Interval{0.4, 0.6}, 1}}, .series = {text, text}});
  page.lines({.title = text, .x_label = text, .y_label = text, .series = {{text, {1, 2}, {3, 4}}, {text, {}, {}}}});
  return page;
}

}  // namespace

TEST_CASE("whatever the text, the page is well formed, runs no script and loads nothing") {
  for (const char* text : {"plain", hostile, "", "a & b < c"}) {
    CAPTURE(text);
    const std::string html = page_of_everything(text).html();
    CHECK(nesting_error(html) == "");
    CHECK(count(html, "<script") == 0);
    CHECK(count(html, " onload=\"") == 0);
    CHECK(count(html, "src=") == 0);
    CHECK(count(html, "href=") == 0);
    CHECK(count(html, "url(") == 0);
    CHECK(count(html, "http:") + count(html, "https:") == 0);
  }
}

TEST_CASE("the parts come in the order in which they were added") {
  Page page("Report");
  page.heading("First");
  page.paragraph("Words");
  page.heading("Second");
  const std::string html = page.html();
  CHECK(html.find("<title>Report</title>") != std::string::npos);
  CHECK(html.find("<h1>Report</h1>\n<h2>First</h2>\n<p>Words</p>\n<h2>Second</h2>") != std::string::npos);
}

TEST_CASE("numeric columns are aligned and the best is marked") {
  const std::string html =
      to_html(Table{.caption = "Arms", .columns = {{"arm"}, {"HR@10", true}}, .rows = {{{"fixed"}, {"0.34", true}}}});
  CHECK(html.find("<figcaption>Arms</figcaption>") != std::string::npos);
  CHECK(html.find("<th scope=\"col\">arm</th><th scope=\"col\" class=\"number\">HR@10</th>") != std::string::npos);
  CHECK(html.find("<th scope=\"row\">fixed</th><td class=\"number\"><strong title=\"best of its column\">0.34") !=
        std::string::npos);
}

TEST_CASE("bars are as long as their values, intervals lie where they should") {
  const std::string html =
      to_html(Bars{.title = "NDCG@10",
                   .unit = "",
                   .items = {{"fixed", 0.2, Interval{0.15, 0.25}}, {"markov", 0.1}, {"worse", -0.1}}});
  // The axis runs from -0.1 to 0.3.
  CHECK(html.find("x=\"25.00%\" y=\"18%\" width=\"50.00%\"") != std::string::npos);
  CHECK(html.find("x=\"25.00%\" y=\"18%\" width=\"25.00%\"") != std::string::npos);
  CHECK(html.find("x=\"0.00%\" y=\"18%\" width=\"25.00%\"") != std::string::npos);
  CHECK(html.find("<line x1=\"62.50%\" y1=\"50%\" x2=\"87.50%\" y2=\"50%\"/>") != std::string::npos);
  CHECK(html.find("<title>fixed: 0.2000 (interval 0.1500 to 0.2500)</title>") != std::string::npos);
  CHECK(html.find("<span class=\"value\">−0.1000</span>") != std::string::npos);
  CHECK(count(html, "class=\"legend\"") == 0);
}

TEST_CASE("a group shows its label once, and the legend names the series") {
  const std::string html = to_html(Bars{.title = "Slices",
                                        .unit = "",
                                        .items = {{"1–2", 1, {}, 0}, {"1–2", 2, {}, 1}, {"3–5", 3, {}, 0}},
                                        .series = {"fixed", "markov"}});
  CHECK(count(html, "<span class=\"label\">1–2</span>") == 1);
  CHECK(count(html, "<span class=\"label group\">3–5</span>") == 1);
  CHECK(count(html, "<title>1–2, markov: 2</title>") == 1);
  CHECK(count(html, "<li>") == 2);
}

TEST_CASE("values that are no numbers are shown as gaps") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::string bars = to_html(Bars{.title = "t", .unit = "", .items = {{"a", nan}, {"b", 1}}});
  CHECK(count(bars, "<rect") == 1);
  CHECK(count(bars, "nan") == 0);
  CHECK(count(bars, "<span class=\"value\">–</span>") == 1);

  const std::string lines = to_html(
      Lines{.title = "t", .x_label = "x", .y_label = "y", .series = {{"s", {1, 2, 3, 4, 5}, {1, 2, nan, 2, 1}}}});
  CHECK(count(lines, "nan") == 0);
  CHECK(lines.find("d=\"M0.00 140.00L250.00 0.00M750.00 0.00L1000.00 140.00\"") != std::string::npos);
  CHECK(count(lines, "<circle") == 4);
}

TEST_CASE("plots of nothing say so") {
  CHECK(to_html(Bars{.title = "t", .unit = "", .items = {}}).find("Nothing to show") != std::string::npos);
  CHECK(to_html(Lines{.title = "t", .x_label = "", .y_label = "", .series = {}}).find("Nothing to show") !=
        std::string::npos);
  const Lines no_place{
      .title = "t", .x_label = "", .y_label = "", .series = {{"s", {0, -1}, {1, 1}}}, .logarithmic_x = true};
  CHECK(to_html(no_place).find("Nothing to show") != std::string::npos);
}

TEST_CASE("curves start at zero unless they lie far from it") {
  const auto lowest_tick = [](double low, double high) {
    const std::string html =
        to_html(Lines{.title = "t", .x_label = "x", .y_label = "y", .series = {{"s", {1, 2}, {low, high}}}});
    const std::string before = "text-anchor=\"end\">";
    const std::size_t at = html.find(before) + before.size();
    return html.substr(at, html.find('<', at) - at);
  };
  CHECK(lowest_tick(0.1, 0.5) == "0.0");
  CHECK(lowest_tick(7.0, 8.0) == "7.0");
}
