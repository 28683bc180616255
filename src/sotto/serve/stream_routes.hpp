// GET /v1/users/{id}/recommendations: the list that the stream makes for a user.
#pragma once

#include <sotto/serve/router.hpp>
#include <sotto/serve/stream_lists.hpp>

namespace sotto::serve {

// Without lists (null) the answer is 501. They must outlive the last request.
void add_stream_routes(Router& router, StreamLists* lists);

}  // namespace sotto::serve
