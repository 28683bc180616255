// Random values, their hashes, and the comparison that does not tell where two values differ.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <string_view>

namespace sotto::serve {

using Digest = std::array<std::byte, 32>;

[[nodiscard]] Digest sha256(std::string_view bytes) noexcept;
// Takes the same time wherever the values differ.
[[nodiscard]] bool are_equal_in_constant_time(const Digest& a, const Digest& b) noexcept;

// Fills the bytes with random values that nobody can guess; false where the system has none.
using Entropy = std::function<bool(std::span<std::byte>)>;
[[nodiscard]] bool system_entropy(std::span<std::byte> bytes) noexcept;

}  // namespace sotto::serve
