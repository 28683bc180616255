// From a batch's histogram to the next trend: what is published and what the operator sees of it.
#pragma once

#include <sotto/aggregate/sync_model.hpp>
#include <sotto/base/result.hpp>
#include <sotto/store/aggregation_store.hpp>
#include <sotto/sync/trend_file.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace sotto::aggregate {

struct ReleasedBatch {
  store::Id32 task{};
  store::Id32 batch{};
  std::uint64_t reports = 0;
  std::uint32_t noise_thousandths = 0;
  std::span<const std::int64_t> histogram;  // [slots], with noise
  std::int64_t now = 0;
};

// The release after `previous`, whose trend is carried on if it belongs to the same slot map. Fails with wrong_shape
// for a histogram of another size, and where a stored state is damaged.
[[nodiscard]] Result<store::Release> make_release(const ReleasedBatch& batch, const SyncModel& model,
                                                  const std::optional<store::Release>& previous);

// An earlier trend again, with the next version. Without an earlier one: no trend. Fails with mismatch where the
// earlier one belongs to another slot map.
[[nodiscard]] Result<store::Release> make_rollback(const std::optional<store::Release>& earlier,
                                                   std::uint64_t next_version, const store::Id32& task,
                                                   const SyncModel& model, std::int64_t now);

[[nodiscard]] sync::SlotsFingerprint slots_fingerprint_of(const SyncModel& model);

// The prior that a release's figures state; 0 for figures that state none.
[[nodiscard]] double prior_of(const store::Release& release);

}  // namespace sotto::aggregate
