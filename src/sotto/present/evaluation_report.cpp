#include <sotto/data/split.hpp>
#include <sotto/present/evaluation_report.hpp>
#include <sotto/present/figures.hpp>
#include <sotto/present/provenance.hpp>
#include <sotto/present/words.hpp>
#include <sotto/report/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace sotto::present {
namespace {

using evaluate::ArmMetrics;
using evaluate::Estimate;
using evaluate::Evaluation;
using evaluate::Interval;
using report::Json;

Json to_json(const Interval& interval) { return Json::array({interval.low, interval.high}); }

Json with_interval(const Estimate& estimate) {
  return Json::object({{"value", estimate.value}, {"interval", to_json(estimate.interval)}});
}

// Visits all metrics at all cut-offs by name, such as "ndcg@10".
void for_each_metric(const Evaluation& evaluation, const evaluate::Accuracy& accuracy,
                     const std::function<void(const std::string&, const Estimate&)>& visit) {
  for (std::size_t c = 0; c < evaluation.cutoffs.size(); ++c) {
    for (const AccuracyMetric& metric : accuracy_metrics) {
      visit(fmt::format("{}@{}", metric.json_name, evaluation.cutoffs[c]), (accuracy.*metric.values)[c]);
    }
  }
}

Json slices_of(const Evaluation& evaluation, std::size_t arm) {
  const std::string hr = fmt::format("hr@{}", evaluate::slice_cutoff);
  const std::string ndcg = fmt::format("ndcg@{}", evaluate::slice_cutoff);
  Json slices = Json::array();
  for (const evaluate::Slice& slice : evaluation.slices) {
    Json values = Json::object({{"dimension", slice.dimension},
                                {"name", slice.name},
                                {"targets", slice.targets},
                                {hr, slice.hr[arm].value},
                                {ndcg, slice.ndcg[arm].value}});
    values.set("intervals",
               Json::object({{hr, to_json(slice.hr[arm].interval)}, {ndcg, to_json(slice.ndcg[arm].interval)}}));
    if (evaluation.best_baseline && evaluation.best_baseline != arm) {
      values.set("difference_to_best_baseline", Json::object({{ndcg, with_interval(slice.ndcg_ahead[arm])}}));
    }
    slices.push_back(std::move(values));
  }
  return slices;
}

Json arm_to_json(const Evaluation& evaluation, std::size_t place) {
  const ArmMetrics& arm = evaluation.arms[place];
  Json values = Json::object();
  Json intervals = Json::object();
  for_each_metric(evaluation, arm.accuracy, [&](const std::string& name, const Estimate& estimate) {
    values.set(name, estimate.value);
    intervals.set(name, to_json(estimate.interval));
  });
  values.set("unknown_targets", arm.unknown_targets);
  values.set("kind", arm.kind == evaluate::ArmKind::model ? "model" : "baseline");
  values.set("intervals", std::move(intervals));
  if (arm.ahead) {
    Json differences = Json::object();
    for_each_metric(evaluation, *arm.ahead, [&](const std::string& name, const Estimate& estimate) {
      differences.set(name, with_interval(estimate));
    });
    values.set("difference_to_best_baseline", std::move(differences));
  }
  Json coverage = Json::object();
  Json popularity_bias = Json::object();
  for (std::size_t c = 0; c < evaluation.cutoffs.size(); ++c) {
    const std::string cutoff = std::to_string(evaluation.cutoffs[c]);
    coverage.set(cutoff, arm.coverage[c]);
    popularity_bias.set(cutoff, Json::object({{"recommended", arm.popularity[c].value},
                                              {"interval", to_json(arm.popularity[c].interval)},
                                              {"targets", evaluation.target_popularity.value}}));
  }
  values.set("coverage", std::move(coverage));
  values.set("popularity_bias", std::move(popularity_bias));
  if (!arm.basket_recall.empty()) {
    Json recall = Json::object();
    for (std::size_t c = 0; c < arm.basket_recall.size(); ++c)
      recall.set(fmt::format("recall@{}", evaluation.cutoffs[c]), with_interval(arm.basket_recall[c]));
    values.set("next_basket", std::move(recall));
  }
  values.set("slices", slices_of(evaluation, place));
  return values;
}

constexpr std::size_t column_width = 10;  // without the star

// A column of a table for a terminal. `value` and `detail` are called for each arm.
struct TextColumn {
  std::string title;
  std::function<double(const ArmMetrics&)> value;
  bool higher_is_better = true;                               // the best value is marked only where this holds
  std::function<std::string(const ArmMetrics&)> detail = {};  // after the value
  std::size_t detail_width = 0;
};

std::string table_of(const Evaluation& evaluation, const std::vector<TextColumn>& columns) {
  std::size_t name_width = 0;
  for (const ArmMetrics& arm : evaluation.arms) name_width = std::max(name_width, arm.name.size());
  std::string text(name_width, ' ');
  for (const TextColumn& column : columns) {
    text += fmt::format("{:>{}} {:{}}", column.title, column_width, "", column.detail_width);
  }
  const auto end_line = [&text] {
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  };
  end_line();
  for (const ArmMetrics& arm : evaluation.arms) {
    text += fmt::format("{:<{}}", arm.name, name_width);
    for (const TextColumn& column : columns) {
      const double best = column.value(*std::ranges::max_element(evaluation.arms, {}, column.value));
      const double value = column.value(arm);
      text += fmt::format("{:>{}.4f}{}", value, column_width, column.higher_is_better && value == best ? '*' : ' ');
      if (column.detail) text += fmt::format("{:<{}}", column.detail(arm), column.detail_width);
    }
    end_line();
  }
  return text;
}

std::string in_brackets(const Interval& interval) {
  return fmt::format("[{:.4f} {:.4f}]", interval.low, interval.high);
}

TextColumn accuracy_column(const Evaluation& evaluation, const AccuracyMetric& metric, std::size_t c) {
  return {.title = fmt::format("{}@{}", metric.title, evaluation.cutoffs[c]),
          .value = [values = metric.values, c](const ArmMetrics& arm) { return (arm.accuracy.*values)[c].value; }};
}

// The columns at the main cut-off, with intervals.
std::vector<TextColumn> main_columns(const Evaluation& evaluation) {
  const std::size_t c = evaluation.main_cutoff;
  std::vector<TextColumn> columns;
  for (const AccuracyMetric& metric : {accuracy_metrics[1], accuracy_metrics[0]}) {
    TextColumn& column = columns.emplace_back(accuracy_column(evaluation, metric, c));
    column.detail = [values = metric.values, c](const ArmMetrics& arm) {
      return in_brackets((arm.accuracy.*values)[c].interval);
    };
    column.detail_width = 15;
  }
  if (evaluation.baskets > 0) {
    columns.push_back({.title = fmt::format("basket@{}", evaluation.cutoffs[c]),
                       .value = [c](const ArmMetrics& arm) { return arm.basket_recall[c].value; }});
  }
  columns.push_back({.title = fmt::format("cover@{}", evaluation.cutoffs[c]),
                     .value = [c](const ArmMetrics& arm) { return arm.coverage[c]; }});
  columns.push_back({.title = fmt::format("popular@{}", evaluation.cutoffs[c]),
                     .value = [c](const ArmMetrics& arm) { return arm.popularity[c].value; },
                     .higher_is_better = false});
  return columns;
}

// At cut-off 1 a target has one relevant item, so NDCG@1 and MRR@1 equal HR@1 and are left out.
std::vector<TextColumn> columns_of_all_cutoffs(const Evaluation& evaluation) {
  std::vector<TextColumn> columns;
  for (std::size_t c = 0; c < evaluation.cutoffs.size(); ++c) {
    for (const AccuracyMetric& metric : accuracy_metrics) {
      if (evaluation.cutoffs[c] > 1 || metric.json_name == "hr") {
        columns.push_back(accuracy_column(evaluation, metric, c));
      }
    }
  }
  return columns;
}

std::string comparison_in_words(const Evaluation& evaluation) {
  const std::size_t c = evaluation.main_cutoff;
  std::string text;
  for (const ArmMetrics& arm : evaluation.arms) {
    if (arm.kind != evaluate::ArmKind::model || !arm.ahead) continue;
    const Estimate& ahead = arm.ahead->ndcg[c];
    text += fmt::format("{}: NDCG@{} {:+.4f} [{:+.4f} {:+.4f}] against {}, the best baseline\n", arm.name,
                        evaluation.cutoffs[c], ahead.value, ahead.interval.low, ahead.interval.high,
                        evaluation.arms[*evaluation.best_baseline].name);
  }
  return text;
}

// The arms that were ranked again with shuffled ties, beside their figures in the order of the file.
std::string shuffled_ties_in_text(const EvaluationReport& report) {
  std::size_t width = 0;
  for (const ArmMetrics& arm : report.shuffled_ties->arms) width = std::max(width, arm.name.size());
  std::string text = fmt::format("{}\n{:<{}}{:>{}}{:>12}\n", shuffled_ties_in_words(report), "", width,
                                 fmt::format("NDCG@{}", report.evaluation.cutoffs[report.evaluation.main_cutoff]),
                                 column_width, "shuffled");
  for (const ShuffledArm& arm : shuffled_arms(report)) {
    text += fmt::format("{:<{}}{:>{}.4f}{:>12.4f}{:>+9.1f} %\n", arm.name, width, arm.as_logged, column_width,
                        arm.shuffled.value, 100 * arm.change());
  }
  return text;
}

Json shuffled_ties_to_json(const EvaluationReport& report) {
  const std::string metric = fmt::format("ndcg@{}", report.evaluation.cutoffs[report.evaluation.main_cutoff]);
  Json arms = Json::object();
  for (const ShuffledArm& arm : shuffled_arms(report)) {
    arms.set(arm.name, Json::object({{metric, arm.shuffled.value},
                                     {"interval", to_json(arm.shuffled.interval)},
                                     {"change", arm.change()}}));
  }
  Json json = Json::object({{"seed", report.bootstrap_seed}, {"arms", arms}});
  if (const auto best = report.shuffled_ties->best_baseline)
    json.set("best_baseline", report.shuffled_ties->arms[*best].name);
  return json;
}

}  // namespace

