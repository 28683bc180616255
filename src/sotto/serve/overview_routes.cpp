#include <sotto/serve/answer.hpp>
#include <sotto/serve/overview_routes.hpp>
#include <sotto/serve/parameters.hpp>
#include <sotto/serve/process_usage.hpp>
#include <sotto/serve/readiness.hpp>
#include <sotto/serve/timeline.hpp>

#include <nlohmann/json.hpp>

#include <utility>

namespace sotto::serve {
namespace {

constexpr std::int64_t default_hours = 24;
constexpr std::int64_t max_hours = figures_days * 24;

nlohmann::json version_of(const ModelPointer& model) {
  if (!model) return nullptr;
  return {{"version", model->version()}, {"items", model->catalogue().size()}};
}

nlohmann::json version_of(const ModelPointer& model, double share) {
  nlohmann::json version = version_of(model);
  if (model) version["share"] = share;
  return version;
}

nlohmann::json server_part(const Observed& observed, std::int64_t now, const std::vector<std::string>& problems) {
  const ProcessUsage usage = process_usage();
  nlohmann::json server = {{"program", "sotto " SOTTO_VERSION},
                           {"now", now},
                           {"started", observed.started},
                           {"problems", problems},
                           {"memory_bytes", usage.resident_bytes},
                           {"cpu_seconds", usage.cpu_seconds},
                           {"connections", nullptr}};
  if (const http::ServerFigures* connections = observed.connections()) {
    server["connections"] = {{"open", connections->open.load()},
                             {"accepted", connections->accepted.load()},
                             {"refused", connections->refused_connections.load()},
                             {"rate_limited", connections->refused_by_rate.load()},
                             {"malformed", connections->malformed.load()},
                             {"timed_out", connections->timed_out.load()}};
  }
  return server;
}

// Counts since the server began; a reader makes rates of two of them.
nlohmann::json counts_part(const Metrics& metrics) {
  std::uint64_t requests = 0;
  std::uint64_t client_errors = 0;
  std::uint64_t server_errors = 0;
  for (const RouteMetrics& route : metrics.routes) {
    for (const Counter& answers : route.answers) requests += answers.value();
    client_errors += route.answers[3].value();
    server_errors += route.answers[4].value();
  }
  return {{"requests", requests},
          {"client_errors", client_errors},
          {"server_errors", server_errors},
          {"events", metrics.events_accepted.value()},
          {"events_of_unknown_items", metrics.events_unknown.value()},
          {"commit_failures", metrics.commit_failures.value()},
          {"background_failures", metrics.background_failures.value()}};
}

nlohmann::json store_part(const Observed& observed) {
  nlohmann::json part = {{"description", observed.store.description()}, {"size", nullptr}};
  if (const std::optional<store::StoreSize> size = observed.watch.size()) {
    part["size"] = {{"users", size->users}, {"events", size->events}, {"bytes", size->bytes}, {"schema", size->schema}};
  }
  return part;
}

nlohmann::json models_part(const std::vector<DeploymentPointer>& deployments, const Timeline& timeline) {
  nlohmann::json models = nlohmann::json::array();
  for (const DeploymentPointer& deployment : deployments) {
    models.push_back({{"name", deployment->name},
                      {"current", version_of(deployment->current)},
                      {"previous", version_of(deployment->previous)},
                      {"candidate", version_of(deployment->candidate, deployment->share)},
                      {"shadow", version_of(deployment->shadow, deployment->shadow_share)},
                      {"comparisons", timeline.comparisons(*deployment)}});
  }
  return models;
}

http::Response overview(const Observed& observed, std::int64_t hours) {
  const std::int64_t now = observed.now();
  const std::vector<DeploymentPointer> deployments = observed.deployments();
  std::vector<std::string> problems = problems_of(deployments);
  Timeline timeline(now, hours);
  const Result<std::vector<store::FiguresRow>> rows = observed.store.figures(timeline.since());
  if (rows) {
    timeline.add(*rows);
  } else {
    problems.push_back("The store does not give the figures: " + rows.error().detail + ".");
  }
  http::Response response = json_answer({{"server", server_part(observed, now, problems)},
                                         {"counts", counts_part(observed.metrics)},
                                         {"users", {{"in_memory", observed.metrics.users_in_memory.value()}}},
                                         {"store", store_part(observed)},
                                         {"models", models_part(deployments, timeline)},
                                         {"figures", timeline.document()}});
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

}  // namespace

void add_overview_routes(Router& router, Observed observed) {
  Route route;
  route.method = "GET";
  route.pattern = "/v1/admin/overview";
  route.scope = Scope::admin;
  route.query = {"hours"};
  route.endpoint = [observed = std::move(observed)](Call call, http::Reply reply) {
    auto hours = whole_parameter(call, "hours", 1, max_hours, default_hours);
    if (!hours) return reply(refusal_answer(hours.refusal()));
    answer_in_background(observed.in_background, std::move(call), std::move(reply),
                         [observed, hours = **hours](const Call&) { return overview(observed, hours); });
  };
  router.add(std::move(route));
}

}  // namespace sotto::serve
