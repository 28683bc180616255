// Passes over all items. They have a file of their own, because the build for pages compiles them for speed and all
// other code for size.
#pragma once

#include <cstdint>
#include <span>

namespace sotto {

// out[i] = sat32(base[i] + round(share · moves[i])). All arrays have the same size. Legal: 0 ≤ share ≤ 1. Halves are
// rounded away from zero.
void add_share(std::span<const std::int32_t> base, std::span<const std::int32_t> moves, float share,
               std::span<std::int32_t> out) noexcept;

// out[i] = scale · scores[i].
void scale_scores(std::span<const std::int32_t> scores, float scale, std::span<float> out) noexcept;

void multiply(std::span<float> values, float factor) noexcept;

}  // namespace sotto
