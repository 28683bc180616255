// Writes a JSON value in the form that an error message shows. It does not use the library's writer, because that
// writer's code for fractional digits alone is a fortieth of a page's download.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>

namespace sotto {

// Text is cut after 60 bytes, and a number after the decimal point. Arrays and objects are shown by their size.
[[nodiscard]] inline std::string shown_in_error(const nlohmann::json& value) {
  constexpr std::size_t max_bytes = 60;
  constexpr double max_whole = 1e18;
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    return '"' + (text.size() > max_bytes ? text.substr(0, max_bytes) + "…" : text) + '"';
  }
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_number_unsigned()) return std::to_string(value.get<std::uint64_t>());
  if (value.is_number_integer()) return std::to_string(value.get<std::int64_t>());
  if (value.is_number()) {
    const double number = value.get<double>();
    const bool fits = number > -max_whole && number < max_whole;
    return fits ? std::to_string(static_cast<std::int64_t>(number)) + ".…" : "a number beyond 10^18";
  }
  if (value.is_null()) return "null";
  return (value.is_array() ? "an array of " : "an object of ") + std::to_string(value.size());
}

}  // namespace sotto
