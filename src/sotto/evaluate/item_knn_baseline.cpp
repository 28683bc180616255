#include <sotto/evaluate/baselines.hpp>
#include <sotto/evaluate/neighbor_table.hpp>
#include <sotto/evaluate/popularity.hpp>

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>
#include <utility>
#include <vector>

namespace sotto::evaluate {
namespace {

constexpr std::size_t events_counted = 100;  // last events of each user; limits the number of pairs
constexpr std::size_t recent_events = 3;   // 1, 2, 3, 5, 10, 20 and 40 were tried, as for the half-life

constexpr std::size_t max_item_knn_neighbors = 200;
constexpr double item_knn_tie_scale = 1e-6;  // keeps popularity below any neighbor's similarity

// A row for each user or item, as a list of lists in one array.
struct SparseRows {
  std::vector<std::size_t> begin;
  std::vector<std::uint32_t> entries;

  [[nodiscard]] std::span<const std::uint32_t> of(std::size_t row) const noexcept {
    return std::span(entries).subspan(begin[row], begin[row + 1] - begin[row]);
  }
};

// Returns each user's distinct items among the last training events.
SparseRows items_of_users(const data::Split& split) {
  SparseRows rows{.begin = {0}, .entries = {}};
  std::vector<ItemIndex> items;
  for (std::size_t user = 0; user < split.log().users(); ++user) {
    const auto training = split.training_items(user);
    const auto last = training.last(std::min(training.size(), events_counted));
    items.assign(last.begin(), last.end());
    std::ranges::sort(items);
    rows.entries.insert(rows.entries.end(), items.begin(), std::ranges::unique(items).begin());
    rows.begin.push_back(rows.entries.size());
  }
  return rows;
}

SparseRows users_of_items(const SparseRows& by_user, std::size_t items) {
  SparseRows rows{.begin = std::vector<std::size_t>(items + 1, 0),
                  .entries = std::vector<std::uint32_t>(by_user.entries.size())};
  for (const std::uint32_t item : by_user.entries) ++rows.begin[item + 1];
  std::inclusive_scan(rows.begin.begin(), rows.begin.end(), rows.begin.begin());
  std::vector<std::size_t> next(rows.begin.begin(), rows.begin.end() - 1);
  for (std::size_t user = 0; user + 1 < by_user.begin.size(); ++user) {
    for (const std::uint32_t item : by_user.of(user)) rows.entries[next[item]++] = static_cast<std::uint32_t>(user);
  }
  return rows;
}

NeighborTable cosine_neighbors(const data::Split& split) {
  const std::size_t items = split.log().item_ids.size();
  const SparseRows by_user = items_of_users(split);
  const SparseRows by_item = users_of_items(by_user, items);
  NeighborTable table;
  std::vector<std::uint32_t> shared(items, 0);  // users with events on both items
  std::vector<ItemIndex> touched;
  std::vector<Neighbor> row;
  for (ItemIndex item = 0; item < items; ++item) {
    for (const std::uint32_t user : by_item.of(item)) {
      for (const ItemIndex other : by_user.of(user)) {
        if (shared[other]++ == 0) touched.push_back(other);
      }
    }
    row.clear();
    for (const ItemIndex other : touched) {
      const auto users = static_cast<double>(by_item.of(item).size()) * static_cast<double>(by_item.of(other).size());
      if (other != item) row.push_back({other, static_cast<float>(shared[other] / std::sqrt(users))});
      shared[other] = 0;
    }
    touched.clear();
    table.append(row, max_item_knn_neighbors);
  }
  return table;
}

struct ItemKnnKnowledge {
  NeighborTable neighbors;
  std::vector<double> popularity;  // scaled below any neighbor's similarity
};

class ItemKnnRanker final : public Ranker {
 public:
  explicit ItemKnnRanker(std::shared_ptr<const ItemKnnKnowledge> knowledge) : knowledge_(std::move(knowledge)) {}

  void reset() override { recent_.clear(); }
  void observe(ItemIndex item) override {
    recent_.push_front(item);
    if (recent_.size() > recent_events) recent_.pop_back();
  }
  void scores(std::span<double> scores) override {
    std::ranges::copy(knowledge_->popularity, scores.begin());
    for (auto item = recent_.begin(); item != recent_.end(); ++item) {
      if (std::find(recent_.begin(), item, *item) != item) continue;  // each distinct item once
      for (const auto& [other, similarity] : knowledge_->neighbors.of(*item)) {
        scores[other] += static_cast<double>(similarity);
      }
    }
  }
  std::unique_ptr<Ranker> clone() const override { return std::make_unique<ItemKnnRanker>(knowledge_); }

 private:
  std::shared_ptr<const ItemKnnKnowledge> knowledge_;
  std::deque<ItemIndex> recent_;  // the last one first
};

}  // namespace

std::unique_ptr<Ranker> make_item_knn_ranker(const data::Split& split) {
  ItemKnnKnowledge knowledge{cosine_neighbors(split), tie_breaking_popularity(split)};
  for (double& popularity : knowledge.popularity) popularity *= item_knn_tie_scale;
  return std::make_unique<ItemKnnRanker>(std::make_shared<const ItemKnnKnowledge>(std::move(knowledge)));
}

}  // namespace sotto::evaluate
