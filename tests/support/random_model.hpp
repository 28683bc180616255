// Small random models for tests: plausible weights, a catalogue, every field of the spec filled.
#pragma once

#include <sotto/model/fixed_model.hpp>
#include <sotto/model/float_model.hpp>

#include <cstdint>

namespace sotto::test {

[[nodiscard]] FloatModel random_float_model(const Architecture& architecture, std::uint64_t seed);

// Any bytes a valid file may hold, extreme values included; not the quantization of anything.
// head_bits: 8, or 4 with a softmax head.
[[nodiscard]] FixedModel random_fixed_model(const Architecture& architecture, std::uint64_t seed, int head_bits = 8);

}  // namespace sotto::test
