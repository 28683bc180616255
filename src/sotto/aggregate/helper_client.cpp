#include <sotto/aggregate/helper_client.hpp>

#include <sotto/aggregate/internal/json_fields.hpp>
#include <sotto/sync/problem_type.hpp>
#include <sotto/sync/protocol.hpp>

#include <algorithm>
#include <utility>

namespace sotto::aggregate {
namespace {

constexpr std::size_t max_said = 300;  // bytes of a helper's answer in the log

// The type of the problem that a document states, if it is one of the protocol's.
std::optional<sync::ProblemType> problem_in(std::span<const std::byte> body) {
  JsonFields document(std::string_view(reinterpret_cast<const char*>(body.data()), body.size()));
  const std::string urn = document.text("type", 1, 200);
  return document.ok() ? sync::problem_type_from_urn(urn) : std::nullopt;
}

bool is_set(void* stops) { return static_cast<const std::atomic<bool>*>(stops)->load(); }

}  // namespace

HelperAnswer HelperClient::ask(const LeaderTask& task, const std::string& path, std::string_view request_name,
                               std::string_view answer_name, sync::ByteSpan body) {
  http::Post request;
  request.url = sync::join_endpoint(task.task.parameters.helper_aggregator_endpoint, path);
  request.content_type = sync::media_type(request_name);
  request.bearer = task.token;
  request.body = body;
  auto answer = client_.post(request, &is_set, const_cast<std::atomic<bool>*>(&stops_));
  if (!answer) {
    if (answer.error().code == ErrorCode::interrupted) return {};
    return {{}, {}, "the helper does not answer: " + answer.error().detail};
  }
  const bool is_good = answer->status >= 200 && answer->status < 300;
  if (is_good && answer->body.empty()) return {};  // not yet: the same request asks again
  if (is_good && sync::is_media_type(answer->content_type, answer_name)) return {std::move(answer->body), {}, {}};
  std::string text(reinterpret_cast<const char*>(answer->body.data()), std::min(answer->body.size(), max_said));
  std::replace_if(text.begin(), text.end(), [](char c) { return c < ' '; }, ' ');
  std::string reason = "status " + std::to_string(answer->status) + " " + text;
  // A problem of the protocol does not go away by itself, except for a task that the helper does not have yet. Any
  // other status may come from a proxy.
  const auto problem = problem_in(answer->body);
  const bool is_refusal =
      answer->status >= 400 && answer->status < 500 && problem && *problem != sync::ProblemType::unrecognized_task;
  if (is_refusal) return {{}, std::move(reason), {}};
  return {{}, {}, "the helper refuses: " + reason};
}

}  // namespace sotto::aggregate
