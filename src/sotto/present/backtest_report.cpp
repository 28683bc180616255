#include <sotto/present/backtest_report.hpp>
#include <sotto/present/figures.hpp>
#include <sotto/present/provenance.hpp>
#include <sotto/present/words.hpp>
#include <sotto/report/text.hpp>

#include <fmt/format.h>

#include <cmath>

namespace sotto::present {
namespace {

using evaluate::Backtest;
using evaluate::BacktestArmResult;
using evaluate::Estimate;
using report::Json;

Json interval_of(const Estimate& estimate) { return Json::array({estimate.interval.low, estimate.interval.high}); }

Json arm_to_json(const Backtest& backtest, const BacktestArmResult& arm) {
  Json slices = Json::array();
  for (std::size_t slice = 0; slice < evaluate::events_seen_slices.size(); ++slice) {
    const Estimate& ndcg = arm.ndcg_by_events_seen[slice];
    if (!std::isfinite(ndcg.value)) continue;
    slices.push_back(Json::object({{"events_seen", evaluate::events_seen_slices[slice].name},
                                   {"targets", backtest.targets_by_events_seen[slice]},
                                   {"ndcg@10", ndcg.value},
                                   {"interval", interval_of(ndcg)}}));
  }
  return Json::object({{"hr@10", arm.hr.value},
                       {"ndcg@10", arm.ndcg.value},
                       {"mrr@10", arm.mrr.value},
                       {"intervals", Json::object({{"hr@10", interval_of(arm.hr)},
                                                   {"ndcg@10", interval_of(arm.ndcg)},
                                                   {"mrr@10", interval_of(arm.mrr)}})},
                       {"difference_to_base",
                        Json::object({{"ndcg@10", arm.ndcg_ahead.value}, {"interval", interval_of(arm.ndcg_ahead)}})},
                       {"by_events_seen", slices},
                       {"us_per_event", arm.us_per_event},
                       {"bytes_per_user", arm.bytes_per_user},
                       {"most_bytes", arm.max_bytes}});
}

}  // namespace

std::string ahead_in_words(const Backtest& backtest, std::size_t arm) {
  const double base = backtest.arms[evaluate::base_arm].ndcg.value;
  if (base == 0) return "";
  const double percent = 100 * (backtest.arms[arm].ndcg.value / base - 1);
  return fmt::format("{:+.1f} %", percent);
}

Json to_json(const BacktestReport& report) {
  const Backtest& backtest = report.backtest;
  const evaluate::UserDifferences& differences = backtest.differences;
  const BacktestArmResult& personal = backtest.arms[evaluate::personal_arm];
  Json arms = Json::object();
  for (const BacktestArmResult& arm : backtest.arms) arms.set(arm.name, arm_to_json(backtest, arm));
  return Json::object({{"model", report.model_file},
                       {"model_fingerprint", fingerprint_text(report.model_fingerprint)},
                       {"architecture", to_json(report.architecture)},
                       {"training", to_json(report.training)},
                       {"log", to_json(report.log)},
                       {"history_excluded", report.history_excluded},
                       {"items", report.items},
                       {"users", backtest.users},
                       {"targets", backtest.targets},
                       {"arms", arms},
                       {"helped", share(differences.helped, differences.users)},
                       {"harmed", share(differences.harmed, differences.users)},
                       {"helped_by_more_than_0.02", share(differences.helped_notably, differences.users)},
                       {"harmed_by_more_than_0.02", share(differences.harmed_notably, differences.users)},
                       {"us_per_event", personal.us_per_event},
                       {"bytes_per_user", personal.bytes_per_user},
                       {"bootstrap_seed", report.bootstrap_seed},
                       {"notes", Json::array_of(report.admission.notes)},
                       {"seconds", backtest.seconds}});
}

std::string to_text(const BacktestReport& report) {
  const Backtest& backtest = report.backtest;
  const evaluate::UserDifferences& differences = backtest.differences;
  std::string text = fmt::format(
      "{}\n{} events of {} users, each ranked among {} items before it was learned from{}\n\n"
      "{:<16}{:>9}  {:<15}{:>9}{:>9}{:>9}{:>11}{:>12}\n",
      in_words(report.architecture), count(backtest.targets), count(backtest.users), count(report.items),
      report.history_excluded ? ", past items of the user left out" : "", "", "NDCG@10", "", "HR@10", "MRR@10",
      "to base", "\u00b5s/event", "bytes/user");
  for (std::size_t place = 0; place < backtest.arms.size(); ++place) {
    const BacktestArmResult& arm = backtest.arms[place];
    text +=
        fmt::format("{:<16}{:>9.4f}  {:<15}{:>9.4f}{:>9.4f}{:>9}{:>10.1f}{:>12}\n", arm.name, arm.ndcg.value,
                    fmt::format("[{:.4f} {:.4f}]", arm.ndcg.interval.low, arm.ndcg.interval.high), arm.hr.value,
                    arm.mrr.value, place == evaluate::base_arm ? "" : ahead_in_words(backtest, place), arm.us_per_event,
                    arm.bytes_per_user > 0 ? count(static_cast<std::uint64_t>(arm.bytes_per_user)) : "");
  }
  text += fmt::format("\n{:<16}", "events seen");
  for (const auto& slice : evaluate::events_seen_slices) text += fmt::format("{:>10}", slice.name);
  text += fmt::format("\n{:<16}", "targets");
  for (const std::uint64_t targets : backtest.targets_by_events_seen) text += fmt::format("{:>10}", count(targets));
  for (const std::size_t place : {evaluate::base_arm, evaluate::personal_arm}) {
    text += fmt::format("\n{:<16}", backtest.arms[place].name);
    for (const Estimate& ndcg : backtest.arms[place].ndcg_by_events_seen) {
      text += std::isfinite(ndcg.value) ? fmt::format("{:>10.4f}", ndcg.value) : fmt::format("{:>10}", "");
    }
  }
  text += fmt::format(
      "\n\nof the users, personal against base: {:.1f} % helped, {:.1f} % harmed, the rest unchanged; by more than "
      "0.02: "
      "{:.1f} % and {:.1f} %\n",
      100 * share(differences.helped, differences.users), 100 * share(differences.harmed, differences.users),
      100 * share(differences.helped_notably, differences.users),
      100 * share(differences.harmed_notably, differences.users));
  for (const std::string& note : report.admission.notes) text += "note: " + note + '\n';
  if (!report.html_file.empty()) text += fmt::format("report: {}\n", report.html_file);
  return text + fmt::format("in {}\n", seconds_in_words(backtest.seconds));
}

}  // namespace sotto::present
