// The collector: two noisy shares become a histogram, and histograms become the trend.
#include "exchange.hpp"

#include <sotto/privacy/aggregate_share.hpp>
#include <sotto/sync/trend_rule.hpp>

#include <span>
#include <utility>
#include <vector>

namespace sotto::wasm {
namespace {

struct Collector {
  std::vector<double> expected;
  sync::TrendState state;
};

Collector collector;

}  // namespace
}  // namespace sotto::wasm

// Begins without a past. Input: the share of choices that the model expects on each slot, as float64.
SOTTO_AGGREGATE_EXPORT std::int32_t aggregate_expect() {
  using namespace sotto::wasm;
  InputReader reader;
  std::vector<double> expected(slots);
  const auto bytes = std::as_writable_bytes(std::span{expected});
  const sotto::sync::ByteSpan given = reader.take(bytes.size());
  if (!reader.complete()) return fail(input_size_error());
  std::ranges::copy(given, bytes.begin());
  collector = {std::move(expected), {}};
  return give({});
}

// Adds the two shares up, and follows the trend. Input: the leader's share of the sum, the helper's. Output: the
// histogram as int64, the log-ratios as float32, and as float64 the prior, the gain and its standard error.
SOTTO_AGGREGATE_EXPORT std::int32_t aggregate_publish(std::uint32_t reports, std::uint32_t deviation) {
  using namespace sotto::wasm;
  using namespace sotto::privacy;
  if (collector.expected.empty()) return fail({sotto::ErrorCode::invalid_argument, "nothing is expected yet"});
  InputReader reader;
  const sotto::sync::ByteSpan leader_bytes = reader.take(vdaf().aggregate_share_bytes());
  const sotto::sync::ByteSpan helper_bytes = reader.take(vdaf().aggregate_share_bytes());
  if (!reader.complete()) return fail(input_size_error());
  const auto leader = AggregateShare::decode(leader_bytes, slots);
  if (!leader) return fail(leader.error());
  const auto helper = AggregateShare::decode(helper_bytes, slots);
  if (!helper) return fail(helper.error());
  const auto histogram = unshard_signed(*leader, *helper);
  if (!histogram) return fail(histogram.error());

  // Both aggregators' noise is in the sum.
  const double variance = 2.0 * deviation * deviation;
  const sotto::sync::Batch batch{*histogram, reports, variance};
  const auto update = sotto::sync::update_trend(collector.state, batch, collector.expected, std::vector<bool>(slots));
  if (!update) return fail(update.error());

  sotto::sync::Bytes output;
  const auto put = [&](std::span<const std::byte> bytes) { output.insert(output.end(), bytes.begin(), bytes.end()); };
  put(std::as_bytes(std::span{*histogram}));
  put(std::as_bytes(std::span{update->log_ratio}));
  const double judged[] = {static_cast<double>(update->prior), update->gain, update->gain_error};
  put(std::as_bytes(std::span{judged}));
  return give(std::move(output));
}
