// Logs written in the tests themselves.
#pragma once

#include <sotto/data/read_interactions.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace sotto::test {

inline std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

// Reads the text as the file "log.csv", compressed or not.
inline Result<data::Interactions> read_text(std::string_view text, const data::ReadOptions& options = {},
                                            data::ReadReport* report = nullptr) {
  data::ReadReport ignored;
  auto source = data::decompress_if_compressed(data::memory_source(bytes_of(text)));
  if (!source) return std::move(source).error();
  return data::parse_interactions(std::move(*source), "log.csv", options, report != nullptr ? *report : ignored);
}

}  // namespace sotto::test
