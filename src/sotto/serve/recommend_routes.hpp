// POST /v1/recommend and POST /v1/recommend/batch.
#pragma once

#include <sotto/serve/router.hpp>
#include <sotto/serve/serving.hpp>

namespace sotto::serve {

void add_recommend_routes(Router& router, const Serving& serving);

}  // namespace sotto::serve
