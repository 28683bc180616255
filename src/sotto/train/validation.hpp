// Validation decides which epoch's weights are kept.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/train/compute.hpp>
#include <sotto/train/plan.hpp>
#include <sotto/train/thread_pool.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace sotto::train {

// For very large logs, validation uses a seeded sample of targets.
inline constexpr std::size_t max_validation_targets = 10'000;

class Validation {
 public:
  virtual ~Validation() = default;
  [[nodiscard]] virtual std::size_t targets() const = 0;
  [[nodiscard]] virtual const char* metric() const = 0;
  // Returns the metric; higher is better. Precondition: targets() > 0. The result does not depend on the number of
  // threads. The workers may lose their carried states.
  [[nodiscard]] virtual double score(const ParameterLayout& layout, const float* parameters,
                                     std::span<const std::unique_ptr<ShardWorker>> workers, ThreadPool& pool) = 0;
};

// For a softmax head, the metric is the mean NDCG@10 of the validation targets, ranked among the whole catalogue. Where
// users meet each item only once, the items of a user's history are left out. For a
// binary head, it is the share of correct classifications among targets and as many randomly drawn items. The split and
// the plan must outlive it.
[[nodiscard]] std::unique_ptr<Validation> make_validation(const data::Split& split, const Plan& plan,
                                                          std::span<const std::uint64_t> item_count,
                                                          std::uint64_t seed);

}  // namespace sotto::train
