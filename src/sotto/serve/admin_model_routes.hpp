// Admin calls on models: upload and removal, change of the current version, rollback, candidate and shadow.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/serve/registry.hpp>
#include <sotto/serve/router.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>

namespace sotto::serve {

inline constexpr std::size_t default_max_model_bytes = std::size_t{1} << 30;

// How many users' saved states belong to the version of this fingerprint. Fails as the store does.
using CountUsers = std::function<Result<std::uint64_t>(std::uint64_t fingerprint)>;

// The registry and what the function refers to must outlive the routes' last request. `max_model_bytes` is the longest
// upload.
void add_admin_model_routes(Router& router, Registry& registry, CountUsers count_users,
                            std::size_t max_model_bytes = default_max_model_bytes);

}  // namespace sotto::serve
