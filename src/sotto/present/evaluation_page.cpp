#include <sotto/present/evaluation_report.hpp>
#include <sotto/present/figures.hpp>
#include <sotto/present/provenance.hpp>
#include <sotto/present/words.hpp>
#include <sotto/report/page.hpp>
#include <sotto/report/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace sotto::present {
namespace {

using evaluate::ArmKind;
using evaluate::ArmMetrics;
using evaluate::Estimate;
using evaluate::Evaluation;

std::vector<std::string> arm_kinds() { return {"model", "baseline"}; }
std::size_t kind_color(const ArmMetrics& arm) { return arm.kind == ArmKind::model ? 0 : 1; }

// Makes one bar for each arm.
template <class EstimateOf>
report::Bars bars_of_arms(const Evaluation& evaluation, std::string title, std::string unit,
                          const EstimateOf& estimate_of) {
  report::Bars bars{.title = std::move(title), .unit = std::move(unit), .items = {}, .series = arm_kinds()};
  for (const ArmMetrics& arm : evaluation.arms) {
    bars.items.push_back(bar_of(arm.name, estimate_of(arm), kind_color(arm)));
  }
  return bars;
}

const ArmMetrics* find_arm(const Evaluation& evaluation, std::string_view name) {
  const auto arm = std::ranges::find(evaluation.arms, name, &ArmMetrics::name);
  return arm == evaluation.arms.end() ? nullptr : &*arm;
}

std::string verdict(const Evaluation& evaluation) {
  const ArmMetrics* model = find_arm(evaluation, shipped_arm);
  if (model == nullptr || !model->ahead) return "";
  const std::size_t c = evaluation.main_cutoff;
  const Estimate& ahead = model->ahead->ndcg[c];
  const ArmMetrics& baseline = evaluation.arms[*evaluation.best_baseline];
  const char* relation = ahead.interval.low > 0    ? "ahead of"
                         : ahead.interval.high < 0 ? "behind"
                                                   : "not to be told apart from";
  return fmt::format(
      "The model reaches an NDCG@{} of {}. It is {} the best baseline, {}, which reaches {}: the difference is {}, "
      "with "
      "a 95 % interval from {} to {}.",
      evaluation.cutoffs[c], number(model->accuracy.ndcg[c].value), relation, baseline.name,
      number(baseline.accuracy.ndcg[c].value), number(ahead.value), number(ahead.interval.low),
      number(ahead.interval.high));
}

// Adds a column with a value for each arm and marks the best.
template <class ValueOf>
void add_column(report::Table& table, const Evaluation& evaluation, std::string name, const ValueOf& value_of) {
  table.columns.push_back({.name = std::move(name), .numeric = true});
  const double best = value_of(*std::ranges::max_element(evaluation.arms, {}, value_of));
  for (std::size_t arm = 0; arm < evaluation.arms.size(); ++arm) {
    const double value = value_of(evaluation.arms[arm]);
    table.rows[arm].emplace_back(number(value), value == best);
  }
}

report::Table table_of_arms(const Evaluation& evaluation, std::string caption) {
  report::Table table{.caption = std::move(caption), .columns = {{.name = "arm"}}, .rows = {}};
  for (const ArmMetrics& arm : evaluation.arms) table.rows.push_back({report::Cell(arm.name)});
  return table;
}

void add_accuracy(report::Page& page, const EvaluationReport& report) {
  const Evaluation& evaluation = report.evaluation;
  const std::size_t main = evaluation.main_cutoff;
  const std::uint32_t cutoff = evaluation.cutoffs[main];
  page.heading("Accuracy");
  for (const std::size_t metric : {1U, 0U}) {
    page.bars(
        bars_of_arms(evaluation, fmt::format("{}@{}", accuracy_metrics[metric].title, cutoff), "with 95 % intervals",
                     [&](const ArmMetrics& arm) { return (arm.accuracy.*accuracy_metrics[metric].values)[main]; }));
  }
  for (const AccuracyMetric& metric : accuracy_metrics) {
    report::Table table = table_of_arms(evaluation, fmt::format("{} at all cut-offs", metric.title));
    for (std::size_t c = 0; c < evaluation.cutoffs.size(); ++c) {
      add_column(table, evaluation, fmt::format("{}@{}", metric.title, evaluation.cutoffs[c]),
                 [&](const ArmMetrics& arm) { return (arm.accuracy.*metric.values)[c].value; });
    }
    page.table(table);
  }
}

void add_baskets(report::Page& page, const Evaluation& evaluation) {
  if (evaluation.baskets == 0) return;
  const std::size_t c = evaluation.main_cutoff;
  page.heading("Whole baskets");
  page.paragraph(fmt::format(
      "Of the targets, {} groups are events of one user at one time. Recall is the share of such a basket's items that "
      "are among the {} recommended just before it: their order inside the basket does not matter.",
      count(evaluation.baskets), evaluation.cutoffs[c]));
  page.bars(bars_of_arms(evaluation, fmt::format("Next-basket recall@{}", evaluation.cutoffs[c]), "with 95 % intervals",
                         [c](const ArmMetrics& arm) { return arm.basket_recall[c]; }));
}

void add_comparison(report::Page& page, const Evaluation& evaluation) {
  if (!evaluation.best_baseline) return;
  const std::size_t c = evaluation.main_cutoff;
  const std::string& baseline = evaluation.arms[*evaluation.best_baseline].name;
  report::Bars bars{.title = fmt::format("NDCG@{} minus that of {}", evaluation.cutoffs[c], baseline),
                    .unit = "with 95 % intervals",
                    .items = {}};
  for (const ArmMetrics& arm : evaluation.arms) {
    if (!arm.ahead || arm.kind == ArmKind::baseline) continue;
    bars.items.push_back(bar_of(arm.name, arm.ahead->ndcg[c], 0));
  }
  page.heading("Against the best baseline");
  page.paragraph(
      "Each difference is taken on the same users, so that its interval is narrower than the two arms' own intervals "
      "suggest. An interval that does not touch zero is a difference that another draw of such users would show too.");
  page.bars(bars);
}

void add_shuffled_ties(report::Page& page, const EvaluationReport& report) {
  if (!report.shuffled_ties) return;
  const std::string metric = fmt::format("NDCG@{}", report.evaluation.cutoffs[report.evaluation.main_cutoff]);
  report::Table table{.caption = "",
                      .columns = {{.name = "arm"},
                                  {.name = metric, .numeric = true},
                                  {.name = "shuffled", .numeric = true},
                                  {.name = "change", .numeric = true}},
                      .rows = {}};
  report::Bars bars{
      .title = metric, .unit = "with 95 % intervals", .items = {}, .series = {"order of the file", "shuffled"}};
  for (const ShuffledArm& arm : shuffled_arms(report)) {
    table.rows.push_back({report::Cell(arm.name), report::Cell(number(arm.as_logged)),
                          report::Cell(number(arm.shuffled.value)), report::Cell(percent_on_page(arm.change(), 1))});
    bars.items.push_back({.label = arm.name, .value = arm.as_logged, .series = 0});
    bars.items.push_back(bar_of(arm.name, arm.shuffled, 1));
  }
  page.heading("Order within a second");
  page.paragraph(shuffled_ties_in_words(report));
  page.bars(bars);
  page.table(table);
}

void add_curve(report::Page& page, const Evaluation& evaluation) {
  report::Lines lines{.title = "Hit rate by length of the list",
                      .x_label = "k",
                      .y_label = "HR@k",
                      .series = {},
                      .logarithmic_x = true};
  for (const ArmMetrics& arm : evaluation.arms) {
    report::Series series{.name = arm.name, .x = {}, .y = arm.hit_curve};
    for (std::size_t k = 1; k <= arm.hit_curve.size(); ++k) series.x.push_back(static_cast<double>(k));
    lines.series.push_back(std::move(series));
  }
  page.lines(lines);
}

std::string slice_label(const evaluate::Slice& slice) {
  return fmt::format("{} ({})", slice.name, count(slice.targets));
}

void add_slices(report::Page& page, const Evaluation& evaluation, std::string_view dimension, std::string_view title) {
  std::vector<std::size_t> shown;  // the shipped arm and the best baseline
  for (std::size_t arm = 0; arm < evaluation.arms.size(); ++arm) {
    if (evaluation.arms[arm].name == shipped_arm) shown.push_back(arm);
  }
  if (evaluation.best_baseline) shown.push_back(*evaluation.best_baseline);

  report::Bars bars{.title = fmt::format("NDCG@{} by {}", evaluate::slice_cutoff, title),
                    .unit = "with 95 % intervals; number of targets in brackets",
                    .items = {},
                    .series = {}};
  for (const std::size_t arm : shown) bars.series.push_back(evaluation.arms[arm].name);
  report::Table table{.caption = fmt::format("NDCG@{} by {}, all arms", evaluate::slice_cutoff, title),
                      .columns = {{.name = std::string(dimension)}, {.name = "targets", .numeric = true}},
                      .rows = {}};
  for (const ArmMetrics& arm : evaluation.arms) table.columns.push_back({.name = arm.name, .numeric = true});
  for (const evaluate::Slice& slice : evaluation.slices) {
    if (slice.dimension != dimension || slice.targets == 0) continue;
    for (std::size_t series = 0; series < shown.size(); ++series) {
      bars.items.push_back(bar_of(slice_label(slice), slice.ndcg[shown[series]], series));
    }
    auto& row = table.rows.emplace_back();
    row.emplace_back(std::string(slice.name));
    row.emplace_back(count(slice.targets));
    const double best = std::ranges::max(slice.ndcg, {}, &Estimate::value).value;
    for (const Estimate& estimate : slice.ndcg) {
      row.emplace_back(number(estimate.value), estimate.value == best && best > 0);
    }
  }
  page.bars(bars);
  page.table(table);
}

void add_all_slices(report::Page& page, const Evaluation& evaluation) {
  page.heading("Who gains");
  page.paragraph(
      "The same targets in parts: by the number of events before the target; by how popular the target is in the "
      "training events (head: the items that make up the first 20 % of them, mid: the next 30 %, tail: the rest); and "
      "by whether the user had met the item before. Parts with few targets have wide intervals.");
  add_slices(page, evaluation, "history", "length of the history");
  add_slices(page, evaluation, "popularity", "popularity of the target");
  add_slices(page, evaluation, "repeat", "new and repeated items");
}

void add_diversity(report::Page& page, const Evaluation& evaluation) {
  const std::size_t main = evaluation.main_cutoff;
  const std::uint32_t cutoff = evaluation.cutoffs[main];
  page.heading("What is recommended");
  page.paragraph(fmt::format(
      "Coverage is the share of the catalogue that appears in at least one of the lists of {}. The popularity "
      "percentile of an item is the share of items that have fewer training events; for the targets, what users really "
      "chose, it is {} on average. A recommender far above that pushes what everybody knows.",
      cutoff, percent_on_page(evaluation.target_popularity.value, 1)));
  report::Bars coverage{.title = fmt::format("Coverage@{}", cutoff), .unit = "%", .items = {}, .series = arm_kinds()};
  for (const ArmMetrics& arm : evaluation.arms) {
    coverage.items.push_back({.label = arm.name, .value = 100 * arm.coverage[main], .series = kind_color(arm)});
  }
  page.bars(coverage);
  report::Bars popularity{.title = fmt::format("Mean popularity percentile of the lists of {}", cutoff),
                          .unit = "%",
                          .items = {},
                          .series = {"model", "baseline", "what users chose"}};
  const auto add = [&popularity](const std::string& label, const Estimate& estimate, std::size_t series) {
    popularity.items.push_back({.label = label,
                                .value = 100 * estimate.value,
                                .interval = report::Interval{100 * estimate.interval.low, 100 * estimate.interval.high},
                                .series = series});
  };
  for (const ArmMetrics& arm : evaluation.arms) add(arm.name, arm.popularity[main], kind_color(arm));
  add("targets", evaluation.target_popularity, 2);
  page.bars(popularity);
}

void add_facts(report::Page& page, const EvaluationReport& report) {
  report::Table facts{.caption = "", .columns = {{.name = "what"}, {.name = "value"}}, .rows = {}};
  const auto add = [&facts](std::string name, std::string value) {
    facts.rows.push_back({report::Cell(std::move(name)), report::Cell(std::move(value))});
  };
  const auto log_in_words = [](const LogIdentity& log) {
    return fmt::format("{}: {} events of {} users, {} to {}, fingerprint {}", log.name, count(log.events),
                       count(log.users), date(log.first_timestamp), date(log.last_timestamp),
                       fingerprint_text(log.fingerprint));
  };
  add("model", fmt::format("{}, fingerprint {}", report.model_file, fingerprint_text(report.model_fingerprint)));
  add("architecture", in_words(report.architecture));
  add("trained by",
      fmt::format("{}, {} epochs, seed {}", report.training.tool, report.training.epochs, report.training.seed));
  add("trained on", log_in_words(report.training.log));
  add("evaluated on", report.admission.log_matches_training ? "the same log" : log_in_words(report.log));
  add("split", fmt::format("{}: {} training events, {} validation targets, {} test targets", report.split.kind,
                           count(report.split.training_events), count(report.split.validation_targets),
                           count(report.split.test_targets)));
  add("items", count(report.items));
  add("history in the ranking", report.history_excluded ? "left out" : "ranked like any item");
  add("ranking took", seconds_in_words(report.evaluation.seconds));
  page.heading("Model and log");
  page.table(facts);
}

}  // namespace

std::string to_html(const EvaluationReport& report) {
  const Evaluation& evaluation = report.evaluation;
  report::Page page(
      fmt::format("{} on {}", std::filesystem::path(report.model_file).filename().string(), report.log.name));
  page.paragraph(fmt::format(
      "What is predicted: {}. The whole catalogue is ranked for each target, from the user's earlier events alone, and "
      "equal scores count against the arm.",
      protocol_in_words(report)));
  if (const std::string words = verdict(evaluation); !words.empty()) page.paragraph(words);
  for (const std::string& text : notes_of(report)) page.paragraph("Note: " + text + ".");
  add_accuracy(page, report);
  add_curve(page, evaluation);
  add_baskets(page, evaluation);
  add_comparison(page, evaluation);
  add_shuffled_ties(page, report);
  add_all_slices(page, evaluation);
  add_diversity(page, evaluation);
  add_facts(page, report);
  page.heading("How to reproduce");
  page.paragraph(fmt::format(
      "Intervals are percentile intervals of 1,000 bootstrap resamples of users, seed {}. The same files give the same "
      "figures.",
      report.bootstrap_seed));
  page.command(report.command);
  return page.html();
}

}  // namespace sotto::present
