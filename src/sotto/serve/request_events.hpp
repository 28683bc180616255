// The events that a request has in its body, and the body of POST /v1/events.
#pragma once

#include <sotto/personal/feedback.hpp>
#include <sotto/serve/refusal.hpp>
#include <sotto/stream/field_reader.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::serve {

inline constexpr std::size_t max_request_events = 1000;
inline constexpr std::size_t max_events_body = std::size_t{1} << 20;
// How far the clocks of a site's machines may be ahead.
inline constexpr std::int64_t max_ahead_seconds = 86'400;

struct RequestEvent {
  std::string item;
  std::int64_t at = 0;  // seconds since 1970; the server's time where the request has none
  FeedbackKind kind = FeedbackKind::click;
  float amount = 0;
  std::string recommendation_id;  // of the list that led to it; or empty
};

struct EventsRequest {
  std::string user;
  std::vector<RequestEvent> events;
};

// Reads a list of events: ids, or objects {id, at?, kind?, amount?}, and recommendation_id where `may_cite`. Refuses by
// `reader`.
[[nodiscard]] std::vector<RequestEvent> read_events(const nlohmann::json& list, std::int64_t now, bool may_cite,
                                                    stream::FieldReader& reader);

// {"user", "events": […]}, or one event beside the user: {"user", "id", …}.
[[nodiscard]] Answered<EventsRequest> parse_events_request(std::string_view body, std::int64_t now);

}  // namespace sotto::serve
