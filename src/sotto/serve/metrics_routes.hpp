// GET /metrics: what Prometheus collects.
#pragma once

#include <sotto/serve/observed.hpp>
#include <sotto/serve/router.hpp>

namespace sotto::serve {

// `scope` is open on a loopback address, and admin elsewhere.
void add_metrics_routes(Router& router, Observed observed, Scope scope);

}  // namespace sotto::serve
