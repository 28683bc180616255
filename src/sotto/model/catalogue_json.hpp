// Writes and reads the catalogue as JSON, which is the text of the model file's tensor "catalogue" (docs/format.md).
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/catalogue.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace sotto {

[[nodiscard]] std::string to_json_text(const Catalogue& catalogue);
[[nodiscard]] Result<Catalogue> parse_catalogue(std::string_view text, std::uint32_t items);

}  // namespace sotto
