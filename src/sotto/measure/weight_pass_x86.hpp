// The passes of x86-64; each may be called only where the processor has its instructions. Internal to the room.
#pragma once

#include <cstdint>
#include <span>

namespace sotto::measure {

[[nodiscard]] std::uint32_t weight_pass_avx2(std::span<const std::int8_t> weights, std::uint8_t x) noexcept;
[[nodiscard]] std::uint32_t weight_pass_avx512_vnni(std::span<const std::int8_t> weights, std::uint8_t x) noexcept;

}  // namespace sotto::measure
