#include <sotto/present/figures.hpp>
#include <sotto/present/provenance.hpp>
#include <sotto/present/simulation_report.hpp>
#include <sotto/report/page.hpp>
#include <sotto/report/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace sotto::present {
namespace {

using simulate::ArmResult;
using simulate::BatchResult;
using simulate::RoundResult;
using simulate::RoundsResult;
using simulate::Simulation;

std::string cell_number(double value) { return std::isfinite(value) ? number(value) : "–"; }

void add_arms(report::Page& page, const RoundsResult& rounds, const std::string& noisy_arm) {
  report::Bars bars{.title = "NDCG@10, " + rounds.name + " rounds",
                    .unit = "with 95 % intervals",
                    .items = {},
                    .series = {"what could be shipped", "for comparison"}};
  report::Table table{.caption = "All arms, " + rounds.name + " rounds",
                      .columns = {{.name = "arm"},
                                  {.name = "NDCG@10", .numeric = true},
                                  {.name = "of new items", .numeric = true},
                                  {.name = "to personal", .numeric = true},
                                  {.name = "95 % interval", .numeric = true}},
                      .rows = {}};
  for (const ArmResult& arm : rounds.arms) {
    const bool shipped = arm.name == "personal" || arm.name == noisy_arm;
    bars.items.push_back(bar_of(arm.name, arm.ndcg, shipped ? 0 : 1));
    const bool is_personal = arm.name == "personal";
    table.rows.push_back({report::Cell(arm.name), report::Cell(cell_number(arm.ndcg.value)),
                          report::Cell(cell_number(arm.new_ndcg.value)),
                          report::Cell(is_personal ? "" : signed_percent(arm.ahead.value)),
                          report::Cell(is_personal ? ""
                                                   : fmt::format("{} … {}", signed_percent(arm.ahead.interval.low),
                                                                 signed_percent(arm.ahead.interval.high)))});
  }
  page.bars(bars);
  page.table(table);
}

// One line for each arm, with the value that `of` takes from a round.
report::Lines curves(const RoundsResult& rounds, std::string title, std::vector<double> RoundResult::* of) {
  report::Lines lines{
      .title = std::move(title), .x_label = "days since training", .y_label = "NDCG@10 of a round", .series = {}};
  for (std::size_t arm = 0; arm < rounds.arms.size(); ++arm) {
    report::Series series{.name = rounds.arms[arm].name, .x = {}, .y = {}};
    for (const RoundResult& round : rounds.rounds) {
      series.x.push_back(round.begins);
      series.y.push_back((round.*of)[arm]);
    }
    lines.series.push_back(std::move(series));
  }
  return lines;
}

void add_curves(report::Page& page, const RoundsResult& rounds, const Simulation& simulation) {
  page.lines(curves(rounds, "Accuracy over time, " + rounds.name + " rounds", &RoundResult::ndcg));
  if (simulation.new_targets > 0) {
    page.lines(curves(rounds, "Targets that are new to the base, " + rounds.name + " rounds", &RoundResult::new_ndcg));
  }
  if (rounds.batches.empty()) return;
  report::Lines lines{.title = "What the published trend is worth, " + rounds.name + " rounds",
                      .x_label = "days since training",
                      .y_label = "prior, and gain in nats a report",
                      .series = {{.name = "prior", .x = {}, .y = {}}, {.name = "gain", .x = {}, .y = {}}}};
  for (const RoundResult& round : rounds.rounds) {
    for (report::Series& series : lines.series) series.x.push_back(round.begins);
    lines.series[0].y.push_back(round.prior);
    lines.series[1].y.push_back(round.gain);
  }
  page.lines(lines);
}

void add_batches(report::Page& page, const Simulation& simulation) {
  report::Lines lines{.title = "By the number of devices in a round",
                      .x_label = "devices that report in a round",
                      .y_label = "NDCG@10 compared with personal, in percent",
                      .series = {},
                      .logarithmic_x = true};
  report::Table table{.caption = simulation.noisy_arm + " by the number of devices in a round",
                      .columns = {{.name = "devices", .numeric = true}},
                      .rows = {}};
  for (const RoundsResult& rounds : simulation.by_rounds) {
    if (rounds.batches.empty()) return;
    report::Series series{.name = rounds.name, .x = {}, .y = {}};
    table.columns.push_back({.name = rounds.name, .numeric = true});
    table.columns.push_back({.name = "95 % interval", .numeric = true});
    for (std::size_t i = 0; i < rounds.batches.size(); ++i) {
      const BatchResult& batch = rounds.batches[i];
      series.x.push_back(static_cast<double>(batch.reports));
      series.y.push_back(batch.arm.ahead.value);
      if (table.rows.size() <= i) table.rows.push_back({report::Cell(count(batch.reports))});
      table.rows[i].emplace_back(signed_percent(batch.arm.ahead.value), batch.worth_it());
      table.rows[i].emplace_back(fmt::format("{} … {}", signed_percent(batch.arm.ahead.interval.low),
                                             signed_percent(batch.arm.ahead.interval.high)));
    }
    lines.series.push_back(std::move(series));
  }
  page.heading("How many devices it takes");
  page.paragraph(fmt::format(
      "The counts of the log are scaled to each number of devices, and each aggregator's noise has a deviation of {}. "
      "Marked is what is worth it: at least {} % ahead of learning on the device, with an interval above 0.",
      simulation.noisy_arm.substr(std::string_view("trend_z").size()), simulate::worth_percent));
  page.lines(lines);
  page.table(table);
}

}  // namespace

std::string to_html(const SimulationReport& report) {
  const Simulation& simulation = report.simulation;
  report::Page page("Private sync, simulated");
  page.paragraph(answer(report));
  page.paragraph(setting_in_words(report));
  if (simulation.unknown_events > 0) {
    page.paragraph(fmt::format("{} events are on items that the model does not have. They are misses in all arms.",
                               count(simulation.unknown_events)));
  }
  page.heading("Accuracy");
  page.paragraph(
      "The arm base is the model alone, and personal adds learning on the device. The arms trend add counts of one "
      "choice a device and round, without noise or with that of two aggregators. The others are for comparison: they "
      "send more than counts, or send them in the clear.");
  for (const RoundsResult& rounds : simulation.by_rounds) add_arms(page, rounds, simulation.noisy_arm);
  add_batches(page, simulation);
  page.heading("Over time");
  for (const RoundsResult& rounds : simulation.by_rounds) add_curves(page, rounds, simulation);
  page.heading("Where this comes from");
  for (const SimulatedModel& model : report.models) {
    page.paragraph(fmt::format("{} ({}): {}, trained by {}.", model.file, fingerprint_text(model.fingerprint),
                               in_words(report.architecture), report.training.tool));
  }
  page.paragraph(fmt::format("The log is {}.", report.log.name));
  for (const std::string& note : report.admission.notes) page.paragraph(note);
  page.command(report.command);
  return page.html();
}

}  // namespace sotto::present
