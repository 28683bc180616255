// One event of a user as JSON: what POST /v1/events, the topic `events` and `sotto stream --replay` have in common.
#pragma once

#include <sotto/personal/feedback.hpp>
#include <sotto/stream/field_reader.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sotto::stream {

inline constexpr std::size_t max_recommendation_id = 4096;  // bytes

struct Event {
  std::string item;
  std::optional<std::int64_t> at;  // seconds since 1970
  FeedbackKind kind = FeedbackKind::click;
  float amount = 0;
  std::string recommendation_id;  // of the list that led to it; or empty
};

// The kind's name, as the npm package has it.
[[nodiscard]] std::string_view kind_name(FeedbackKind kind) noexcept;
[[nodiscard]] std::optional<FeedbackKind> kind_named(std::string_view name) noexcept;

// Takes the fields id, at, kind and amount, and recommendation_id where `may_cite`. The event means something only if
// the reader has no fault.
[[nodiscard]] Event read_event(FieldReader& reader, bool may_cite);

}  // namespace sotto::stream
