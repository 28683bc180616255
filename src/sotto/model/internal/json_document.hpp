// Parses JSON text by the library's event interface. The library's own parse() contains a second parser for callbacks,
// which nobody uses here and every page would download.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace sotto {

// Returns the document, or a discarded value (is_discarded()) where the text is not one JSON value.
[[nodiscard]] nlohmann::json parse_json(std::string_view text);

}  // namespace sotto
