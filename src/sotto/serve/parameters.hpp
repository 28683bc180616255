// What several routes read from a call's path and query.
#pragma once

#include <sotto/serve/refusal.hpp>
#include <sotto/serve/router.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace sotto::serve {

// The user of a path with {id}.
[[nodiscard]] Answered<std::string> user_parameter(const Call& call);

// A whole number of the query, low … high; `absent` where the query does not have it.
[[nodiscard]] Answered<std::optional<std::int64_t>> whole_parameter(const Call& call, const std::string& name,
                                                                    std::int64_t low, std::int64_t high,
                                                                    std::optional<std::int64_t> absent = std::nullopt);

}  // namespace sotto::serve
