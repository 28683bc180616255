#include <sotto/present/bench_report.hpp>
#include <sotto/present/figures.hpp>
#include <sotto/present/provenance.hpp>
#include <sotto/present/words.hpp>
#include <sotto/report/text.hpp>

#include <fmt/format.h>

#include <string_view>

namespace sotto::present {
namespace {

constexpr std::string_view columns = "{:<27} {:<12} {:>10} {:>21} {:>12} {:>12}\n";

std::string task_rows(const measure::EngineSpeed& speed) {
  std::string text = fmt::format(columns, "µs of one call", "", "median", "10 % … 90 %", "× reference", "of the floor");
  std::string_view above;
  for (const measure::TaskSpeed& row : speed.tasks) {
    const std::string_view label = measure::describe(row.task).label;
    text += fmt::format(columns, label == above ? "" : label, row.tier->name, micros_text(row.seconds.median),
                        spread_text(row.seconds),
                        row.times_as_fast_as_reference ? fmt::format("{:.2f}", *row.times_as_fast_as_reference) : "",
                        row.share_of_floor ? percent_in_text(*row.share_of_floor, 0) : "");
    above = label;
  }
  return text;
}

std::string floor_rows(const measure::EngineSpeed& speed) {
  if (speed.floors.empty()) return "";
  std::string text = "\nThe floor: the same bytes of weights through the tier's bare loop of products\n";
  std::string above;
  for (const measure::FloorSpeed& row : speed.floors) {
    const std::string label = fmt::format("{}, {}", measure::weight_part_name(row.part), bytes_in_words(row.bytes));
    text += fmt::format(columns, label == above ? "" : label, row.tier->name, micros_text(row.seconds.median),
                        spread_text(row.seconds), "", "");
    above = label;
  }
  return text;
}

}  // namespace

std::string micros_text(double seconds) {
  const double micros = 1e6 * seconds;
  return report::number_text(micros, micros < 9.995 ? 2 : micros < 99.95 ? 1 : 0);
}

std::string spread_text(const measure::Spread& seconds) {
  return fmt::format("{} … {}", micros_text(seconds.p10), micros_text(seconds.p90));
}

std::string model_in_words(const BenchReport& report) {
  return fmt::format("{}{}, {} ({})", in_words(report.architecture),
                     report.head_bits == 4 ? ", 4-bit weights in the head" : "",
                     report.model_file.empty() ? "generated" : report.model_file, bytes_in_words(report.model_bytes));
}

std::string verdict(const BenchReport& report) {
  if (report.head_bits != 8) return "";  // the floor's loop computes one product for each byte of the head, not two
  const measure::TaskSpeed* fastest = nullptr;  // the last one: the plan lists its tiers from slow to fast
  for (const measure::TaskSpeed& row : report.speed.tasks) {
    if (row.task == measure::Task::event_top10 && row.share_of_floor) fastest = &row;
  }
  if (fastest == nullptr) return "";
  return fmt::format("{} takes one event with its top 10 at {} of the floor's speed (goal: {})", fastest->tier->name,
                     percent_in_text(*fastest->share_of_floor, 0), percent_in_text(floor_goal, 0));
}

std::string to_text(const BenchReport& report) {
  const measure::EngineSpeed& speed = report.speed;
  std::string text =
      fmt::format("{}\na user of {} events stored in {}; one thread, {} rounds in {}\n\n{}{}", model_in_words(report),
                  measure::replayed_events, bytes_in_words(speed.stored_state_bytes), speed.rounds,
                  seconds_in_words(speed.total_seconds), task_rows(speed), floor_rows(speed));
  if (const std::string words = verdict(report); !words.empty()) text += fmt::format("\n{}\n", words);
  return text;
}

std::string to_text(const CallChecks& checks) {
  std::string text;
  for (const CallCheck& row : checks.rows)
    text += fmt::format("{:<16} {:<12} check {}\n", row.row, row.tier, row.check);
  return text;
}

}  // namespace sotto::present
