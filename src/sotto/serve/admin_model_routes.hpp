// Admin calls on models: upload, change of the current version, rollback, candidate and shadow.
#pragma once

#include <sotto/serve/registry.hpp>
#include <sotto/serve/router.hpp>

#include <cstddef>

namespace sotto::serve {

inline constexpr std::size_t default_max_model_bytes = std::size_t{1} << 30;

// The registry must outlive the routes' last request. `max_model_bytes` is the longest upload.
void add_admin_model_routes(Router& router, Registry& registry, std::size_t max_model_bytes = default_max_model_bytes);

}  // namespace sotto::serve
