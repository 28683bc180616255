// What the base expects: each item's mean probability over the validation targets. An operator has these events from
// training, so that no device tells anything for it.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/personal/personal_model.hpp>
#include <sotto/simulate/live_log.hpp>
#include <sotto/train/thread_pool.hpp>

#include <atomic>
#include <vector>

namespace sotto::simulate {

// Returns [items], with a sum of 1; 0 without validation targets. The result does not depend on the threads. Fails with
// interrupted.
[[nodiscard]] Result<std::vector<double>> expected_shares(const LiveLog& live, const PersonalModel& model,
                                                          train::ThreadPool& pool, const std::atomic<bool>* stop);

}  // namespace sotto::simulate
