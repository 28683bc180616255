// A batch's share as the store keeps it, and how reports are added to it.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/privacy/aggregate_share.hpp>
#include <sotto/store/aggregation_store.hpp>
#include <sotto/sync/identifiers.hpp>
#include <sotto/sync/leader_job.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace sotto::aggregate {

// No bytes are the sum of no reports. Fails as AggregateShare::decode does.
[[nodiscard]] Result<privacy::AggregateShare> decode_stored_share(std::span<const std::byte> stored,
                                                                  std::size_t length);
// What the reports of a job add to their batch.
[[nodiscard]] store::BatchAddition batch_addition(const sync::AggregatedReports& reports);
// How many reports were refused, by the reason's name.
[[nodiscard]] std::vector<store::RefusalCount> count_by_reason(std::span<const sync::ReportUploadStatus> refused);

}  // namespace sotto::aggregate
