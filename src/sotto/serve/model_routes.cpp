#include <sotto/serve/answer.hpp>
#include <sotto/serve/byte_range.hpp>
#include <sotto/serve/model_routes.hpp>
#include <sotto/serve/registry_refusal.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace sotto::serve {
namespace {

// A version never changes, so a client need not ask again for a year (RFC 8246).
constexpr std::string_view keep_for_ever = "public, max-age=31536000, immutable";
constexpr std::string_view ask_each_time = "no-cache";

http::Response list_models(const Registry& registry) {
  nlohmann::json list = nlohmann::json::array();
  for (const DeploymentPointer& deployment : registry.deployments()) {
    const LoadedModel& current = *deployment->current;
    nlohmann::json entry = {
        {"name", deployment->name}, {"version", current.version()}, {"items", current.catalogue().size()}};
    if (const auto delivery = registry.delivery(deployment->name, current.version())) {
      entry["bytes"] = delivery->representations.front().bytes.bytes.size();
    }
    list.push_back(std::move(entry));
  }
  http::Response response = json_answer({{"models", std::move(list)}});
  response.headers.push_back({"Cache-Control", std::string(ask_each_time)});
  return response;
}

http::Response answer_with(const ModelDelivery& delivery, const http::Request& request, std::string_view caching,
                           Metrics& metrics) {
  http::Response response = answer_from(delivery.representations, request);
  response.headers.push_back({"X-Sotto-Version", delivery.version});
  if (response.status >= 400) return response;
  response.headers.push_back({"Cache-Control", std::string(caching)});
  if (response.status != 304) response.headers.push_back({"Content-Type", "application/octet-stream"});
  if (response.status != 304 && request.method == "GET") metrics.model_downloads.add();
  return response;
}

// Answers from memory, or on the registry's thread where the file must be read first.
void deliver_version(Registry& registry, Metrics& metrics, Call call, http::Reply reply, std::string version,
                     std::string_view caching) {
  const std::string& name = call.path.at("name");
  if (const auto delivery = registry.delivery(name, version)) {
    reply(answer_with(*delivery, call.request, caching, metrics));
    return;
  }
  answer_in_background(registry.in_background(), std::move(call), std::move(reply),
                       [&registry, &metrics, version = std::move(version), caching](const Call& kept) {
                         const std::string& its_name = kept.path.at("name");
                         const auto delivery = registry.open_delivery(its_name, version);
                         if (!delivery) return refusal_answer(registry_refusal(registry, its_name, delivery.error()));
                         return answer_with(**delivery, kept.request, caching, metrics);
                       });
}

}  // namespace

void add_model_routes(Router& router, Registry& registry, Metrics& metrics) {
  router.add({"GET",
              "/v1/models",
              Scope::open,
              0,
              [&registry](const Call&, http::Reply reply) { reply(list_models(registry)); },
              {}});
  router.add({"GET",
              "/v1/models/{name}/current",
              Scope::open,
              0,
              [&registry, &metrics](Call call, http::Reply reply) {
                const auto deployment = registry.deployment(call.path.at("name"));
                if (!deployment) {
                  reply(error_answer(404, "unknown_model", "There is no model of this name."));
                  return;
                }
                deliver_version(registry, metrics, std::move(call), std::move(reply), deployment->current->version(),
                                ask_each_time);
              },
              {}});
  router.add({"GET",
              "/v1/models/{name}/versions/{version}",
              Scope::open,
              0,
              [&registry, &metrics](Call call, http::Reply reply) {
                std::string version = call.path.at("version");
                if (!is_model_name(call.path.at("name")) || !is_version(version)) {
                  reply(error_answer(404, "unknown_version", "There is no such model or version."));
                  return;
                }
                deliver_version(registry, metrics, std::move(call), std::move(reply), std::move(version),
                                keep_for_ever);
              },
              {}});
}

}  // namespace sotto::serve
