// A record of the stream as JSON: one event with its user. A record that breaks a rule becomes a dead letter.
#pragma once

#include <sotto/stream/event.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace sotto::stream {

inline constexpr std::size_t max_event_id = 64;  // visible ASCII characters

enum class DeadLetterReason {
  bad_key,       // no id of a user
  bad_record,    // no JSON object, or one that breaks the schema
  unknown_item,  // the model lacks the item
  bad_amount,    // a number, but outside the bounds of its kind
};

// A stable name, such as "bad_key".
[[nodiscard]] std::string_view reason_name(DeadLetterReason reason) noexcept;

struct DeadLetter {
  DeadLetterReason reason = DeadLetterReason::bad_record;
  std::string detail;  // a sentence for people
};

struct Record {
  std::string user;
  Event event;
  std::string event_id;  // empty: none
};

// Reads {"user", "id", "at", "kind"?, "amount"?, "event_id"?, "recommendation_id"?}. A file has no times of its own, so
// `at` must be there.
[[nodiscard]] std::variant<Record, DeadLetter> read_record(std::string_view text);

}  // namespace sotto::stream
