// The small JSON bodies of admin calls.
#pragma once

#include <sotto/http/message.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace sotto::serve {

inline constexpr std::size_t max_admin_body = 16 * 1024;  // bytes

// The body as an object that has no members but these. Fills in `refusal` and returns null where it is not.
[[nodiscard]] nlohmann::json read_admin_body(std::string_view body, std::initializer_list<std::string_view> members,
                                             std::optional<http::Response>& refusal);

}  // namespace sotto::serve