double ShuffledArm::change() const noexcept { return as_logged > 0 ? shuffled.value / as_logged - 1 : 0; }

std::vector<ShuffledArm> shuffled_arms(const EvaluationReport& report) {
  const Evaluation& logged = report.evaluation;
  std::vector<ShuffledArm> arms;
  for (const ArmMetrics& again : report.shuffled_ties->arms) {
    const auto arm = std::ranges::find(logged.arms, again.name, &ArmMetrics::name);
    if (arm == logged.arms.end()) continue;
    arms.push_back({.name = again.name,
                    .as_logged = arm->accuracy.ndcg[logged.main_cutoff].value,
                    .shuffled = again.accuracy.ndcg[logged.main_cutoff]});
  }
  return arms;
}

std::string shuffled_ties_in_words(const EvaluationReport& report) {
  return fmt::format(
      "The same targets after events of one second were put in a random order, seed {}: what an arm loses, it had from "
      "the order of the file. The baselines counted again; the model was not trained again.",
      report.bootstrap_seed);
}

std::string protocol_in_words(const EvaluationReport& report) {
  const Evaluation& evaluation = report.evaluation;
  const std::string targets =
      report.split.kind == data::split_kind_name(data::SplitKind::leave_last_out)
          ? fmt::format("the last event of {} users", count(evaluation.users))
          : fmt::format("the last {} events in time, of {} users", count(evaluation.targets), count(evaluation.users));
  return fmt::format("{}, ranked among {} items", targets, count(report.items));
}

