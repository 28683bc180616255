// The passes of x86-64. Precondition of each: the processor supports its instructions. They are internal to this room.
#pragma once

#include <cstdint>
#include <span>

namespace sotto::measure {

[[nodiscard]] std::uint32_t weight_pass_avx2(std::span<const std::int8_t> weights, std::uint8_t x) noexcept;
[[nodiscard]] std::uint32_t weight_pass_avx512_vnni(std::span<const std::int8_t> weights, std::uint8_t x) noexcept;

}  // namespace sotto::measure
