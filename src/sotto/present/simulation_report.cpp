#include <sotto/present/figures.hpp>
#include <sotto/present/provenance.hpp>
#include <sotto/present/simulation_report.hpp>
#include <sotto/present/words.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace sotto::present {
namespace {

using evaluate::Estimate;
using report::Json;
using simulate::ArmResult;
using simulate::BatchResult;
using simulate::RoundResult;
using simulate::RoundsResult;
using simulate::Simulation;

Json interval_of(const Estimate& estimate) { return Json::array({estimate.interval.low, estimate.interval.high}); }

Json arm_to_json(const ArmResult& arm) {
  return Json::object({{"ndcg@10", arm.ndcg.value},
                       {"new_items_ndcg@10", arm.new_ndcg.value},
                       {"intervals", Json::object({{"ndcg@10", interval_of(arm.ndcg)},
                                                   {"new_items_ndcg@10", interval_of(arm.new_ndcg)}})},
                       {"ahead", Json::object({{"percent", arm.ahead.value}, {"interval", interval_of(arm.ahead)}})},
                       {"ahead_by_seed", Json::array_of(arm.ahead_by_seed)}});
}

Json arms_to_json(const RoundsResult& rounds) {
  Json arms = Json::object();
  for (const ArmResult& arm : rounds.arms) arms.set(arm.name, arm_to_json(arm));
  return arms;
}

Json by_arm(const RoundsResult& rounds, const std::vector<double>& values) {
  Json object = Json::object();
  for (std::size_t i = 0; i < values.size(); ++i) object.set(rounds.arms[i].name, values[i]);
  return object;
}

Json rounds_to_json(const RoundsResult& rounds) {
  Json batches = Json::array();
  for (const BatchResult& batch : rounds.batches) {
    Json object = arm_to_json(batch.arm);
    object.set("devices", batch.reports);
    object.set("worth_it", batch.worth_it());
    batches.push_back(std::move(object));
  }
  Json curve = Json::array();
  for (const RoundResult& round : rounds.rounds) {
    curve.push_back(Json::object({{"day", round.begins},
                                  {"warm_up", round.warm_up},
                                  {"devices", round.devices},
                                  {"targets", round.targets},
                                  {"new_targets", round.new_targets},
                                  {"ndcg@10", by_arm(rounds, round.ndcg)},
                                  {"new_items_ndcg@10", by_arm(rounds, round.new_ndcg)},
                                  {"prior", round.prior},
                                  {"gain", round.gain}}));
  }
  return Json::object({{"days", rounds.days},
                       {"median_devices", rounds.median_devices},
                       {"arms", arms_to_json(rounds)},
                       {"by_devices", std::move(batches)},
                       {"rounds", std::move(curve)}});
}

// The largest gain of the noisy arm over all lengths and numbers of reports. Null without that arm.
const BatchResult* best_batch(const Simulation& simulation) {
  const BatchResult* best = nullptr;
  for (const RoundsResult& rounds : simulation.by_rounds) {
    for (const BatchResult& batch : rounds.batches) {
      if (best == nullptr || batch.arm.ahead.value > best->arm.ahead.value) best = &batch;
    }
  }
  return best;
}

std::string ahead_with_interval(const ArmResult& arm) {
  return fmt::format("{} (95 % interval {} to {})", signed_percent(arm.ahead.value),
                     signed_percent(arm.ahead.interval.low), signed_percent(arm.ahead.interval.high));
}

std::string new_items_in_text(const ArmResult& arm) {
  return std::isfinite(arm.new_ndcg.value) ? number(arm.new_ndcg.value) : "";
}

std::string spread(const std::vector<double>& values) {
  if (values.size() < 2) return "";
  const auto [low, high] = std::ranges::minmax(values);
  return fmt::format("{} … {}", signed_percent(low), signed_percent(high));
}

}  // namespace

std::string signed_percent(double percent) { return fmt::format("{:+.1f} %", percent); }

std::string answer(const SimulationReport& report) {
  const Simulation& simulation = report.simulation;
  const BatchResult* best = best_batch(simulation);
  if (best == nullptr)
    return fmt::format("The arm {} was not simulated, so that there is no answer.", simulation.noisy_arm);
  if (!simulation.worth) {
    return fmt::format(
        "Private sync is not worth it here. The best that it reached, with {} devices in a round, is an NDCG@10 of {} "
        "compared with learning on the device alone.",
        count(best->reports), ahead_with_interval(best->arm));
  }
  const RoundsResult& rounds = simulation.by_rounds[simulation.worth->rounds];
  const auto batch = std::ranges::find(rounds.batches, simulation.worth->reports, &BatchResult::reports);
  std::string text = fmt::format(
      "Private sync is worth it here from {} devices in a round on: with {} rounds, NDCG@10 is then {} compared with "
      "learning on the device alone.",
      count(batch->reports), rounds.name, ahead_with_interval(batch->arm));
  if (best->reports != batch->reports) {
    text +=
        fmt::format(" The best is {}, with {} devices.", signed_percent(best->arm.ahead.value), count(best->reports));
  }
  return text + fmt::format(" The log itself has about {} devices in such a round.", count(rounds.median_devices));
}

