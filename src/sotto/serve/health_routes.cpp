#include <sotto/serve/answer.hpp>
#include <sotto/serve/health_routes.hpp>
#include <sotto/serve/readiness.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <utility>

namespace sotto::serve {
namespace {

http::Response health_answer() {
  http::Response response = json_answer({{"status", "ok"}});
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

}  // namespace

void add_health_routes(Router& router, Observed observed) {
  Route health;
  health.method = "GET";
  health.pattern = "/healthz";
  health.endpoint = [](const Call&, http::Reply reply) { reply(health_answer()); };
  router.add(std::move(health));

  Route ready;
  ready.method = "GET";
  ready.pattern = "/readyz";
  ready.endpoint = [observed = std::move(observed)](const Call&, http::Reply reply) {
    // A std::function can be copied, and a Reply cannot.
    auto shared_reply = std::make_shared<http::Reply>(std::move(reply));
    observed.watch.probe([deployments = observed.deployments, shared_reply](const std::string& store_problem) {
      std::vector<std::string> problems = problems_of(deployments());
      // The store's reason names its files: it is for the operator, and everybody may ask here.
      if (!store_problem.empty()) problems.emplace_back("The store does not answer.");
      if (problems.empty()) {
        (*shared_reply)(health_answer());
      } else {
        (*shared_reply)(error_answer(503, "not_ready", fmt::format("{}", fmt::join(problems, " "))));
      }
    });
  };
  router.add(std::move(ready));
}

}  // namespace sotto::serve
