// The stored state of a personal session (docs/format.md).
#include <sotto/base/bytes.hpp>
#include <sotto/base/hash.hpp>
#include <sotto/personal/personal_session.hpp>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

namespace sotto {
namespace {

constexpr std::array<char, 4> state_magic{'S', 'O', 'P', 'S'};
constexpr std::uint32_t state_version = 1;
constexpr std::size_t version_at = 4;
constexpr std::size_t fingerprint_at = 8;
constexpr std::size_t session_bytes_at = 16;
constexpr std::size_t times_at_count = 20;
constexpr std::size_t hidden_dim_at = 24;
constexpr std::size_t gate_at = 28;  // weight, events, both log likelihoods
constexpr std::size_t gate_bytes = 24;
constexpr std::size_t header_bytes = gate_at + gate_bytes;
constexpr std::size_t checksum_bytes = 8;

std::size_t body_bytes(std::size_t session, std::size_t times, std::size_t hidden_dim) noexcept {
  return header_bytes + session + times * sizeof(std::int64_t) + (memory_weights + hidden_dim) * sizeof(float);
}

void store_float(std::byte* at, float value) noexcept { store_le(at, std::bit_cast<std::uint32_t>(value)); }
float load_float(const std::byte* at) noexcept { return std::bit_cast<float>(load_le<std::uint32_t>(at)); }
void store_double(std::byte* at, double value) noexcept { store_le(at, std::bit_cast<std::uint64_t>(value)); }
double load_double(const std::byte* at) noexcept { return std::bit_cast<double>(load_le<std::uint64_t>(at)); }

Error malformed(const std::string& what) { return Error{ErrorCode::malformed, "the stored personal state " + what}; }

}  // namespace

std::size_t PersonalSession::state_size() const noexcept {
  return body_bytes(session_.state_size(), memory_.times().size(), taste_.values().size()) + checksum_bytes;
}

void PersonalSession::export_state(std::span<std::byte> out) const noexcept {
  std::byte* at = out.data();
  std::memcpy(at, state_magic.data(), state_magic.size());
  store_le(at + version_at, state_version);
  store_le(at + fingerprint_at, engine_->fingerprint());
  store_le(at + session_bytes_at, static_cast<std::uint32_t>(session_.state_size()));
  store_le(at + times_at_count, static_cast<std::uint32_t>(memory_.times().size()));
  store_le(at + hidden_dim_at, static_cast<std::uint32_t>(taste_.values().size()));
  store_float(at + gate_at, gate_.weight());
  store_le(at + gate_at + 4, gate_.record().events);
  store_double(at + gate_at + 8, gate_.record().base_log_likelihood);
  store_double(at + gate_at + 16, gate_.record().personal_log_likelihood);
  at += header_bytes;
  session_.export_state({at, session_.state_size()});
  at += session_.state_size();
  for (const std::int64_t time : memory_.times()) {
    store_le(at, time);
    at += sizeof time;
  }
  for (const float weight : memory_weight_) {
    store_float(at, weight);
    at += sizeof weight;
  }
  for (const float value : taste_.values()) {
    store_float(at, value);
    at += sizeof value;
  }
  store_le(at, xxh64(out.first(out.size() - checksum_bytes)));
}

Status PersonalSession::import_state(std::span<const std::byte> bytes) {
  if (bytes.size() < header_bytes + checksum_bytes) {
    return Error{ErrorCode::truncated, "a stored personal state has at least " +
                                           std::to_string(header_bytes + checksum_bytes) + " bytes, this one has " +
                                           std::to_string(bytes.size())};
  }
  const std::byte* at = bytes.data();
  if (std::memcmp(at, state_magic.data(), state_magic.size()) != 0) {
    return Error{ErrorCode::malformed, "a stored personal state begins with 'SOPS', these bytes do not"};
  }
  if (const auto version = load_le<std::uint32_t>(at + version_at); version != state_version) {
    return Error{ErrorCode::unsupported_version, "the stored personal state has version " + std::to_string(version) +
                                                     ", this build reads version " + std::to_string(state_version)};
  }
  const auto body = bytes.first(bytes.size() - checksum_bytes);
  if (load_le<std::uint64_t>(at + body.size()) != xxh64(body))
    return malformed("is damaged: its checksum does not fit its bytes");
  if (load_le<std::uint64_t>(at + fingerprint_at) != engine_->fingerprint())
    return Error{ErrorCode::mismatch, "the stored personal state belongs to another model"};
  const std::size_t session_bytes = load_le<std::uint32_t>(at + session_bytes_at);
  const std::size_t times = load_le<std::uint32_t>(at + times_at_count);
  const std::size_t hidden_dim = load_le<std::uint32_t>(at + hidden_dim_at);
  if (times > history_capacity || hidden_dim != taste_.values().size() || session_bytes > body.size() ||
      body.size() != body_bytes(session_bytes, times, hidden_dim)) {
    return Error{ErrorCode::wrong_shape, "the stored personal state's " + std::to_string(bytes.size()) +
                                             " bytes do not fit this model and the counts it announces"};
  }

  // Everything is read and checked before anything is replaced.
  const float weight = load_float(at + gate_at);
  const GateRecord record{load_le<std::uint32_t>(at + gate_at + 4), load_double(at + gate_at + 8),
                          load_double(at + gate_at + 16)};
  if (!(weight >= 0.0F && weight <= 1.0F) || !std::isfinite(record.base_log_likelihood) ||
      !std::isfinite(record.personal_log_likelihood))
    return malformed("has a gate whose weight is outside 0 … 1 or whose record is not finite");
  at += header_bytes;
  const std::span session_state(at, session_bytes);
  at += session_bytes;
  std::vector<std::int64_t> event_times(times);
  for (auto& time : event_times) {
    time = load_le<std::int64_t>(at);
    at += sizeof time;
  }
  if (!std::ranges::is_sorted(event_times)) return malformed("has times that fall");
  std::array<float, memory_weights> weights{};
  for (float& value : weights) {
    value = load_float(at);
    at += sizeof value;
    if (!std::isfinite(value)) return malformed("has a memory weight that is not finite");
  }
  std::vector<float> taste(hidden_dim);
  for (float& value : taste) {
    value = load_float(at);
    at += sizeof value;
    if (!std::isfinite(value)) return malformed("has a taste that is not finite");
  }

  Session session(*engine_);
  if (auto status = session.import_state(session_state); !status) return status;
  if (session.history().size() != times) return malformed("has times for other events than it remembers");
  session_ = std::move(session);
  memory_.assign(session_.history(), event_times);
  memory_weight_ = weights;
  taste_.restore(taste);
  gate_.restore(weight, record);
  return Ok{};
}

}  // namespace sotto