std::string setting_in_words(const SimulationReport& report) {
  const Simulation& simulation = report.simulation;
  const double share_of_new = share(simulation.new_targets, simulation.targets);
  return fmt::format(
      "{} devices with {} events after training; {} targets of {} users count, {} of them on items that are new to the "
      "base. Each was ranked among {} items{}, of which {} are new; {} of them have a slot.",
      count(simulation.devices), count(simulation.events), count(simulation.targets), count(simulation.users),
      percent_in_text(share_of_new, 1), count(simulation.items),
      report.options.exclude_history ? " (past items of the user left out)" : "", count(simulation.new_items),
      count(simulation.slots - 1));
}

Json to_json(const SimulationReport& report) {
  const Simulation& simulation = report.simulation;
  const bool answered = best_batch(simulation) != nullptr;
  Json models = Json::array();
  for (const SimulatedModel& model : report.models) {
    models.push_back(Json::object({{"model", model.file}, {"model_fingerprint", fingerprint_text(model.fingerprint)}}));
  }
  Json by_rounds = Json::object();
  for (const RoundsResult& rounds : simulation.by_rounds) by_rounds.set(rounds.name, rounds_to_json(rounds));
  return Json::object({{"worth_it", answered ? Json(simulation.worth.has_value()) : Json()},
                       {"devices", simulation.worth ? Json(simulation.worth->reports) : Json()},
                       {"answer", answer(report)},
                       {"noise", report.options.noise},
                       {"reports_in_batch", report.options.reports_in_batch},
                       {"noise_seeds", report.options.noise_seeds},
                       {"rounds", simulation.by_rounds.front().name},
                       {"arms", arms_to_json(simulation.by_rounds.front())},
                       {"by_rounds", std::move(by_rounds)},
                       {"models", std::move(models)},
                       {"architecture", to_json(report.architecture)},
                       {"training", to_json(report.training)},
                       {"log", to_json(report.log)},
                       {"history_excluded", report.options.exclude_history},
                       {"every_nth_user", report.options.every_nth_user},
                       {"simulated_devices", simulation.devices},
                       {"events", simulation.events},
                       {"unknown_events", simulation.unknown_events},
                       {"users", simulation.users},
                       {"targets", simulation.targets},
                       {"new_targets", simulation.new_targets},
                       {"items", simulation.items},
                       {"new_items", simulation.new_items},
                       {"slots", simulation.slots},
                       {"bootstrap_seed", report.options.bootstrap_seed},
                       {"notes", Json::array_of(report.admission.notes)},
                       {"seconds", report.seconds}});
}

std::string to_text(const SimulationReport& report) {
  const Simulation& simulation = report.simulation;
  std::string text = in_words(report.architecture) + '\n' + setting_in_words(report) + '\n';
  if (simulation.unknown_events > 0) {
    text += fmt::format("{} events are on items that the model does not have; they are misses in all arms\n",
                        count(simulation.unknown_events));
  }
  for (const RoundsResult& rounds : simulation.by_rounds) {
    text +=
        fmt::format("\n{} rounds, {} devices in the median\n{:<16}{:>9}  {:<15}{:>9}{:>12}  {:<18}{}\n", rounds.name,
                    count(rounds.median_devices), "", "NDCG@10", "", "new items", "to personal", "", "over seeds");
    for (const ArmResult& arm : rounds.arms) {
      const bool is_personal = arm.name == "personal";
      text += fmt::format(
          "{:<16}{:>9.4f}  {:<15}{:>9}{:>12}  {:<18}{}\n", arm.name, arm.ndcg.value,
          fmt::format("[{:.4f} {:.4f}]", arm.ndcg.interval.low, arm.ndcg.interval.high), new_items_in_text(arm),
          is_personal ? "" : signed_percent(arm.ahead.value),
          is_personal ? "" : fmt::format("[{:+.1f} {:+.1f}]", arm.ahead.interval.low, arm.ahead.interval.high),
          spread(arm.ahead_by_seed));
    }
    if (rounds.batches.empty()) continue;
    text += fmt::format("\n{:<16}{:>9}{:>26}{:>12}\n", "devices", "NDCG@10", "new items", "to personal");
    for (const BatchResult& batch : rounds.batches) {
      text += fmt::format("{:<16}{:>9.4f}{:>26}{:>12}  [{:+.1f} {:+.1f}]\n", count(batch.reports), batch.arm.ndcg.value,
                          new_items_in_text(batch.arm), signed_percent(batch.arm.ahead.value),
                          batch.arm.ahead.interval.low, batch.arm.ahead.interval.high);
    }
  }
  text += '\n' + answer(report) + '\n';
  for (const std::string& note : report.admission.notes) text += "note: " + note + '\n';
  if (!report.html_file.empty()) text += fmt::format("report: {}\n", report.html_file);
  return text + fmt::format("in {}\n", seconds_in_words(report.seconds));
}

}  // namespace sotto::present
