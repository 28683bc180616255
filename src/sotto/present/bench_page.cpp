#include <sotto/present/bench_report.hpp>
#include <sotto/present/figures.hpp>
#include <sotto/present/words.hpp>
#include <sotto/report/page.hpp>
#include <sotto/report/text.hpp>

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace sotto::present {
namespace {

enum Color : std::size_t { engine_color, floor_color };

report::Bar bar(std::string label, const measure::Spread& seconds, Color color) {
  return {.label = std::move(label),
          .value = 1e6 * seconds.median,
          .interval = report::Interval{1e6 * seconds.p10, 1e6 * seconds.p90},
          .series = color};
}

// Adds the bars of one task: each tier's speed beside its floor.
void add_task(report::Page& page, const BenchReport& report, const measure::TaskDescription& task) {
  const auto part = measure::floor_of(task.task, report.architecture);
  report::Bars bars{.title = std::string(task.label), .unit = "µs", .items = {}};
  if (part) bars.series = {"engine", "floor"};
  for (const measure::TaskSpeed& row : report.speed.tasks) {
    if (row.task != task.task) continue;
    bars.items.push_back(bar(row.tier->name, row.seconds, engine_color));
    for (const measure::FloorSpeed& floor : report.speed.floors) {
      if (part && floor.part == *part && floor.tier == row.tier) {
        bars.items.push_back(bar(row.tier->name, floor.seconds, floor_color));
      }
    }
  }
  if (!bars.items.empty()) page.bars(bars);
}

report::Table table_of(const measure::EngineSpeed& speed) {
  report::Table table{.caption = "",
                      .columns = {{.name = ""},
                                  {.name = "tier"},
                                  {.name = "µs, median", .numeric = true},
                                  {.name = "10 % … 90 %", .numeric = true},
                                  {.name = "× reference", .numeric = true},
                                  {.name = "of the floor's speed", .numeric = true}},
                      .rows = {}};
  for (const measure::TaskSpeed& row : speed.tasks) {
    table.rows.push_back(
        {std::string(measure::describe(row.task).label), std::string(row.tier->name), micros_text(row.seconds.median),
         spread_text(row.seconds),
         row.times_as_fast_as_reference ? report::number_text(*row.times_as_fast_as_reference, 2) : std::string(),
         row.share_of_floor ? percent_on_page(*row.share_of_floor, 0) : std::string()});
  }
  for (const measure::FloorSpeed& row : speed.floors) {
    table.rows.push_back({fmt::format("floor: {}, {}", measure::weight_part_name(row.part), bytes_in_words(row.bytes)),
                          std::string(row.tier->name), micros_text(row.seconds.median), spread_text(row.seconds),
                          std::string(), std::string()});
  }
  return table;
}

}  // namespace

std::string to_html(const BenchReport& report) {
  report::Page page("Speed of the engine");
  page.paragraph(model_in_words(report) + ".");
  if (const std::string words = verdict(report); !words.empty()) page.paragraph(words + ".");
  page.heading("One call");
  page.paragraph(
      "Medians; the lines reach from the tenth to the ninetieth of a hundred samples. The floor is the time in which "
      "the "
      "same bytes of weights go through the bare loop of the tier's products.");
  for (const measure::TaskDescription& task : measure::task_descriptions) add_task(page, report, task);
  page.heading("All figures");
  page.table(table_of(report.speed));
  page.heading("How this was made");
  page.paragraph(fmt::format("One thread, {} rounds in {}; in each round everything was measured once, in turn.",
                             report.speed.rounds, seconds_in_words(report.speed.total_seconds)));
  page.command(report.command_line);
  return page.html();
}

}  // namespace sotto::present
