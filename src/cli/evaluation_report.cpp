#include <sotto/cli/evaluation_report.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/provenance.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace sotto::cli {
namespace {

struct Metric {
  std::string_view json_name;
  std::string_view title;
  std::vector<double> evaluate::ArmMetrics::* values;
};
constexpr std::array<Metric, 3> metrics = {{{"hr", "HR", &evaluate::ArmMetrics::hr},
                                            {"ndcg", "NDCG", &evaluate::ArmMetrics::ndcg},
                                            {"mrr", "MRR", &evaluate::ArmMetrics::mrr}}};

std::vector<std::string> notes_of(const EvaluationReport& report) {
  std::vector<std::string> notes = report.admission.notes;
  if (report.admission.refusal) notes.insert(notes.begin(), "these figures mean little: " + *report.admission.refusal);
  if (report.history_excluded) {
    notes.emplace_back("the items of a user's history are left out of that user's ranking, for every arm");
  }
  return notes;
}

}  // namespace

Json to_json(const EvaluationReport& report) {
  Json arms = Json::object();
  for (const evaluate::ArmMetrics& arm : report.evaluation.arms) {
    Json& values = arms[arm.name];
    for (std::size_t c = 0; c < report.evaluation.cutoffs.size(); ++c) {
      for (const Metric& metric : metrics) {
        values[fmt::format("{}@{}", metric.json_name, report.evaluation.cutoffs[c])] = (arm.*metric.values)[c];
      }
    }
    values["unknown_targets"] = arm.unknown_targets;
  }
  return {{"arms", std::move(arms)},
          {"users", report.evaluation.users},
          {"items", report.items},
          {"seconds", report.evaluation.seconds},
          {"model", report.model_file},
          {"model_fingerprint", fingerprint_text(report.model_fingerprint)},
          {"log", to_json(report.log)},
          {"split", to_json(report.split)},
          {"log_matches_training", report.admission.log_matches_training},
          {"trained_on_targets", report.admission.trained_on_targets},
          {"history", report.history_excluded ? "excluded" : "ranked"},
          {"notes", notes_of(report)}};
}

std::string to_text(const EvaluationReport& report) {
  const evaluate::Evaluation& evaluation = report.evaluation;
  std::string text = fmt::format("{}: the last event of {} users, ranked among {} items in {}\n\n", report.log.name,
                                 evaluation.users, report.items, seconds_in_words(evaluation.seconds));
  constexpr std::size_t column_width = 11;
  std::size_t name_width = 0;
  for (const auto& arm : evaluation.arms) name_width = std::max(name_width, arm.name.size());

  text += std::string(name_width, ' ');
  for (const std::uint32_t cutoff : evaluation.cutoffs) {
    for (const Metric& metric : metrics)
      text += fmt::format("{:>{}} ", fmt::format("{}@{}", metric.title, cutoff), column_width - 1);
  }
  text.back() = '\n';
  for (const auto& arm : evaluation.arms) {
    text += fmt::format("{:<{}}", arm.name, name_width);
    for (std::size_t c = 0; c < evaluation.cutoffs.size(); ++c) {
      for (const Metric& metric : metrics) {
        const auto value_of = [&](const evaluate::ArmMetrics& a) { return (a.*metric.values)[c]; };
        const double best = value_of(*std::ranges::max_element(evaluation.arms, {}, value_of));
        text += fmt::format("{:>{}.4f}{}", value_of(arm), column_width - 1, value_of(arm) == best ? '*' : ' ');
      }
    }
    text += '\n';
  }
  text += "\n* best of its column; ties count against the arm\n";
  for (const std::string& note_text : notes_of(report)) text += "note: " + note_text + "\n";
  return text;
}

int refuse_evaluation(std::string_view command, std::string_view refusal) {
  note(command,
       fmt::format("refused: {}; hold events out when training, or score anyway with --allow-trained-events", refusal));
  return exit_refused;
}

}  // namespace sotto::cli
