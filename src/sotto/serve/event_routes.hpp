// POST /v1/events: what users did, durable before the answer.
#pragma once

#include <sotto/serve/router.hpp>
#include <sotto/serve/serving.hpp>

namespace sotto::serve {

void add_event_routes(Router& router, const Serving& serving);

}  // namespace sotto::serve
