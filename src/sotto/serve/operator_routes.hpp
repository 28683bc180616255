// Documents that are part of the program: GET /operator, the operator's page, and GET /openapi.json.
#pragma once

#include <sotto/serve/router.hpp>

namespace sotto::serve {

void add_operator_routes(Router& router);

}  // namespace sotto::serve
