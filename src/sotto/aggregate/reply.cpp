#include <sotto/aggregate/reply.hpp>

#include <sotto/base/base64url.hpp>
#include <sotto/sync/protocol.hpp>

#include <nlohmann/json.hpp>

#include <utility>

namespace sotto::aggregate {
namespace {

Reply json_problem(unsigned status, const nlohmann::json& document) {
  Reply reply;
  reply.status = status;
  reply.content_type = sync::problem_media_type;
  const std::string text = document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  const auto bytes = std::as_bytes(std::span(text));
  reply.body.assign(bytes.begin(), bytes.end());
  return reply;
}

unsigned status_of(sync::ProblemType type) {
  switch (type) {
    case sync::ProblemType::unrecognized_task:
    case sync::ProblemType::unrecognized_aggregation_job: return 404;
    default: return 400;
  }
}

}  // namespace

Reply message_reply(unsigned status, std::string_view name, sync::Bytes body) {
  return {status, sync::media_type(name), {}, std::move(body), 0};
}

Reply problem_reply(sync::ProblemType type, std::string_view detail, const std::optional<sync::TaskId>& task) {
  const unsigned status = status_of(type);
  nlohmann::json document = {{"type", sync::problem_urn(type)}, {"status", status}, {"detail", std::string(detail)}};
  if (task) document["taskid"] = to_base64url(task->bytes);
  return json_problem(status, document);
}

Reply plain_problem_reply(unsigned status, std::string_view title) {
  return json_problem(status, {{"type", "about:blank"}, {"status", status}, {"title", std::string(title)}});
}

Reply unavailable_reply(std::string reason) {
  Reply reply = plain_problem_reply(503, "The store cannot be used at present. Nothing was done; send it again.");
  reply.retry_after = 1;
  reply.reason = std::move(reason);
  return reply;
}

}  // namespace sotto::aggregate
