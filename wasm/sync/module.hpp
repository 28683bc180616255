// What the functions of the module share: the parts that a call leaves, and the latest error.
#pragma once

#include "sotto_sync.h"

#include <sotto/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sotto::wasm {

// Remembers the error for sotto_sync_error_detail and returns its negative code.
std::int32_t fail(const Error& error);

inline std::span<const std::byte> bytes_at(const void* bytes, std::size_t size) noexcept {
  return {static_cast<const std::byte*>(bytes), size};
}

// Replaces what the call before left.
void clear_parts() noexcept;
void add_part(std::vector<std::byte> part);
void add_part(std::string_view text);

}  // namespace sotto::wasm
