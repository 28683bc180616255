#include <sotto/serve/answer.hpp>
#include <sotto/serve/stream_routes.hpp>
#include <sotto/stream/user_id.hpp>

#include <fmt/format.h>

#include <charconv>
#include <memory>
#include <utility>

namespace sotto::serve {
namespace {

constexpr std::int64_t max_k = 1000;
constexpr std::int64_t max_time = std::int64_t{1} << 53;  // seconds: whole numbers that JSON's readers have

// The parameter is a whole number in bounds, or not given. Otherwise the refusal.
std::optional<Refusal> read_whole(const Call& call, const char* name, std::int64_t low, std::int64_t high,
                                  std::optional<std::int64_t>& value) {
  const auto given = call.query.find(name);
  if (given == call.query.end()) return std::nullopt;
  const std::string& text = given->second;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < low || number > high) {
    return Refusal{400, "out_of_range",
                   fmt::format("The parameter {} is a whole number from {} to {}.", name, low, high)};
  }
  value = number;
  return std::nullopt;
}

void list_of(StreamLists& lists, const Call& call, http::Reply reply) {
  StreamQuestion question;
  question.user = call.path.find("id")->second;
  if (!stream::is_user_id(question.user)) {
    return reply(refusal_answer({400, "bad_value", "The user's id has 1 to 256 bytes without control characters."}));
  }
  std::optional<std::int64_t> k;
  if (const auto refusal = read_whole(call, "k", 1, max_k, k)) return reply(refusal_answer(*refusal));
  if (const auto refusal = read_whole(call, "at", -max_time, max_time, question.at)) {
    return reply(refusal_answer(*refusal));
  }
  if (k) question.k = static_cast<std::size_t>(*k);
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
