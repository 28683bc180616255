#include <sotto/present/figures.hpp>
#include <sotto/present/privacy_report.hpp>
#include <sotto/privacy/accountant.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace sotto::present {
namespace {

using report::Json;

// Counts below this many deviations of the noise are taken for noise.
constexpr double noticed_deviations = 2.5;

PrivacyCost cost_of(const PrivacyReport& report, std::uint32_t reports) {
  const double delta = report.plan.delta;
  PrivacyCost cost;
  cost.gaussian.renyi = privacy::gaussian_epsilon_by_renyi(report.gaussian_noise, reports, delta);
  cost.gaussian.exact = privacy::gaussian_epsilon_exact(report.gaussian_noise, reports, delta);
  if (report.gaussian_noise >= 2)
    cost.gaussian.exact_discrete = privacy::discrete_gaussian_epsilon(report.gaussian_noise, reports, delta);
  cost.laplace = privacy::laplace_epsilon(report.laplace_noise / std::numbers::sqrt2, reports, delta);
  return cost;
}

std::uint32_t lifetime_reports(const PrivacyPlan& plan) { return plan.reports * plan.months; }

// The mechanism whose noise the histogram's figures are for.
double shown_noise(const PrivacyReport& report) {
  return report.plan.shows_gaussian ? report.gaussian_noise : report.laplace_noise;
}

// Both aggregators' noise.
double histogram_noise(const PrivacyReport& report) { return std::numbers::sqrt2 * shown_noise(report); }

double noticed_count(const PrivacyReport& report) { return std::ceil(noticed_deviations * histogram_noise(report)); }

// Slots of which noise alone exceeds what is noticed, taking it for normal.
double slots_noticed_by_chance(const PrivacyReport& report) {
  return report.plan.slots * 0.5 * std::erfc(noticed_deviations / std::numbers::sqrt2);
}

std::string noise_text(double noise) { return fmt::format("{:.6g}", noise); }

// What a reader of all that is published may believe at most, having begun with even odds: e^epsilon / (1 + e^epsilon).
std::string certainty(double epsilon) {
  const double share = 1 / (1 + std::exp(-epsilon));
  return share > 0.999 ? "more than 99.9 %" : percent_in_text(share, share > 0.99 ? 1 : 0);
}

double bound_of(const PrivacyReport& report, const PrivacyCost& cost) {
  return report.plan.shows_gaussian ? cost.gaussian.renyi : cost.laplace;
}

std::string row(std::string_view name, std::optional<double> month, std::optional<double> lifetime) {
  const auto figure = [](std::optional<double> epsilon) { return epsilon ? fmt::format("{:.3f}", *epsilon) : "–"; };
  return fmt::format("  {:<46}{:>9}{:>14}\n", name, figure(month), figure(lifetime));
}

Json to_json(const GaussianCost& cost) {
  return Json::object({{"renyi", cost.renyi},
                       {"exact", cost.exact},
                       {"exact_discrete", cost.exact_discrete ? Json(*cost.exact_discrete) : Json()}});
}

double rounded_up(double noise) { return std::ceil(noise * 100) / 100; }

}  // namespace

PrivacyReport examine(const PrivacyPlan& plan) {
  PrivacyReport report{.plan = plan,
                       .wished = {},
                       .gaussian_noise = plan.noise,
                       .laplace_noise = plan.noise,
                       .month = {},
                       .lifetime = {}};
  if (plan.wished_epsilon) {
    const double epsilon = *plan.wished_epsilon;
    report.wished =
        WishedNoise{.renyi = privacy::gaussian_noise_by_renyi(epsilon, plan.reports, plan.delta),
                    .exact = privacy::gaussian_noise_exact(epsilon, plan.reports, plan.delta),
                    .laplace = privacy::laplace_scale_for(epsilon, plan.reports, plan.delta) * std::numbers::sqrt2};
    report.gaussian_noise = rounded_up(report.wished->renyi);
    report.laplace_noise = rounded_up(report.wished->laplace);
  }
  report.month = cost_of(report, plan.reports);
  report.lifetime = cost_of(report, lifetime_reports(plan));
  return report;
}

std::string in_words_for_operator(const PrivacyReport& report) {
  const PrivacyPlan& plan = report.plan;
  std::string words = fmt::format(
      "While one of the two aggregators is honest, a user's {} in 28 days cost an epsilon of at most {:.3f} at delta "
      "{}, and those of {} times 28 days at most {:.3f}. ",
      plan.reports == 1 ? "one report" : fmt::format("{} reports", plan.reports), bound_of(report, report.month),
      noise_text(plan.delta), plan.months, bound_of(report, report.lifetime));
  words +=
      fmt::format("An item needs about {} choices in a batch before it stands out, which is {} of the smallest batch.",
                  present::count(static_cast<std::uint64_t>(noticed_count(report))),
                  percent_in_text(noticed_count(report) / plan.min_batch, 1));
  if (noticed_count(report) > plan.min_batch) words += " A batch of this size shows nothing: take larger batches.";
  if (plan.shows_gaussian && plan.shows_laplace && !plan.wished_epsilon) {
    words +=
        fmt::format(" Of the same deviation, {} noise costs less over 28 days, and {} noise over {} times 28 days.",
                    report.month.laplace < report.month.gaussian.exact ? "Laplace" : "Gaussian",
                    report.lifetime.laplace < report.lifetime.gaussian.exact ? "Laplace" : "Gaussian", plan.months);
  }
  return words;
}

