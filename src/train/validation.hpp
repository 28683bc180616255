// Validation: the mean NDCG@10 of each user's validation target after all of the user's training events,
// ranked among the whole catalogue.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/train/compute.hpp>
#include <sotto/train/thread_pool.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace sotto::train {

// Very large logs are judged by a seeded sample of users.
inline constexpr std::size_t max_validation_targets = 10'000;

class Validation {
 public:
  // The split must outlive it.
  Validation(const data::Split& split, std::uint64_t seed);

  [[nodiscard]] std::size_t targets() const noexcept { return queries_.size(); }
  // Precondition: targets() > 0. The same whatever the number of threads.
  [[nodiscard]] double ndcg10(const ParameterLayout& layout, const float* parameters, ThreadPool& pool);

 private:
  std::vector<RankQuery> queries_;  // longest history first
  std::vector<std::uint32_t> ranks_;
  std::vector<std::unique_ptr<RankWorker>> workers_;  // one for each group of queries that is under way
};

}  // namespace sotto::train
