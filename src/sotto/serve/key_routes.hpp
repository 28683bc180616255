// GET and POST /v1/admin/keys, DELETE /v1/admin/keys/{id}.
#pragma once

#include <sotto/serve/api_keys.hpp>
#include <sotto/serve/router.hpp>
#include <sotto/serve/store_watch.hpp>

namespace sotto::serve {

// The keys must outlive the tasks that `in_background` takes.
void add_key_routes(Router& router, ApiKeys& keys, InBackground in_background, Clock now);

}  // namespace sotto::serve
