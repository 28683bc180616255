#include <sotto/present/backtest_report.hpp>
#include <sotto/present/figures.hpp>
#include <sotto/present/provenance.hpp>
#include <sotto/report/page.hpp>
#include <sotto/report/text.hpp>

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace sotto::present {
namespace {

using evaluate::Backtest;
using evaluate::BacktestArmResult;
using evaluate::Estimate;

std::vector<std::string> backtest_arm_kinds() { return {"the model", "what it has to beat"}; }
std::size_t kind_of(std::size_t arm) { return arm >= evaluate::base_arm ? 0 : 1; }

std::string verdict(const Backtest& backtest) {
  const BacktestArmResult& base = backtest.arms[evaluate::base_arm];
  const BacktestArmResult& personal = backtest.arms[evaluate::personal_arm];
  return fmt::format(
      "With all that a device learns, NDCG@10 is {}, with the base model alone {}: {}. The difference is {}, with a 95 "
      "% "
      "interval from {} to {}.",
      number(personal.ndcg.value), number(base.ndcg.value), ahead_in_words(backtest, evaluate::personal_arm),
      number(personal.ndcg_ahead.value), number(personal.ndcg_ahead.interval.low),
      number(personal.ndcg_ahead.interval.high));
}

void add_accuracy(report::Page& page, const Backtest& backtest) {
  report::Bars bars{.title = "NDCG@10", .unit = "with 95 % intervals", .items = {}, .series = backtest_arm_kinds()};
  report::Table table{.caption = "All arms",
                      .columns = {{.name = "arm"},
                                  {.name = "NDCG@10", .numeric = true},
                                  {.name = "HR@10", .numeric = true},
                                  {.name = "MRR@10", .numeric = true},
                                  {.name = "to the base", .numeric = true},
                                  {.name = "µs to learn an event", .numeric = true},
                                  {.name = "bytes of a user", .numeric = true}},
                      .rows = {}};
  for (std::size_t place = 0; place < backtest.arms.size(); ++place) {
    const BacktestArmResult& arm = backtest.arms[place];
    bars.items.push_back(bar_of(arm.name, arm.ndcg, kind_of(place)));
    table.rows.push_back({report::Cell(arm.name), report::Cell(number(arm.ndcg.value)),
                          report::Cell(number(arm.hr.value)), report::Cell(number(arm.mrr.value)),
                          report::Cell(ahead_in_words(backtest, place)),
                          report::Cell(report::number_text(arm.us_per_event, 1)),
                          report::Cell(count(static_cast<std::uint64_t>(arm.bytes_per_user)))});
  }
  page.heading("Accuracy");
  page.bars(bars);
  page.table(table);
}

void add_growth(report::Page& page, const Backtest& backtest) {
  report::Bars bars{.title = "NDCG@10 by events seen of the user in the replayed period",
                    .unit = "with 95 % intervals",
                    .items = {},
                    .series = {"base", "personal"}};
  for (std::size_t slice = 0; slice < evaluate::events_seen_slices.size(); ++slice) {
    if (backtest.targets_by_events_seen[slice] == 0) continue;
    const std::string label =
        fmt::format("{} ({})", evaluate::events_seen_slices[slice].name, count(backtest.targets_by_events_seen[slice]));
    std::size_t series = 0;
    for (const std::size_t arm : {evaluate::base_arm, evaluate::personal_arm}) {
      bars.items.push_back(bar_of(label, backtest.arms[arm].ndcg_by_events_seen[slice], series++));
    }
  }
  page.heading("What grows with what is seen");
  page.paragraph(
      "Targets in brackets. Users who come often are in the slices further down, so that the slices are not of "
      "the same users.");
  page.bars(bars);
}

void add_users(report::Page& page, const Backtest& backtest) {
  const evaluate::UserDifferences& differences = backtest.differences;
  const auto percent = [&](std::uint64_t users) {
    return report::number_text(100 * static_cast<double>(users) / static_cast<double>(differences.users), 1);
  };
  constexpr const char* labels[] = {"worse by more than 0.2", "0.1 to 0.2 worse",       "0.05 to 0.1 worse",
                                    "0.02 to 0.05 worse",     "up to 0.02 worse",       "unchanged",
                                    "up to 0.02 better",      "0.02 to 0.05 better",    "0.05 to 0.1 better",
                                    "0.1 to 0.2 better",      "better by more than 0.2"};
  report::Bars bars{.title = "A user's NDCG@10, personal minus base", .unit = "users", .items = {}, .series = {}};
  for (std::size_t bar = 0; bar < differences.histogram.size(); ++bar) {
    bars.items.push_back({.label = labels[bar], .value = static_cast<double>(differences.histogram[bar])});
  }
  page.heading("Who is helped");
  page.paragraph(fmt::format("Of {} users {} % are helped and {} % harmed; by more than 0.02 it is {} % and {} %.",
                             count(differences.users), percent(differences.helped), percent(differences.harmed),
                             percent(differences.helped_notably), percent(differences.harmed_notably)));
  page.bars(bars);
}

}  // namespace

std::string to_html(const BacktestReport& report) {
  const Backtest& backtest = report.backtest;
  report::Page page("Learning on the device, replayed");
  page.paragraph(verdict(backtest));
  page.paragraph(
      fmt::format("{} events of {} users in the last tenth of {}, which the base model never saw. Before each of them "
                  "every arm ranked "
                  "all {} items{}; then it learned from the event.",
                  count(backtest.targets), count(backtest.users), report.log.name, count(report.items),
                  report.history_excluded ? ", those of the user's past left out" : ""));
  add_accuracy(page, backtest);
  add_growth(page, backtest);
  add_users(page, backtest);
  page.heading("Where this comes from");
  page.paragraph(fmt::format("{} ({}): {}, trained by {}.", report.model_file,
                             fingerprint_text(report.model_fingerprint), in_words(report.architecture),
                             report.training.tool));
  for (const std::string& note : report.admission.notes) page.paragraph(note);
  page.command(report.command);
  return page.html();
}

}  // namespace sotto::present
