// JSON text to a document, by the library's event interface: its own parse() brings a second parser along, for
// callbacks that nobody gives it, which every page would download. Internal to the room.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace sotto {

// The document; a discarded value (is_discarded(), of no other type) where the text is not one JSON value.
[[nodiscard]] nlohmann::json parse_json(std::string_view text);

}  // namespace sotto
