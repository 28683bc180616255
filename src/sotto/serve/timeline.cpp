#include <sotto/serve/timeline.hpp>

#include <nlohmann/json.hpp>

#include <optional>
#include <utility>
#include <vector>

namespace sotto::serve {
namespace {

std::int64_t step_of(std::int64_t hours) noexcept {
  if (hours <= 48) return period_seconds;
  return hours <= 14 * 24 ? 6 * period_seconds : 24 * period_seconds;
}

std::int64_t start_of_step(std::int64_t at, std::int64_t step) noexcept {
  const std::int64_t into = at % step;
  return at - (into < 0 ? into + step : into);
}

nlohmann::json to_json(const std::optional<Estimate>& estimate) {
  if (!estimate) return nullptr;
  return {{"value", estimate->value}, {"low", estimate->low}, {"high", estimate->high}};
}

nlohmann::json to_json(const Figures& figures) {
  const Choices& choices = figures.choices;
  nlohmann::json document = {{"lists", figures.lists},
                             {"choices", choices.count},
                             {"hit_rate", to_json(share_of(choices.hits, choices.count))},
                             {"ndcg", to_json(mean_of(choices.ndcg, choices.count))},
                             {"reciprocal_rank", nullptr},
                             {"coverage", nullptr},
                             {"p50_us", nullptr},
                             {"p99_us", nullptr}};
  if (choices.count > 0) {
    document["reciprocal_rank"] = choices.reciprocal_rank / static_cast<double>(choices.count);
  }
  if (figures.lists > 0) {
    document["coverage"] = figures.items.coverage();
    document["p50_us"] = figures.latency.quantile(0.5);
    document["p99_us"] = figures.latency.quantile(0.99);
  }
  if (const PairedChoices& pairs = figures.as_shadow; pairs.shadow.count > 0) {
    document["as_shadow"] = {{"choices", pairs.shadow.count},
                             {"hit_rate", to_json(share_of(pairs.shadow.hits, pairs.shadow.count))},
                             {"ndcg", to_json(mean_of(pairs.shadow.ndcg, pairs.shadow.count))}};
  }
  return document;
}

nlohmann::json to_json(const std::optional<Comparison>& comparison, std::string_view kind, const LoadedModel& version,
                       const LoadedModel& against) {
  nlohmann::json document = {{"kind", kind},
                             {"version", version.version()},
                             {"against", against.version()},
                             {"min_choices", min_compared_choices},
                             {"choices", nullptr},
                             {"against_choices", nullptr},
                             {"hit_rate", nullptr},
                             {"ndcg", nullptr}};
  if (comparison) {
    document["choices"] = comparison->treatment_choices;
    document["against_choices"] = comparison->control_choices;
    document["hit_rate"] = to_json(std::optional(comparison->hit_rate));
    document["ndcg"] = to_json(std::optional(comparison->ndcg));
  }
  return document;
}

}  // namespace

Timeline::Timeline(std::int64_t now, std::int64_t hours)
    : step_(step_of(hours)),
      since_(start_of_step(now, step_) - ((hours * period_seconds + step_ - 1) / step_ - 1) * step_) {}

void Timeline::add(std::span<const store::FiguresRow> rows) {
  for (const store::FiguresRow& row : rows) {
    if (row.period < since_) continue;
    const Result<Figures> figures = figures_from_text(row.values);
    if (!figures) {
      ++unreadable_rows_;
      continue;
    }
    points_[{row.version, start_of_step(row.period, step_)}].add(*figures);
    periods_[{row.version, row.period}].add(figures->choices);
  }
}

nlohmann::json Timeline::document() const {
  nlohmann::json versions = nlohmann::json::array();
  for (auto point = points_.begin(); point != points_.end();) {
    const std::string& version = point->first.first;
    nlohmann::json points = nlohmann::json::array();
    Figures total;
    for (; point != points_.end() && point->first.first == version; ++point) {
      nlohmann::json of_point = to_json(point->second);
      of_point["at"] = point->first.second;
      points.push_back(std::move(of_point));
      total.add(point->second);
    }
    versions.push_back({{"version", version}, {"points", std::move(points)}, {"total", to_json(total)}});
  }
  return {
      {"since", since_}, {"step_s", step_}, {"unreadable_rows", unreadable_rows_}, {"versions", std::move(versions)}};
}

nlohmann::json Timeline::comparisons(const Deployment& deployment) const {
  nlohmann::json comparisons = nlohmann::json::array();
  if (!deployment.current) return comparisons;
  const LoadedModel& current = *deployment.current;
  if (deployment.candidate) {
    std::vector<Stratum> strata;
    const std::string& candidate = deployment.candidate->version();
    for (auto period = periods_.lower_bound({candidate, since_});
         period != periods_.end() && period->first.first == candidate; ++period) {
      const auto control = periods_.find({current.version(), period->first.second});
      if (control != periods_.end()) strata.push_back({control->second, period->second});
    }
    comparisons.push_back(to_json(compare(strata), "candidate", *deployment.candidate, current));
  }
  if (deployment.shadow) {
    PairedChoices pairs;
    const std::string& shadow = deployment.shadow->version();
    for (auto point = points_.lower_bound({shadow, since_}); point != points_.end() && point->first.first == shadow;
         ++point) {
      pairs.add(point->second.as_shadow);
    }
    comparisons.push_back(to_json(compare(pairs), "shadow", *deployment.shadow, current));
  }
  return comparisons;
}

}  // namespace sotto::serve
