// Bodies of requests to the server: any bytes are read or refused, and what is read is within its bounds.
#include <sotto/serve/recommend_request.hpp>
#include <sotto/serve/request_events.hpp>
#include <sotto/stream/user_id.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

constexpr std::int64_t now = 1'700'000'000;

void demand(bool holds) {
  if (!holds) std::abort();
}

void check_events(const std::vector<sotto::serve::RequestEvent>& events) {
  demand(events.size() <= sotto::serve::max_request_events);
  for (const auto& event : events) {
    demand(!event.item.empty() && event.item.size() <= sotto::stream::max_id);
    demand(event.at <= now + sotto::serve::max_ahead_seconds);
    demand(event.amount >= -1e9F && event.amount <= 1e9F);
    demand(static_cast<std::size_t>(event.kind) < sotto::feedback_kinds);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  if (auto request = sotto::serve::parse_events_request(body, now)) {
    demand(sotto::stream::is_user_id(request->user));
    check_events(request->events);
  } else {
    demand(request.refusal().status == 400 && !request.refusal().code.empty());
  }
  if (auto request = sotto::serve::parse_recommend_request(body, now)) {
    demand(request->user.empty() || sotto::stream::is_user_id(request->user));
    check_events(request->events);
    demand(request->wishes.k >= 1 && request->wishes.k <= sotto::serve::max_k);
    demand(request->wishes.diversity >= 0 && request->wishes.diversity <= 1);
  }
  if (auto request = sotto::serve::parse_batch_request(body)) demand(request->users.size() <= 100);
  if (auto request = sotto::serve::parse_classic_request(body)) demand(request->input.size() <= 1000);
  return 0;
}
