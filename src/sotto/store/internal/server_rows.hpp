// What both stores do with the rows that belong to the server itself.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/store/store.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>

namespace sotto::store {

// Fails with malformed for another number of bytes than 32.
[[nodiscard]] inline Result<std::array<std::byte, 32>> hash_of(std::span<const std::byte> bytes) {
  std::array<std::byte, 32> hash{};
  if (bytes.size() != hash.size()) return Error{ErrorCode::malformed, "a stored hash does not have 32 bytes"};
  std::ranges::copy(bytes, hash.begin());
  return hash;
}

[[nodiscard]] inline Bytes copy_of(std::span<const std::byte> bytes) { return {bytes.begin(), bytes.end()}; }

[[nodiscard]] inline Error wrong_owner() { return {ErrorCode::mismatch, "the backup belongs to another owner"}; }

[[nodiscard]] inline Error key_exists(const std::string& id) {
  return {ErrorCode::mismatch, "there is a key with the id '" + id + "' already"};
}

}  // namespace sotto::store