std::vector<std::string> notes_of(const EvaluationReport& report) {
  std::vector<std::string> notes = report.admission.notes;
  if (report.admission.refusal) notes.insert(notes.begin(), "these figures mean little: " + *report.admission.refusal);
  if (report.history_excluded) {
    notes.emplace_back("the items of a user's history are left out of that user's ranking, for every arm");
  }
  return notes;
}

Json to_json(const EvaluationReport& report) {
  const Evaluation& evaluation = report.evaluation;
  Json arms = Json::object();
  for (std::size_t arm = 0; arm < evaluation.arms.size(); ++arm) {
    arms.set(evaluation.arms[arm].name, arm_to_json(evaluation, arm));
  }
  SplitRecord split = report.split;
  split.validation_trained = report.training.split.validation_trained;
  Json json = Json::object({{"arms", arms},
                            {"users", evaluation.users},
                            {"targets", evaluation.targets},
                            {"baskets", evaluation.baskets},
                            {"items", report.items},
                            {"seconds", evaluation.seconds},
                            {"bootstrap_seed", report.bootstrap_seed},
                            {"model", report.model_file},
                            {"model_fingerprint", fingerprint_text(report.model_fingerprint)},
                            {"log", to_json(report.log)},
                            {"split", to_json(split)},
                            {"log_matches_training", report.admission.log_matches_training},
                            {"trained_on_targets", report.admission.trained_on_targets},
                            {"history", report.history_excluded ? "excluded" : "ranked"},
                            {"notes", Json::array_of(notes_of(report))}});
  if (evaluation.best_baseline) json.set("best_baseline", evaluation.arms[*evaluation.best_baseline].name);
  if (report.shuffled_ties) json.set("shuffled_ties", shuffled_ties_to_json(report));
  if (!report.html_file.empty()) json.set("html", report.html_file);
  return json;
}

std::string to_text(const EvaluationReport& report) {
  const Evaluation& evaluation = report.evaluation;
  std::string text =
      fmt::format("{}: {} in {}\n\n", report.log.name, protocol_in_words(report), seconds_in_words(evaluation.seconds));
  text += table_of(evaluation, main_columns(evaluation)) + "\n";
  if (evaluation.cutoffs.size() > 1) text += table_of(evaluation, columns_of_all_cutoffs(evaluation)) + "\n";
  text += comparison_in_words(evaluation);
  if (report.shuffled_ties) text += "\n" + shuffled_ties_in_text(report);
  text += fmt::format(
      "\n* best of its column; ties count against the arm; [95 % interval]; popular: mean popularity percentile, of "
      "the "
      "targets {:.4f}\n",
      evaluation.target_popularity.value);
  if (evaluation.baskets > 0) {
    text += fmt::format("basket: recall of the {} baskets, the events of one user at one time, held out whole\n",
                        count(evaluation.baskets));
  }
  for (const std::string& note_text : notes_of(report)) text += "note: " + note_text + "\n";
  if (!report.html_file.empty()) text += "report: " + report.html_file + "\n";
  return text;
}

}  // namespace sotto::present
