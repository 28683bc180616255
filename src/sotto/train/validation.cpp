#include <sotto/train/validation.hpp>

#include <sotto/train/rank_query.hpp>
#include <sotto/train/seeds.hpp>
#include <sotto/train/window_batches.hpp>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

namespace sotto::train {
namespace {

// Queries that run together. The number is fixed, because the grouping of queries affects how their sums are rounded.
constexpr std::size_t group_size = 64;

std::vector<data::Target> sample_targets(const data::Split& split, std::uint64_t seed) {
  std::vector<data::Target> targets = data::validation_targets(split);
  if (targets.size() <= max_validation_targets) return targets;
  Random random = stream_of(seed, Purpose::validation_sample, 0);
  for (std::size_t i = 0; i < max_validation_targets; ++i) {
    std::swap(targets[i], targets[i + random.below(static_cast<std::uint32_t>(targets.size() - i))]);
  }
  targets.resize(max_validation_targets);
  std::ranges::sort(targets);
  return targets;
}

class RankValidation final : public Validation {
 public:
  RankValidation(const data::Split& split, std::uint64_t seed) {
    // As 'sotto evaluate' ranks them.
    const bool excludes_history = data::history_never_repeats(split);
    for (const auto& [user, event] : sample_targets(split, seed)) {
      const auto items = split.log().items_of(user);
      queries_.push_back({items.data(), event, items[event], excludes_history});
    }
    std::ranges::stable_sort(queries_, [](const RankQuery& a, const RankQuery& b) { return a.length > b.length; });
    ranks_.resize(queries_.size());
  }

  [[nodiscard]] std::size_t targets() const override { return queries_.size(); }
  [[nodiscard]] const char* metric() const override { return "NDCG@10"; }

  [[nodiscard]] double score(const ParameterLayout& layout, const float* parameters,
                             std::span<const std::unique_ptr<ShardWorker>> /*workers*/, ThreadPool& pool) override {
    std::mutex idle;  // guards rankers_, the rankers that are not in use
    const std::size_t groups = (queries_.size() + group_size - 1) / group_size;
    pool.run(groups, [&](std::size_t group) {
      std::unique_ptr<RankWorker> ranker;
      {
        const std::lock_guard lock(idle);
        if (!rankers_.empty()) {
          ranker = std::move(rankers_.back());
          rankers_.pop_back();
        }
      }
      if (!ranker) ranker = compute().make_rank_worker(layout);
      const std::size_t first = group * group_size;
      const std::size_t count = std::min(group_size, queries_.size() - first);
      ranker->rank(parameters, queries_.data() + first, count, ranks_.data() + first);
      const std::lock_guard lock(idle);
      rankers_.push_back(std::move(ranker));
    });
    double sum = 0;
    for (const std::uint32_t rank : ranks_) {
      sum += rank <= 10 ? 1.0 / std::log2(static_cast<double>(rank) + 1.0) : 0.0;
    }
    return sum / static_cast<double>(ranks_.size());
  }

 private:
  std::vector<RankQuery> queries_;  // longest history first
  std::vector<std::uint32_t> ranks_;
  std::vector<std::unique_ptr<RankWorker>> rankers_;  // one for each group of queries that is running
};

class WindowValidation final : public Validation {
 public:
  WindowValidation(const data::Split& split, const Plan& plan, std::span<const std::uint64_t> item_count,
                   std::uint64_t seed)
      : plan_(plan),
        batches_(split, sample_targets(split, seed), plan, item_count, seed_of(seed, Purpose::validation_sample, 1)) {}

  [[nodiscard]] std::size_t targets() const override { return batches_.targets(); }
  [[nodiscard]] const char* metric() const override { return "accuracy"; }

  [[nodiscard]] double score(const ParameterLayout& layout, const float* parameters,
                             std::span<const std::unique_ptr<ShardWorker>> workers, ThreadPool& pool) override {
    const auto packed = compute().make_packed_network(layout);
    pool.run(packed->parts(), [&](std::size_t part) { packed->pack(part, parameters); });
    double correct = 0;
    for (std::size_t batch = 0; batch < batches_.batches(); ++batch) {
      batches_.fill(batch, batch);
      std::vector<BinarySums> sums(plan_.shards);
      pool.run(plan_.shards, [&](std::size_t shard) {
        workers[shard]->reset(batches_.lanes_of(shard));
        sums[shard] = workers[shard]->binary_loss(parameters, *packed, batches_.shard(shard));
      });
      for (const auto& sum : sums) correct += sum.correct * static_cast<double>(batches_.positions());
    }
    return correct / static_cast<double>(2 * targets());
  }

 private:
  const Plan& plan_;
  WindowBatches batches_;
};

}  // namespace

std::unique_ptr<Validation> make_validation(const data::Split& split, const Plan& plan,
                                            std::span<const std::uint64_t> item_count, std::uint64_t seed) {
  if (plan.loss == Loss::binary) return std::make_unique<WindowValidation>(split, plan, item_count, seed);
  return std::make_unique<RankValidation>(split, seed);
}

}  // namespace sotto::train
