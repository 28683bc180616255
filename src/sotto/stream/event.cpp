#include <sotto/stream/event.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace sotto::stream {
namespace {

constexpr double max_event_amount = 1e9;  // as PersonalSession::feedback
constexpr double max_event_seconds = 9'007'199'254'740'992.0;  // 2^53, as personal/event_times.hpp

constexpr std::array<std::string_view, feedback_kinds> kind_names{
    "impression", "click", "dwell", "cart", "favourite", "purchase", "rating", "dismiss", "not_this"};

FeedbackKind read_kind(FieldReader& reader) {
  const auto name = reader.text("kind", max_id);
  if (!name) return FeedbackKind::click;
  const auto kind = kind_named(*name);
  if (!kind) {
    reader.refuse("bad_value",
                  fmt::format("The field {} is one of {}.", reader.named("kind"), fmt::join(kind_names, ", ")));
  }
  return kind.value_or(FeedbackKind::click);
}

}  // namespace

std::string_view kind_name(FeedbackKind kind) noexcept { return kind_names[static_cast<std::size_t>(kind)]; }

std::optional<FeedbackKind> kind_named(std::string_view name) noexcept {
  const auto found = std::ranges::find(kind_names, name);
  if (found == kind_names.end()) return std::nullopt;
  return static_cast<FeedbackKind>(found - kind_names.begin());
}

Event read_event(FieldReader& reader, bool may_cite) {
  Event event;
  if (auto id = reader.text("id", max_id)) {
    event.item = std::move(*id);
  } else {
    reader.refuse("missing_field", fmt::format("The field {} is missing.", reader.named("id")));
  }
  // Whole seconds, rounded down like the npm package's.
  if (const auto at = reader.number("at", -max_event_seconds, max_event_seconds))
    event.at = static_cast<std::int64_t>(std::floor(*at));
  event.kind = read_kind(reader);
  const double max_amount = event.kind == FeedbackKind::rating ? 1 : max_event_amount;
  event.amount = static_cast<float>(reader.number("amount", -max_amount, max_amount).value_or(0));
  if (may_cite) event.recommendation_id = reader.text("recommendation_id", max_recommendation_id).value_or("");
  return event;
}

}  // namespace sotto::stream
