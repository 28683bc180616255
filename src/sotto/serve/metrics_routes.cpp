#include <sotto/serve/metrics_routes.hpp>
#include <sotto/serve/metrics_text.hpp>

#include <utility>

namespace sotto::serve {

void add_metrics_routes(Router& router, Observed observed, Scope scope) {
  Route route;
  route.method = "GET";
  route.pattern = "/metrics";
  route.scope = scope;
  route.endpoint = [observed = std::move(observed)](const Call&, http::Reply reply) {
    http::Response response;
    response.headers = {{"Content-Type", metrics_content_type}, {"Cache-Control", "no-store"}};
    response.body = metrics_text(observed);
    reply(std::move(response));
  };
  router.add(std::move(route));
}

}  // namespace sotto::serve
