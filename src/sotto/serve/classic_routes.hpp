// POST /recommend, as every recommender's tutorial has it: a window of items in, ids out.
#pragma once

#include <sotto/serve/router.hpp>
#include <sotto/serve/serving.hpp>

namespace sotto::serve {

void add_classic_routes(Router& router, const Serving& serving);

}  // namespace sotto::serve
