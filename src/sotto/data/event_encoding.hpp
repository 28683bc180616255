// Encodes ids and events as unambiguous bytes, which fingerprints and sketches hash.
#pragma once

#include <sotto/base/internal/bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sotto::data {

template <class T>
void append_number(std::vector<std::byte>& bytes, T value) {
  bytes.resize(bytes.size() + sizeof value);
  store_le(bytes.data() + bytes.size() - sizeof value, value);
}

// The length precedes the id, so that two ids in a row have only one reading.
inline void append_id(std::vector<std::byte>& bytes, std::string_view id) {
  append_number(bytes, static_cast<std::uint32_t>(id.size()));
  for (const char c : id) bytes.push_back(static_cast<std::byte>(c));
}

}  // namespace sotto::data
