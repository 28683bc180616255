#include <sotto/serve/body_object.hpp>
#include <sotto/serve/request_events.hpp>
#include <sotto/stream/event.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace sotto::serve {
namespace {

using stream::FieldReader;
using stream::max_id;

RequestEvent read_event(FieldReader& reader, std::int64_t now, bool may_cite) {
  stream::Event event = stream::read_event(reader, may_cite);
  if (event.at > now + max_ahead_seconds) {
    reader.refuse("time_in_future",
                  fmt::format("The time {} is {}, more than a day ahead of the server's clock. Times are seconds "
                              "since 1970, not milliseconds.",
                              reader.named("at"), *event.at));
  }
  return {.item = std::move(event.item),
          .at = event.at.value_or(now),
          .kind = event.kind,
          .amount = event.amount,
          .recommendation_id = std::move(event.recommendation_id)};
}

}  // namespace

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
      if (const auto& fault = fields.fault()) {
        reader.refuse(fault->code, fault->message);
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
  if (const auto& fault = reader.fault()) return fault_refusal(*fault);
  return request;
}

}  // namespace sotto::serve
