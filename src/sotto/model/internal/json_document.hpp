// Parses JSON text through the library's event interface. The library's own parse() contains a second parser for
// callbacks. No code here uses it, and every page would download it.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace sotto {

// Returns the document. Returns a discarded value (is_discarded()) if the text is not one JSON value.
[[nodiscard]] nlohmann::json parse_json(std::string_view text);

}  // namespace sotto