std::string in_words_for_visitor(const PrivacyReport& report) {
  const PrivacyPlan& plan = report.plan;
  const double reciprocal = 1 / plan.delta;
  return fmt::format(
      "Your device sends at most {} in 28 days. Each is split between two servers, and neither can read it. Suppose "
      "that "
      "somebody thinks it as likely as not that you took part, and studies everything that is published. After 28 days "
      "they can be at most {} sure, and after {} times 28 days at most {}. This holds except for a chance of 1 in {}.",
      plan.reports == 1 ? "one choice" : fmt::format("{} choices", plan.reports),
      certainty(bound_of(report, report.month)), plan.months, certainty(bound_of(report, report.lifetime)),
      reciprocal < 1e18 ? present::count(static_cast<std::uint64_t>(std::llround(reciprocal)))
                        : fmt::format("{:.0e}", reciprocal));
}

std::string to_text(const PrivacyReport& report) {
  const PrivacyPlan& plan = report.plan;
  std::string text =
      fmt::format("At most {} of one choice in 28 days; each aggregator adds noise; delta {}\n",
                  plan.reports == 1 ? "one report" : fmt::format("{} reports", plan.reports), noise_text(plan.delta));
  if (report.wished) {
    text += fmt::format("\nNoise for an epsilon of {} in 28 days\n", noise_text(*plan.wished_epsilon));
    if (plan.shows_gaussian) {
      text += fmt::format("  {:<46}{:>9.3f}\n", "Gaussian, by Rényi divergence", report.wished->renyi);
      text += fmt::format("  {:<46}{:>9.3f}\n", "Gaussian, exact for continuous noise", report.wished->exact);
    }
    if (plan.shows_laplace) text += fmt::format("  {:<46}{:>9.3f}\n", "Laplace, exact", report.wished->laplace);
  }
  text += fmt::format("\n{:<48}{:>9}{:>14}\n", "Epsilon, while one aggregator is honest", "28 days",
                      fmt::format("{} × 28 days", plan.months));
  if (plan.shows_gaussian) {
    const GaussianCost& month = report.month.gaussian;
    const GaussianCost& lifetime = report.lifetime.gaussian;
    const std::string noise = noise_text(report.gaussian_noise);
    text += row(fmt::format("Gaussian {}, bound by Rényi divergence", noise), month.renyi, lifetime.renyi);
    text += row(fmt::format("Gaussian {}, exact for continuous noise", noise), month.exact, lifetime.exact);
    text +=
        row(fmt::format("Gaussian {}, exact for discrete noise", noise), month.exact_discrete, lifetime.exact_discrete);
  }
  if (plan.shows_laplace) {
    text += row(fmt::format("Laplace {}, exact for discrete noise", noise_text(report.laplace_noise)),
                report.month.laplace, report.lifetime.laplace);
  }
  text += fmt::format("\nIn the histogram of {} slots\n", present::count(plan.slots));
  text += fmt::format("  {:<46}{:>9}\n", "deviation of both aggregators' noise, in choices",
                      fmt::format("{:.1f}", histogram_noise(report)));
  text += fmt::format("  {:<46}{:>9}\n", fmt::format("of a batch of {}", present::count(plan.min_batch)),
                      percent_in_text(histogram_noise(report) / plan.min_batch, 2));
  text += fmt::format("  {:<46}{:>9}\n", "choices that stand out, 2.5 deviations",
                      present::count(static_cast<std::uint64_t>(noticed_count(report))));
  text += fmt::format("  {:<46}{:>9}\n", "slots that stand out by noise alone",
                      fmt::format("{:.0f}", slots_noticed_by_chance(report)));
  text += fmt::format("\nFor the operator\n  {}\n\nFor a visitor\n  {}\n", in_words_for_operator(report),
                      in_words_for_visitor(report));
  return text;
}

Json to_json(const PrivacyReport& report) {
  const PrivacyPlan& plan = report.plan;
  Json json = Json::object({{"reports", plan.reports}, {"days", 28}, {"delta", plan.delta}});
  Json lifetime = Json::object({{"months", plan.months}, {"reports", lifetime_reports(plan)}});
  if (plan.shows_gaussian) {
    json.set("noise", report.gaussian_noise);
    json.set("epsilon", to_json(report.month.gaussian));
    lifetime.set("epsilon", to_json(report.lifetime.gaussian));
  }
  if (plan.shows_laplace) {
    json.set("laplace", Json::object({{"noise", report.laplace_noise},
                                      {"scale", report.laplace_noise / std::numbers::sqrt2},
                                      {"epsilon", report.month.laplace}}));
    lifetime.set("laplace", Json::object({{"epsilon", report.lifetime.laplace}}));
  }
  json.set("lifetime", std::move(lifetime));
  if (report.wished) {
    Json noise = Json::object();
    if (plan.shows_gaussian) {
      noise.set("renyi", report.wished->renyi);
      noise.set("exact", report.wished->exact);
    }
    if (plan.shows_laplace) noise.set("laplace", report.wished->laplace);
    json.set("wish", Json::object({{"epsilon", *plan.wished_epsilon}, {"noise", std::move(noise)}}));
  }
  json.set("histogram", Json::object({{"slots", plan.slots},
                                      {"min_batch", plan.min_batch},
                                      {"noise", histogram_noise(report)},
                                      {"choices_that_stand_out", noticed_count(report)},
                                      {"slots_by_noise_alone", slots_noticed_by_chance(report)}}));
  json.set("in_words",
           Json::object({{"operator", in_words_for_operator(report)}, {"visitor", in_words_for_visitor(report)}}));
  return json;
}

}  // namespace sotto::present
