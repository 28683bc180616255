// GET, PUT and DELETE /v1/users/{id}/state, and POST /v1/users/{id}/merge: the bytes that a page exports.
#pragma once

#include <sotto/serve/router.hpp>
#include <sotto/serve/serving.hpp>

namespace sotto::serve {

// A state has at most 1,024 events with times, 64 hidden items, and 80 bytes for each hidden unit.
inline constexpr std::size_t max_state_body = std::size_t{1} << 20;

void add_state_routes(Router& router, const Serving& serving);

}  // namespace sotto::serve
