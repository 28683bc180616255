#include <sotto/base/internal/bytes.hpp>
#include <sotto/personal/impressions.hpp>
#include <sotto/personal/memory.hpp>
#include <sotto/personal/personal_session.hpp>
#include <sotto/personal/stored_personal_state.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace sotto {
namespace {

// The body: the counts of what follows it, whether learning is on, the gate; then each in this order.
struct Counts {
  std::uint32_t session_bytes;
  std::uint32_t times;
  std::uint32_t taste;
  std::uint32_t hidden;
  std::uint32_t shown;
};
constexpr std::size_t fixed_bytes =
    sizeof(Counts) + 4 + Gate::predictors * sizeof(float) + 4 + 8 + 8 + memory_weights * sizeof(float);
constexpr std::size_t hidden_bytes = sizeof(ItemIndex) + sizeof(std::int64_t);

std::uint64_t body_bytes(const Counts& counts) noexcept {
  return fixed_bytes + counts.session_bytes + counts.times * std::uint64_t{sizeof(std::int64_t)} +
         counts.taste * std::uint64_t{sizeof(float)} + counts.hidden * std::uint64_t{hidden_bytes} +
         counts.shown * std::uint64_t{sizeof(ItemIndex)};
}

class Writer {
 public:
  explicit Writer(std::byte* at) : at_(at) {}
  template <class Value>
  void put(Value value) noexcept {
    store_le(at_, value);
    at_ += sizeof value;
  }
  std::span<std::byte> room(std::size_t size) noexcept {
    at_ += size;
    return {at_ - size, size};
  }

 private:
  std::byte* at_;
};

// Precondition of each: that many bytes are left.
class Reader {
 public:
  explicit Reader(const std::byte* at) : at_(at) {}
  template <class Value>
  [[nodiscard]] Value get() noexcept {
    at_ += sizeof(Value);
    return load_le<Value>(at_ - sizeof(Value));
  }
  [[nodiscard]] std::span<const std::byte> part(std::size_t size) noexcept {
    at_ += size;
    return {at_ - size, size};
  }

 private:
  const std::byte* at_;
};

Error refused(ErrorCode code, const char* what) { return state_error(code, personal_state_kind, what); }

bool all_finite(std::span<const float> values) noexcept {
  return std::ranges::all_of(values, [](float value) { return std::isfinite(value); });
}

// What a gate, a history and lists can be. Empty where all is well.
const char* flaw(const StoredPersonalState& stored) noexcept {
  const bool are_shares = std::ranges::all_of(stored.gate_weights, [](float w) { return w >= 0.0F && w <= 1.0F; });
  if (!are_shares || !std::isfinite(stored.gate_record.base_log_likelihood) ||
      !std::isfinite(stored.gate_record.personal_log_likelihood))
    return "has a gate whose weight is outside 0 … 1 or whose record is not finite";
  if (stored.events.size() != stored.times.size()) return "has times for other events than it remembers";
  if (!std::ranges::is_sorted(stored.times)) return "has times that fall";
  if (!stored.times.empty() && (stored.times.front() < -most_seconds || stored.times.back() > most_seconds))
    return "has times that no clock gives";
  if (!all_finite(stored.memory_weight)) return "has a memory weight that is not finite";
  if (!all_finite(stored.taste)) return "has a taste that is not finite";
  return nullptr;
}

}  // namespace

std::size_t PersonalSession::state_size() const noexcept {
  const Counts counts{
      static_cast<std::uint32_t>(session_.state_size()), static_cast<std::uint32_t>(memory_.times().size()),
      static_cast<std::uint32_t>(taste_.values().size()), static_cast<std::uint32_t>(hidden_.all().size()),
      static_cast<std::uint32_t>(impressions_.items().size())};
  return state_envelope_bytes + static_cast<std::size_t>(body_bytes(counts));
}

void PersonalSession::export_state(std::span<std::byte> out) const noexcept {
  Writer to(out.data() + state_header_bytes);
  to.put(static_cast<std::uint32_t>(session_.state_size()));
  to.put(static_cast<std::uint32_t>(memory_.times().size()));
  to.put(static_cast<std::uint32_t>(taste_.values().size()));
  to.put(static_cast<std::uint32_t>(hidden_.all().size()));
  to.put(static_cast<std::uint32_t>(impressions_.items().size()));
  to.put(std::uint32_t{learning_ ? 1U : 0U});
  for (const float weight : gate_.weights()) to.put(weight);
  to.put(gate_.record().events);
  to.put(gate_.record().base_log_likelihood);
  to.put(gate_.record().personal_log_likelihood);
  session_.export_state(to.room(session_.state_size()));
  for (const std::int64_t time : memory_.times()) to.put(time);
  for (const float weight : memory_weight_) to.put(weight);
  for (const float value : taste_.values()) to.put(value);
  for (const auto& [item, until] : hidden_.all()) {
    to.put(item);
    to.put(until);
  }
  for (const ItemIndex item : impressions_.items()) to.put(item);
  seal_state(personal_state_kind, engine_->fingerprint(), out);
}

Result<StoredPersonalState> read_personal_state(std::span<const std::byte> bytes) {
  const auto opened = open_state(personal_state_kind, bytes);
  if (!opened) return opened.error();
  const auto body = opened->bytes;
  constexpr const char* other_size = "has other bytes than the counts that it announces";
  if (body.size() < fixed_bytes) return refused(ErrorCode::wrong_shape, other_size);
  Reader from(body.data());
  const auto session_bytes = from.get<std::uint32_t>();
  const auto times = from.get<std::uint32_t>();
  const auto taste = from.get<std::uint32_t>();
  const auto hidden = from.get<std::uint32_t>();
  const auto shown = from.get<std::uint32_t>();
  if (times > history_capacity || hidden > hidden_capacity || shown > impressions_capacity ||
      body.size() != body_bytes({session_bytes, times, taste, hidden, shown}))
    return refused(ErrorCode::wrong_shape, other_size);

  StoredPersonalState stored;
  stored.fingerprint = opened->fingerprint;
  const auto learning = from.get<std::uint32_t>();
  if (learning > 1) return refused(ErrorCode::malformed, "neither learns nor does not");
  stored.learning = learning == 1;
  for (float& weight : stored.gate_weights) weight = from.get<float>();
  stored.gate_record.events = from.get<std::uint32_t>();
  stored.gate_record.base_log_likelihood = from.get<double>();
  stored.gate_record.personal_log_likelihood = from.get<double>();
  stored.session = from.part(session_bytes);
  auto events = Session::stored_history(stored.session);
  if (!events) return events.error();
  stored.events = std::move(events).value();
  stored.times.resize(times);
  for (auto& time : stored.times) time = from.get<std::int64_t>();
  for (float& weight : stored.memory_weight) weight = from.get<float>();
  stored.taste.resize(taste);
  for (float& value : stored.taste) value = from.get<float>();
  stored.hidden.resize(hidden);
  for (auto& [item, until] : stored.hidden) {
    item = from.get<ItemIndex>();
    until = from.get<std::int64_t>();
  }
  stored.shown.resize(shown);
  for (auto& item : stored.shown) item = from.get<ItemIndex>();
  if (const char* what = flaw(stored)) return refused(ErrorCode::malformed, what);
  return stored;
}

}  // namespace sotto
