// Reads JSON from outside, within bounds.
#pragma once

#include <sotto/base/result.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string_view>

namespace sotto::stream {

inline constexpr std::size_t max_json_depth = 16;  // nested objects and arrays

// Fails with malformed for text that is not one JSON value (RFC 8259) in UTF-8, that nests deeper than max_json_depth,
// or that has a name twice in one object, of which readers would choose different ones.
[[nodiscard]] Result<nlohmann::json> parse_json(std::string_view text);

}  // namespace sotto::stream
