// The paths of private sync: DAP's, and Sotto's own beside them (docs/sync_operations.md).
#pragma once

#include <sotto/aggregate/helper.hpp>
#include <sotto/aggregate/leader.hpp>
#include <sotto/serve/in_background.hpp>
#include <sotto/serve/router.hpp>
#include <sotto/serve/workers.hpp>

namespace sotto::serve {

// What is referred to must outlive the last request.
void add_leader_routes(Router& router, aggregate::Leader& leader, Workers& workers, const InBackground& in_background);
void add_helper_routes(Router& router, aggregate::Helper& helper, Workers& workers, const InBackground& in_background);

}  // namespace sotto::serve
