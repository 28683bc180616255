// GET /v1/admin/overview: what the operator's page shows.
#pragma once

#include <sotto/serve/observed.hpp>
#include <sotto/serve/router.hpp>

namespace sotto::serve {

void add_overview_routes(Router& router, Observed observed);

}  // namespace sotto::serve
