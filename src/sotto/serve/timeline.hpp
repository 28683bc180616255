// Figures of each version over time, summed over servers.
#pragma once

#include <sotto/serve/comparison.hpp>
#include <sotto/serve/deployment.hpp>
#include <sotto/serve/figures.hpp>
#include <sotto/store/store.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>

namespace sotto::serve {

class Timeline {
 public:
  // The last `hours` hours until `now`. Legal: 1 … figures_days · 24. A point is of one hour, of six, or of a day, so
  // that a plot has at most about a hundred points.
  Timeline(std::int64_t now, std::int64_t hours);

  // Moments from which the store's rows are needed.
  [[nodiscard]] std::int64_t since() const noexcept { return since_; }
  // Takes rows of the store. Those that cannot be read are counted.
  void add(std::span<const store::FiguresRow> rows);

  // {since, step_s, unreadable_rows, versions: [{version, points, total}]}
  [[nodiscard]] nlohmann::json document() const;
  // Candidate and shadow of a deployment against the current version: [{kind, version, against, hit_rate, ndcg, …}].
  [[nodiscard]] nlohmann::json comparisons(const Deployment& deployment) const;

 private:
  using Key = std::pair<std::string, std::int64_t>;  // version, and start of a period or a point

  std::int64_t step_;
  std::int64_t since_;
  std::map<Key, Figures> points_;
  std::map<Key, Choices> periods_;
  std::size_t unreadable_rows_ = 0;
};

}  // namespace sotto::serve
