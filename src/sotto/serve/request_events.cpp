#include <sotto/serve/request_events.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace sotto::serve {
namespace {

constexpr double max_event_amount = 1e9;  // as PersonalSession::feedback
constexpr double max_event_seconds = 9'007'199'254'740'992.0;  // 2^53, as personal/event_times.hpp

constexpr std::array<std::string_view, feedback_kinds> kind_names{
    "impression", "click", "dwell", "cart", "favourite", "purchase", "rating", "dismiss", "not_this"};

// Whole seconds, rounded down like the npm package's. Absent: now.
std::int64_t read_time(FieldReader& reader, std::int64_t now) {
  const auto at = reader.number("at", -max_event_seconds, max_event_seconds);
  if (!at) return now;
  const auto seconds = static_cast<std::int64_t>(std::floor(*at));
  if (seconds > now + max_ahead_seconds) {
    reader.refuse("time_in_future",
                  fmt::format("The time {} is {}, more than a day ahead of the server's clock. Times are seconds "
                              "since 1970, not milliseconds.",
                              reader.named("at"), seconds));
  }
  return seconds;
}

RequestEvent read_event(FieldReader& reader, std::int64_t now, bool may_cite) {
  RequestEvent event;
  if (auto id = reader.text("id", max_id)) {
    event.item = std::move(*id);
  } else {
    reader.refuse("missing_field", fmt::format("The field {} is missing.", reader.named("id")));
  }
  event.at = read_time(reader, now);
  if (const auto name = reader.text("kind", max_id)) {
    const auto kind = kind_named(*name);
    if (!kind) {
      reader.refuse("bad_value",
                    fmt::format("The field {} is one of {}.", reader.named("kind"), fmt::join(kind_names, ", ")));
    }
    event.kind = kind.value_or(FeedbackKind::click);
  }
  const double max_amount = event.kind == FeedbackKind::rating ? 1 : max_event_amount;
  event.amount = static_cast<float>(reader.number("amount", -max_amount, max_amount).value_or(0));
  if (may_cite) event.recommendation_id = reader.text("recommendation_id", max_recommendation_id).value_or("");
  return event;
}

}  // namespace

std::optional<FeedbackKind> kind_named(std::string_view name) noexcept {
  const auto found = std::ranges::find(kind_names, name);
  if (found == kind_names.end()) return std::nullopt;
  return static_cast<FeedbackKind>(found - kind_names.begin());
}

std::vector<RequestEvent> read_events(const nlohmann::json& list, std::int64_t now, bool may_cite,
                                      FieldReader& reader) {
  std::vector<RequestEvent> events;
  if (!list.is_array()) {
    reader.refuse("bad_value", fmt::format("The field {} is a list.", reader.named("events")));
    return events;
  }
  if (list.size() > max_request_events) {
    reader.refuse("too_many_events", fmt::format("The list {} has {} events; a request has at most {}.",
                                                 reader.named("events"), list.size(), max_request_events));
    return events;
  }
  events.reserve(list.size());
  for (const nlohmann::json& element : list) {
    const auto place = [&] { return fmt::format("events[{}]", events.size()); };
    if (const auto* id = element.get_ptr<const std::string*>()) {
      if (id->empty() || id->size() > max_id) {
        reader.refuse("bad_value", fmt::format("The id {} has 1 to {} bytes.", reader.named(place()), max_id));
        return events;
      }
      events.push_back({.item = *id, .at = now, .recommendation_id = {}});
    } else if (element.is_object()) {
      FieldReader fields(element, place() + ".");
      events.push_back(read_event(fields, now, may_cite));
      fields.refuse_others();
      if (const auto& refusal = fields.refusal()) {
        reader.refuse(refusal->code, refusal->message);
        return events;
      }
    } else {
      reader.refuse("bad_value", fmt::format("The event {} is an id or an object.", reader.named(place())));
      return events;
    }
  }
  return events;
}

Answered<EventsRequest> parse_events_request(std::string_view body, std::int64_t now) {
  auto document = body_object(body);
  if (!document) return document.refusal();
  FieldReader reader(*document, "");
  EventsRequest request;
  if (auto user = reader.user()) {
    request.user = std::move(*user);
  } else {
    reader.refuse("missing_field", "The field 'user' is missing.");
  }
  if (const nlohmann::json* list = reader.take("events")) {
    request.events = read_events(*list, now, true, reader);
  } else {
    request.events.push_back(read_event(reader, now, true));
  }
  reader.refuse_others();
  if (const auto& refusal = reader.refusal()) return *refusal;
  return request;
}

}  // namespace sotto::serve
