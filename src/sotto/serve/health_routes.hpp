// GET /healthz: the process lives. GET /readyz: it can answer, or what is wrong.
#pragma once

#include <sotto/serve/observed.hpp>
#include <sotto/serve/router.hpp>

namespace sotto::serve {

void add_health_routes(Router& router, Observed observed);

}  // namespace sotto::serve
