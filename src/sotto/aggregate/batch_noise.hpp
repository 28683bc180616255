// The noise that each aggregator adds to its share before the share leaves it.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/privacy/aggregate_share.hpp>
#include <sotto/privacy/entropy.hpp>

#include <cstdint>

namespace sotto::aggregate {

// Adds discrete Gaussian noise of that deviation to every slot. 0 adds none; it is for tests. Fails where the entropy
// does.
[[nodiscard]] Status add_batch_noise(privacy::AggregateShare& share, std::uint32_t deviation_thousandths,
                                     privacy::Entropy& entropy);

// The variance of an entry of the histogram: both sides add noise.
[[nodiscard]] double histogram_noise_variance(std::uint32_t deviation_thousandths) noexcept;

}  // namespace sotto::aggregate
