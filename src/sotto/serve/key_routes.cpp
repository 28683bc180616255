#include <sotto/serve/admin_body.hpp>
#include <sotto/serve/answer.hpp>
#include <sotto/serve/key_routes.hpp>
#include <sotto/serve/refusal.hpp>

#include <optional>
#include <string>
#include <utility>

namespace sotto::serve {
namespace {

nlohmann::json scope_list(std::string_view scopes) {
  nlohmann::json list = nlohmann::json::array();
  while (!scopes.empty()) {
    const std::size_t comma = scopes.find(',');
    list.push_back(scopes.substr(0, comma));
    scopes = comma == std::string_view::npos ? std::string_view() : scopes.substr(comma + 1);
  }
  return list;
}

http::Response list_keys(ApiKeys& keys) {
  const auto stored = keys.list();
  if (!stored) return refusal_answer(store_refusal(stored.error()));
  nlohmann::json list = nlohmann::json::array();
  for (const store::ApiKey& key : *stored) {
    list.push_back({{"id", key.id}, {"name", key.name}, {"scopes", scope_list(key.scopes)}, {"created", key.created}});
  }
  return json_answer({{"keys", std::move(list)}});
}

// The scopes of the body as the store writes them; nothing where they are not a list of texts.
std::optional<std::string> scopes_text(const nlohmann::json& scopes) {
  if (!scopes.is_array()) return std::nullopt;
  std::string text;
  for (const nlohmann::json& scope : scopes) {
    if (!scope.is_string()) return std::nullopt;
    if (!text.empty()) text += ',';
    text += scope.get_ref<const std::string&>();
  }
  return text;
}

http::Response make_key(ApiKeys& keys, std::string_view body, std::int64_t now) {
  std::optional<http::Response> refusal;
  const nlohmann::json object = read_admin_body(body, {"name", "scopes"}, refusal);
  if (refusal) return std::move(*refusal);
  const auto name = object.find("name");
  if (name == object.end() || !name->is_string()) {
    return error_answer(400, "bad_value", "The field 'name' must be a text.");
  }
  const auto field = object.find("scopes");
  const auto scopes = field == object.end() ? std::nullopt : scopes_text(*field);
  if (!scopes) return error_answer(400, "bad_value", "The field 'scopes' must be a list of texts.");

  const auto made = keys.make(name->get_ref<const std::string&>(), *scopes, now);
  if (!made && made.error().code == ErrorCode::invalid_argument) {
    return error_answer(400, "bad_value", sentence(made.error().detail));
  }
  if (!made) return refusal_answer(store_refusal(made.error()));
  http::Response response =
      json_answer({{"id", made->id}, {"key", made->key}, {"name", *name}, {"scopes", *field}}, 201);
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

http::Response remove_key(ApiKeys& keys, const std::string& id) {
  const auto was_there = keys.remove(id);
  if (!was_there && was_there.error().code == ErrorCode::mismatch) {
    return error_answer(409, "last_key", sentence(was_there.error().detail));
  }
  if (!was_there) return refusal_answer(store_refusal(was_there.error()));
  if (!*was_there) return error_answer(404, "unknown_key_id", "There is no key with this id.");
  http::Response response;
  response.status = 204;
  return response;
}

}  // namespace

void add_key_routes(Router& router, ApiKeys& keys, InBackground in_background, Clock now) {
  // Each answer waits for the store, so it is made on another thread.
  const auto in_turn = [in_background](auto answer) {
    return [in_background, answer](Call call, http::Reply reply) {
      answer_in_background(in_background, std::move(call), std::move(reply), answer);
    };
  };
  router.add({"GET", "/v1/admin/keys", Scope::admin, 0, in_turn([&keys](const Call&) { return list_keys(keys); }), {}});
  router.add({"POST",
              "/v1/admin/keys",
              Scope::admin,
              max_admin_body,
              in_turn([&keys, now](const Call& call) { return make_key(keys, call.request.body, now()); }),
              {}});
  router.add({"DELETE",
              "/v1/admin/keys/{id}",
              Scope::admin,
              0,
              in_turn([&keys](const Call& call) { return remove_key(keys, call.path.at("id")); }),
              {}});
}

}  // namespace sotto::serve
