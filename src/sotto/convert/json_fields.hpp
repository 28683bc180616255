// Reads fields of JSON from outside. As in Keras's configurations, null and a missing field both mean the default.
#pragma once

#include <sotto/base/result.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace sotto::convert {

using Json = nlohmann::json;

// Returns the field, or nullptr if `object` is not an object, has no such field, or has null in it.
[[nodiscard]] const Json* find_field(const Json& object, std::string_view name);
// Returns the field if it is a string, else nullptr.
[[nodiscard]] const std::string* find_string(const Json& object, std::string_view name);
// Returns the JSON text in one short line, for an error.
[[nodiscard]] std::string shown(const Json& value);

// `where` starts the error, such as "layer 'lstm' (LSTM)".
[[nodiscard]] Result<bool> boolean_field(const Json& object, std::string_view name, bool otherwise,
                                         const std::string& where);
// Reads a required field. Legal: 1 … `max`.
[[nodiscard]] Result<std::uint32_t> size_field(const Json& object, std::string_view name, std::uint32_t max,
                                               const std::string& where);

}  // namespace sotto::convert
