// GET /v1/models, and a model's file as pages fetch it: /v1/models/{name}/current and …/versions/{version}.
#pragma once

#include <sotto/serve/metrics.hpp>
#include <sotto/serve/registry.hpp>
#include <sotto/serve/router.hpp>

namespace sotto::serve {

// Both must outlive the routes' last request.
void add_model_routes(Router& router, Registry& registry, Metrics& metrics);

}  // namespace sotto::serve
