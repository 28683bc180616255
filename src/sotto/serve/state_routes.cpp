#include <sotto/serve/fold.hpp>
#include <sotto/serve/parameters.hpp>
#include <sotto/serve/state_routes.hpp>

#include <memory>
#include <utility>

namespace sotto::serve {
namespace {

const Refusal bad_state{400, "bad_state", "The body is no state of a user that this server's models can read."};

http::Response bytes_answer(const store::Bytes& bytes) {
  http::Response response;
  response.headers.push_back({"Content-Type", "application/octet-stream"});
  response.headers.push_back({"Cache-Control", "no-store"});
  response.body.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return response;
}

http::Response empty_answer() {
  http::Response response;
  response.status = 204;
  return response;
}

// A state of the request cannot be read: that is not the server's fault.
Refusal of_request(Refusal refusal) {
  if (refusal.code == "model_version_missing") refusal.status = 409;
  if (refusal.code == "state_damaged") return bad_state;
  return refusal;
}

// Runs `act(user, scratch)` on a worker and answers with what it returns. `act` gets the scratch of the user's version.
template <class Act>
void on_worker(const Serving& serving, const Call& call, http::Reply reply, Act act) {
  auto user = user_parameter(call);
  if (!user) return reply(refusal_answer(user.refusal()));
  const DeploymentPointer deployment = serving.models.deployment("");
  if (!deployment) return reply(refusal_answer(unknown_model_refusal("")));
  const auto shared_reply = std::make_shared<http::Reply>(std::move(reply));
  const bool waits =
      serving.workers.run([user = std::move(*user), deployment, shared_reply, act = std::move(act)](Scratch& scratch) {
        (*shared_reply)(act(user, scratch.of(deployment->for_user(user))));
      });
  if (!waits) (*shared_reply)(refusal_answer(overload_refusal()));
}

void get_state(const Serving& serving, const Call& call, http::Reply reply) {
  on_worker(serving, call, std::move(reply), [&serving](const std::string& user, ModelScratch& scratch) {
    auto current = serving.users.current(user, scratch);
    if (!current) return refusal_answer(current.refusal());
    if (current->head().generation == 0) return refusal_answer({404, "unknown_user", "There is no such user."});
    return bytes_answer(state_bytes(current->state(), scratch));
  });
}

// Reads the state in the body and hands it on.
template <class Act>
void with_state(const Serving& serving, Call call, http::Reply reply, Act act) {
  const auto body = std::make_shared<const std::string>(std::move(call.request.body));
  on_worker(serving, call, std::move(reply),
            [&serving, body, act = std::move(act)](const std::string& user, ModelScratch& scratch) {
              auto state = user_from(std::as_bytes(std::span(*body)), scratch, serving.models, bad_state);
              return state ? act(user, std::move(*state), scratch) : refusal_answer(of_request(state.refusal()));
            });
}

void put_state(const Serving& serving, Call call, http::Reply reply) {
  with_state(serving, std::move(call), std::move(reply),
             [&serving](const std::string& user, PersonalUser state, ModelScratch& scratch) {
               auto replaced = serving.users.replace(user, std::move(state), scratch);
               return replaced ? empty_answer() : refusal_answer(replaced.refusal());
             });
}

void merge_state(const Serving& serving, Call call, http::Reply reply) {
  with_state(serving, std::move(call), std::move(reply),
             [&serving](const std::string& user, PersonalUser state, ModelScratch& scratch) {
               auto merged = serving.users.merge(user, std::move(state), scratch);
               return merged ? bytes_answer(*merged) : refusal_answer(merged.refusal());
             });
}

void delete_state(const Serving& serving, const Call& call, http::Reply reply) {
  on_worker(serving, call, std::move(reply), [&serving](const std::string& user, ModelScratch&) {
    auto was_known = serving.users.forget(user, serving.now());
    if (!was_known) return refusal_answer(was_known.refusal());
    return empty_answer();
  });
}

}  // namespace

void add_state_routes(Router& router, const Serving& serving) {
  const auto add = [&](const char* method, const char* pattern, std::size_t body_limit, auto act) {
    router.add(
        {.method = method,
         .pattern = pattern,
         .scope = Scope::events,
         .body_limit = body_limit,
         .endpoint = [&serving, act](Call call, http::Reply reply) { act(serving, std::move(call), std::move(reply)); },
         .query = {}});
  };
  add("GET", "/v1/users/{id}/state", 0, get_state);
  add("PUT", "/v1/users/{id}/state", max_state_body, put_state);
  add("DELETE", "/v1/users/{id}/state", 0, delete_state);
  add("POST", "/v1/users/{id}/merge", max_state_body, merge_state);
}

}  // namespace sotto::serve
