#include <sotto/personal/internal/item_passes.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>

namespace sotto {
namespace {

constexpr float max_move = 2147483520.0F;  // the largest float32 below 2^31

// The sum is computed in 32 bits, so that compilers vectorize it. It has wrapped if its sign differs from the signs of
// both operands.
std::int32_t saturating_sum(std::int32_t a, std::int32_t b) noexcept {
  const auto sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(a) + static_cast<std::uint32_t>(b));
  const bool wrapped = ((a ^ sum) & (b ^ sum)) < 0;
  const std::int32_t bound = (a >> 31) ^ std::numeric_limits<std::int32_t>::max();
  return wrapped ? bound : sum;
}

}  // namespace

void add_share(std::span<const std::int32_t> base, std::span<const std::int32_t> moves, float share,
               std::span<std::int32_t> out) noexcept {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const float by = std::min(std::max(share * static_cast<float>(moves[i]), -max_move), max_move);
    out[i] = saturating_sum(base[i], static_cast<std::int32_t>(by + (by < 0 ? -0.5F : 0.5F)));
  }
}

void scale_scores(std::span<const std::int32_t> scores, float scale, std::span<float> out) noexcept {
  for (std::size_t i = 0; i < scores.size(); ++i) out[i] = static_cast<float>(scores[i]) * scale;
}

void multiply(std::span<float> values, float factor) noexcept {
  for (float& value : values) value *= factor;
}

}  // namespace sotto
