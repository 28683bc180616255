#include <sotto/serve/admin_body.hpp>
#include <sotto/serve/admin_model_routes.hpp>
#include <sotto/serve/answer.hpp>
#include <sotto/serve/refusal.hpp>
#include <sotto/serve/registry_refusal.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace sotto::serve {
namespace {

nlohmann::json json_of_share(const std::optional<SharedVersion>& shared) {
  if (!shared) return nullptr;
  return {{"version", shared->version}, {"share", shared->share}};
}

http::Response describe_model(Registry& registry, const std::string& name) {
  const auto record = registry.record(name);
  if (!record) return refusal_answer(registry_refusal(registry, name, record.error()));
  const auto versions = registry.versions(name);
  if (!versions) return refusal_answer(registry_refusal(registry, name, versions.error()));
  nlohmann::json files = nlohmann::json::array();
  for (const VersionFile& file : *versions) {
    files.push_back({{"version", file.version},
                     {"bytes", file.bytes},
                     {"added", file.added},
                     {"roles", record->roles_of(file.version)}});
  }
  nlohmann::json history = nlohmann::json::array();
  for (const DeploymentChange& change : record->history) {
    history.push_back(
        {{"at", change.at}, {"action", change.action}, {"version", change.version}, {"share", change.share}});
  }
  return json_answer({{"name", name},
                      {"current", record->current},
                      {"previous", record->previous.empty() ? nlohmann::json() : nlohmann::json(record->previous)},
                      {"candidate", json_of_share(record->candidate)},
                      {"shadow", json_of_share(record->shadow)},
                      {"versions", std::move(files)},
                      {"history", std::move(history)}});
}

http::Response after_change(Registry& registry, const std::string& name, const Status& changed) {
  return changed ? describe_model(registry, name) : refusal_answer(registry_refusal(registry, name, changed.error()));
}

// A parameter of the query that is true or false; false where there is none.
bool flag_in(const Call& call, std::string_view parameter, std::optional<http::Response>& refusal) {
  const auto given = call.query.find(parameter);
  if (given == call.query.end()) return false;
  if (given->second != "true" && given->second != "false") {
    refusal = error_answer(400, "bad_value", fmt::format("The parameter '{}' is true or false.", parameter));
  }
  return given->second == "true";
}

// The fault is in the file, whatever it is called there: a missing tensor is not a missing page.
http::Response refuse_model(Registry& registry, const std::string& name, const Error& error) {
  if (error.code == ErrorCode::mismatch) return error_answer(409, "mismatch", sentence(error.detail));
  if (error.code == ErrorCode::io || error.code == ErrorCode::invalid_argument) {
    return refusal_answer(registry_refusal(registry, name, error));
  }
  return error_answer(422, error_name(error.code), "The model file is refused: " + error.detail + ".");
}

http::Response upload_model(Registry& registry, const Call& call) {
  const std::string& name = call.path.at("name");
  std::optional<http::Response> refusal;
  const bool is_current = flag_in(call, "current", refusal);
  if (refusal) return std::move(*refusal);
  const auto added = registry.add(name, std::as_bytes(std::span(call.request.body)));
  if (!added) return refuse_model(registry, name, added.error());
  if (is_current) {
    if (const auto set = registry.set_current(name, added->version); !set) {
      return refusal_answer(registry_refusal(registry, name, set.error()));
    }
  }
  const auto deployment = registry.deployment(name);
  const bool is_now_current = deployment && deployment->current->version() == added->version;
  return json_answer({{"name", name}, {"version", added->version}, {"current", is_now_current}},
                     added->is_new ? 201 : 200);
}

// The version of a body; an empty text with a refusal where it has none.
std::string version_in(const nlohmann::json& object, std::optional<http::Response>& refusal) {
  const auto version = object.find("version");
  if (version != object.end() && version->is_string() && is_version(version->get_ref<const std::string&>())) {
    return version->get<std::string>();
  }
  refusal = error_answer(400, "bad_value", "The field 'version' must be 16 lowercase hexadecimal digits.");
  return {};
}

http::Response set_current_version(Registry& registry, const Call& call) {
  std::optional<http::Response> refusal;
  const nlohmann::json object = read_admin_body(call.request.body, {"version"}, refusal);
  const std::string version = refusal ? std::string() : version_in(object, refusal);
  if (refusal) return std::move(*refusal);
  const std::string& name = call.path.at("name");
  return after_change(registry, name, registry.set_current(name, version));
}

using SetShared = Status (Registry::*)(const std::string& name, const std::string& version, double share);

http::Response set_shared_version(Registry& registry, const Call& call, SetShared set) {
  std::optional<http::Response> refusal;
  const nlohmann::json object = read_admin_body(call.request.body, {"version", "share"}, refusal);
  const std::string version = refusal ? std::string() : version_in(object, refusal);
  if (refusal) return std::move(*refusal);
  const auto share = object.find("share");
  if (share == object.end() || !share->is_number()) {
    return error_answer(400, "bad_value", "The field 'share' must be a number from 0 to 1.");
  }
  const std::string& name = call.path.at("name");
  return after_change(registry, name, (registry.*set)(name, version, share->get<double>()));
}

http::Response roll_back(Registry& registry, const Call& call) {
  const std::string& name = call.path.at("name");
  const auto was_there = registry.rollback(name);
  if (!was_there) return refusal_answer(registry_refusal(registry, name, was_there.error()));
  if (!*was_there) {
    return error_answer(409, "no_previous_version", "The model has no previous version to go back to.");
  }
  return describe_model(registry, name);
}

http::Response refuse_in_use() {
  return error_answer(409, "version_in_use", "The version is current, previous, candidate or shadow.");
}

http::Response remove_version(Registry& registry, const CountUsers& count_users, const Call& call) {
  std::optional<http::Response> refusal;
  const bool is_forced = flag_in(call, "force", refusal);
  if (refusal) return std::move(*refusal);
  const std::string& name = call.path.at("name");
  const std::string& version = call.path.at("version");
  const auto versions = registry.versions(name);
  if (!versions) return refusal_answer(registry_refusal(registry, name, versions.error()));
  if (std::ranges::find(*versions, version, &VersionFile::version) == versions->end()) {
    return error_answer(404, "unknown_version", "The model does not have this version.");
  }
  if (const auto record = registry.record(name); record && !record->roles_of(version).empty()) return refuse_in_use();
  if (!is_forced) {
    std::uint64_t fingerprint = 0;
    std::from_chars(version.data(), version.data() + version.size(), fingerprint, 16);
    const auto users = count_users(fingerprint);
    if (!users) return refusal_answer(store_refusal(users.error()));
    if (*users > 0) {
      return error_answer(409, "version_has_users",
                          fmt::format("The saved states of {} users belong to this version. Without it they cannot be "
                                      "carried over. 'force=true' removes it all the same.",
                                      *users));
    }
  }
  const auto removed = registry.remove(name, version);
  if (!removed) return refusal_answer(registry_refusal(registry, name, removed.error()));
  if (!*removed) return refuse_in_use();
  http::Response response;
  response.status = 204;
  return response;
}

using EndShared = Status (Registry::*)(const std::string& name);

}  // namespace

