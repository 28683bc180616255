#include <sotto/serve/parameters.hpp>
#include <sotto/serve/stream_routes.hpp>

#include <memory>
#include <utility>

namespace sotto::serve {
namespace {

constexpr std::int64_t default_k = 10;
constexpr std::int64_t max_k = 1000;
constexpr std::int64_t max_time = std::int64_t{1} << 53;  // seconds: whole numbers that JSON's readers have

void list_of(StreamLists& lists, const Call& call, http::Reply reply) {
  auto user = user_parameter(call);
  if (!user) return reply(refusal_answer(user.refusal()));
  auto k = whole_parameter(call, "k", 1, max_k, default_k);
  if (!k) return reply(refusal_answer(k.refusal()));
  auto at = whole_parameter(call, "at", -max_time, max_time);
  if (!at) return reply(refusal_answer(at.refusal()));
  StreamQuestion question{.user = std::move(*user), .k = static_cast<std::size_t>(**k), .at = *at};
  const auto shared_reply = std::make_shared<http::Reply>(std::move(reply));
  const bool waits = lists.ask(std::move(question), [shared_reply](Answered<std::string> list) {
    if (!list) return (*shared_reply)(refusal_answer(list.refusal()));
    http::Response response;
    response.headers.push_back({"Content-Type", "application/json"});
    response.headers.push_back({"Cache-Control", "no-store"});
    response.body = std::move(*list);
    (*shared_reply)(std::move(response));
  });
  if (!waits) (*shared_reply)(refusal_answer(overload_refusal()));
}

}  // namespace

void add_stream_routes(Router& router, StreamLists* lists) {
  router.add({.method = "GET",
              .pattern = "/v1/users/{id}/recommendations",
              .scope = Scope::recommend,
              .body_limit = 0,
              .endpoint =
                  [lists](Call call, http::Reply reply) {
                    if (lists != nullptr) return list_of(*lists, call, std::move(reply));
                    reply(refusal_answer({501, "no_stream",
                                          "This server asks no stream. Its operator starts it with --stream-worker."}));
                  },
              .query = {"at", "k"}});
}

}  // namespace sotto::serve
