#include <sotto/stream/parse_json.hpp>
#include <sotto/stream/record.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace sotto::stream {
namespace {

std::string read_event_id(FieldReader& reader) {
  auto id = reader.text("event_id", max_event_id);
  if (!id) return {};
  if (!std::ranges::all_of(*id, [](char c) { return c > 0x20 && c < 0x7f; })) {
    reader.refuse("bad_value", fmt::format("The field {} has 1 to {} visible ASCII characters.",
                                           reader.named("event_id"), max_event_id));
  }
  return std::move(*id);
}

DeadLetterReason reason_of(const FieldFault& fault, const nlohmann::json& object) {
  if (fault.field == "amount" && object["amount"].is_number()) return DeadLetterReason::bad_amount;
  return DeadLetterReason::bad_record;
}

}  // namespace

std::string_view reason_name(DeadLetterReason reason) noexcept {
  constexpr std::array<std::string_view, 4> names = {"bad_key", "bad_record", "unknown_item", "bad_amount"};
  return names[static_cast<std::size_t>(reason)];
}

std::variant<Record, DeadLetter> read_record(std::string_view text) {
  const auto document = parse_json(text);
  if (!document) {
    return DeadLetter{DeadLetterReason::bad_record, "The record is no JSON object: " + document.error().detail + "."};
  }
  if (!document->is_object())
    return DeadLetter{DeadLetterReason::bad_record, "The record is a JSON value, but no object."};
  FieldReader reader(*document, "");
  Record record;
  if (auto user = reader.user()) {
    record.user = std::move(*user);
  } else {
    reader.refuse("missing_field", "The field 'user' is missing.");
  }
  if (const auto& fault = reader.fault()) return DeadLetter{DeadLetterReason::bad_key, fault->message};
  record.event = read_event(reader, true);
  record.event_id = read_event_id(reader);
  if (!record.event.at) reader.refuse("missing_field", "The field 'at' is missing.");
  reader.refuse_others();
  if (const auto& fault = reader.fault()) return DeadLetter{reason_of(*fault, *document), fault->message};
  return record;
}

}  // namespace sotto::stream