void add_admin_model_routes(Router& router, Registry& registry, CountUsers count_users, std::size_t max_model_bytes) {
  // Each answer reads or writes files, so it is made on the registry's thread, one after the other.
  const auto add = [&](std::string method, std::string pattern, std::size_t body_limit,
                       std::function<http::Response(const Call&)> answer, std::vector<std::string> query = {}) {
    router.add({std::move(method), std::move(pattern), Scope::admin, body_limit,
                [&registry, answer = std::move(answer)](Call call, http::Reply reply) {
                  answer_in_background(registry.in_background(), std::move(call), std::move(reply), answer);
                },
                std::move(query)});
  };
  const auto end_with = [&registry](EndShared end) {
    return [&registry, end](const Call& call) {
      const std::string& name = call.path.at("name");
      return after_change(registry, name, (registry.*end)(name));
    };
  };
  const auto set_with = [&registry](SetShared set) {
    return [&registry, set](const Call& call) { return set_shared_version(registry, call, set); };
  };
  const std::string model = "/v1/admin/models/{name}";
  add("GET", model, 0, [&registry](const Call& call) { return describe_model(registry, call.path.at("name")); });
  add("PUT", model, max_model_bytes, [&registry](const Call& call) { return upload_model(registry, call); },
      {"current"});
  add("POST", model + "/current", max_admin_body,
      [&registry](const Call& call) { return set_current_version(registry, call); });
  add("POST", model + "/rollback", max_admin_body, [&registry](const Call& call) { return roll_back(registry, call); });
  add("DELETE", model + "/versions/{version}", 0,
      [&registry, count_users = std::move(count_users)](const Call& call) {
        return remove_version(registry, count_users, call);
      },
      {"force"});
  add("PUT", model + "/candidate", max_admin_body, set_with(&Registry::set_candidate));
  add("DELETE", model + "/candidate", 0, end_with(&Registry::end_candidate));
  add("PUT", model + "/shadow", max_admin_body, set_with(&Registry::set_shadow));
  add("DELETE", model + "/shadow", 0, end_with(&Registry::end_shadow));
}

}  // namespace sotto::serve
