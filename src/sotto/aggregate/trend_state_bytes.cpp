#include <sotto/aggregate/trend_state_bytes.hpp>

#include <bit>
#include <cmath>
#include <utility>

namespace sotto::aggregate {
namespace {

constexpr std::uint64_t trend_state_version = 1;

void put_word(store::Bytes& out, std::uint64_t word) {
  for (unsigned shift = 0; shift < 64; shift += 8) out.push_back(static_cast<std::byte>(word >> shift & 0xffU));
}

void put_real(store::Bytes& out, double value) { put_word(out, std::bit_cast<std::uint64_t>(value)); }

std::uint64_t word_at(std::span<const std::byte> bytes, std::size_t index) {
  std::uint64_t word = 0;
  for (std::size_t n = 8; n-- > 0;) word = word << 8U | std::to_integer<std::uint64_t>(bytes[8 * index + n]);
  return word;
}

}  // namespace

// Words: version, slots, whether there is a trend, five numbers, the counts, the log-ratios.
store::Bytes encode_trend_state(const sync::TrendState& state) {
  store::Bytes out;
  put_word(out, trend_state_version);
  put_word(out, state.counts.size());
  put_word(out, state.log_ratio.empty() ? 0 : 1);
  for (const double number :
       {state.noise_variance, state.reports, state.gain_sum, state.gain_variance, state.gain_weight}) {
    put_real(out, number);
  }
  for (const double count : state.counts) put_real(out, count);
  for (const float ratio : state.log_ratio) put_real(out, static_cast<double>(ratio));
  return out;
}

Result<sync::TrendState> decode_trend_state(std::span<const std::byte> bytes) {
  constexpr std::size_t header_words = 8;
  sync::TrendState state;
  if (bytes.empty()) return state;
  const Error malformed{ErrorCode::malformed, "the stored state of the trend is damaged"};
  if (bytes.size() % 8 != 0 || bytes.size() < 8 * header_words) return malformed;
  if (word_at(bytes, 0) != trend_state_version) {
    return Error{ErrorCode::unsupported_version, "the stored state of the trend has another version"};
  }
  const std::uint64_t slots = word_at(bytes, 1);
  const std::uint64_t has_trend = word_at(bytes, 2);
  if (slots > bytes.size() || has_trend > 1 || bytes.size() / 8 != header_words + slots * (1 + has_trend)) {
    return malformed;
  }
  const auto real_at = [&](std::size_t index) { return std::bit_cast<double>(word_at(bytes, index)); };
  state.noise_variance = real_at(3);
  state.reports = real_at(4);
  state.gain_sum = real_at(5);
  state.gain_variance = real_at(6);
  state.gain_weight = real_at(7);
  for (std::size_t slot = 0; slot < slots; ++slot) state.counts.push_back(real_at(header_words + slot));
  for (std::size_t slot = 0; slot < slots * has_trend; ++slot) {
    state.log_ratio.push_back(static_cast<float>(real_at(header_words + slots + slot)));
  }
  for (const double count : state.counts) {
    if (!std::isfinite(count)) return malformed;
  }
  return state;
}

store::Bytes encode_histogram(std::span<const std::int64_t> histogram) {
  store::Bytes out;
  for (const std::int64_t count : histogram) put_word(out, static_cast<std::uint64_t>(count));
  return out;
}

std::vector<std::int64_t> decode_histogram(std::span<const std::byte> bytes) {
  std::vector<std::int64_t> histogram;
  for (std::size_t n = 0; n < bytes.size() / 8; ++n) histogram.push_back(static_cast<std::int64_t>(word_at(bytes, n)));
  return histogram;
}

}  // namespace sotto::aggregate
