#include <sotto/base/internal/bytes.hpp>
#include <sotto/personal/impressions.hpp>
#include <sotto/personal/internal/stored_personal_state.hpp>
#include <sotto/personal/personal_session.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace sotto {
namespace {

// The body has the counts of the following parts, whether learning is on, and the gate. The parts follow in this order.
struct Counts {
  std::uint32_t state_bytes;
  std::uint32_t times;
  std::uint32_t taste;
  std::uint32_t hidden;
  std::uint32_t shown;
};
constexpr std::size_t fixed_bytes =
    sizeof(Counts) + 4 + Gate::predictors * sizeof(float) + 4 + 8 + 8 + memory_weights * sizeof(float);
// The last part, from this version on.
constexpr std::uint32_t trend_record_version = 4;
constexpr std::size_t hidden_bytes = sizeof(ItemIndex) + sizeof(std::int64_t);

std::uint64_t body_bytes(const Counts& counts, std::uint32_t version) noexcept {
  return fixed_bytes + counts.state_bytes + counts.times * std::uint64_t{sizeof(std::int64_t)} +
         counts.taste * std::uint64_t{sizeof(float)} + counts.hidden * std::uint64_t{hidden_bytes} +
         counts.shown * std::uint64_t{sizeof(ItemIndex)} + (version >= trend_record_version ? sizeof(float) : 0);
}

std::uint32_t version_of(const PersonalUser& user) noexcept {
  return user.trend_belief().record() == 0 ? personal_state_kind.oldest_version : personal_state_kind.version;
}

Counts counts_of(const PersonalUser& user) noexcept {
  return {static_cast<std::uint32_t>(stored_size(user.state())), static_cast<std::uint32_t>(user.times().size()),
          static_cast<std::uint32_t>(user.taste().values().size()),
          static_cast<std::uint32_t>(user.hidden().all().size()),
          static_cast<std::uint32_t>(user.impressions().items().size())};
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

// Precondition of each read: enough bytes are left.
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

// Returns the reason why no gate, history or list can have these values, or null if there is none.
const char* flaw(const StoredPersonalState& stored) noexcept {
  if (!(std::abs(stored.trend_record) <= TrendBelief::max_record))
    return "has a record of the trend that no learning comes to";
  const bool are_shares = std::ranges::all_of(stored.gate_weights, [](float w) { return w >= 0.0F && w <= 1.0F; });
  if (!are_shares || !std::isfinite(stored.gate_record.base_log_likelihood) ||
      !std::isfinite(stored.gate_record.personal_log_likelihood))
    return "has a gate whose weight is outside 0 … 1 or whose record is not finite";
  if (stored.state.history.size() != stored.times.size()) return "has times for other events than it remembers";
  if (!std::ranges::is_sorted(stored.times)) return "has times that fall";
  if (!stored.times.empty() && (stored.times.front() < -max_seconds || stored.times.back() > max_seconds))
    return "has times that no clock gives";
  if (!all_finite(stored.memory_weight)) return "has a memory weight that is not finite";
  if (!all_finite(stored.taste)) return "has a taste that is not finite";
  return nullptr;
}

}  // namespace

std::size_t stored_size(const PersonalUser& user) noexcept {
  return state_envelope_bytes + static_cast<std::size_t>(body_bytes(counts_of(user), version_of(user)));
}

void export_state(const PersonalUser& user, std::uint64_t fingerprint, std::span<std::byte> out) noexcept {
  const Counts counts = counts_of(user);
  Writer to(out.data() + state_header_bytes);
  to.put(counts.state_bytes);
  to.put(counts.times);
  to.put(counts.taste);
  to.put(counts.hidden);
  to.put(counts.shown);
  to.put(std::uint32_t{user.learning() ? 1U : 0U});
  for (const float weight : user.gate().weights()) to.put(weight);
  to.put(user.gate().record().events);
  to.put(user.gate().record().base_log_likelihood);
  to.put(user.gate().record().personal_log_likelihood);
  export_state(user.state(), fingerprint, to.room(counts.state_bytes));
  for (const std::int64_t time : user.times()) to.put(time);
  for (const float weight : user.memory_weight()) to.put(weight);
  for (const float value : user.taste().values()) to.put(value);
  for (const auto& [item, until] : user.hidden().all()) {
    to.put(item);
    to.put(until);
  }
  for (const ItemIndex item : user.impressions().items()) to.put(item);
  const std::uint32_t version = version_of(user);
  if (version >= trend_record_version) to.put(user.trend_belief().record());
  seal_state(personal_state_kind, version, fingerprint, out);
}

std::size_t PersonalSession::state_size() const noexcept { return stored_size(*user_); }

void PersonalSession::export_state(std::span<std::byte> out) const noexcept {
  sotto::export_state(*user_, engine().fingerprint(), out);
}

Result<StoredPersonalState> read_personal_state(std::span<const std::byte> bytes) {
  const auto opened = open_state(personal_state_kind, bytes);
  if (!opened) return opened.error();
  const auto body = opened->bytes;
  constexpr const char* other_size = "has other bytes than the counts that it announces";
  if (body.size() < fixed_bytes) return refused(ErrorCode::wrong_shape, other_size);
  Reader from(body.data());
  const auto state_bytes = from.get<std::uint32_t>();
  const auto times = from.get<std::uint32_t>();
  const auto taste = from.get<std::uint32_t>();
  const auto hidden = from.get<std::uint32_t>();
  const auto shown = from.get<std::uint32_t>();
  if (times > history_capacity || hidden > hidden_capacity || shown > impressions_capacity ||
      body.size() != body_bytes({state_bytes, times, taste, hidden, shown}, opened->version))
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
  auto state = read_state(from.part(state_bytes));
  if (!state) return state.error();
  stored.state = std::move(state).value();
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
  if (opened->version >= trend_record_version) stored.trend_record = from.get<float>();
  if (const char* what = flaw(stored)) return refused(ErrorCode::malformed, what);
  return stored;
}

}  // namespace sotto
