// A device: one choice becomes a report.
#include "exchange.hpp"

#include <sotto/privacy/internal/histogram.hpp>
#include <sotto/privacy/internal/prio3.hpp>
#include <sotto/sync/protocol.hpp>

#include <span>
#include <utility>
#include <vector>

namespace sotto::wasm {
namespace {

struct Shares {
  explicit Shares(const privacy::Prio3Histogram& vdaf)
      : bytes(vdaf.public_share_bytes() + vdaf.leader_share_bytes() + vdaf.helper_share_bytes()),
        public_share(std::span{bytes}.first(vdaf.public_share_bytes())),
        leader_share(std::span{bytes}.subspan(public_share.size(), vdaf.leader_share_bytes())),
        helper_share(std::span{bytes}.last(vdaf.helper_share_bytes())) {}

  sync::Bytes bytes;
  std::span<std::byte> public_share;
  std::span<std::byte> leader_share;
  std::span<std::byte> helper_share;
};

}  // namespace
}  // namespace sotto::wasm

// Input: the task's id, 16 random bytes as the report's id, 128 random bytes. Output: the public share, the leader's
// share, the helper's share.
SOTTO_AGGREGATE_EXPORT std::int32_t aggregate_report(std::uint32_t slot) {
  using namespace sotto::wasm;
  const auto prio3 = vdaf();
  InputReader reader;
  const auto task = reader.take_id<sotto::sync::TaskId>();
  const auto id = reader.take_id<sotto::sync::ReportId>();
  const sotto::sync::ByteSpan random = reader.take(prio3.random_bytes());
  if (!reader.complete()) return fail(input_size_error());
  Shares shares(prio3);
  const auto status = prio3.shard(sotto::sync::vdaf_context(task), slot, id.bytes, random, shares.public_share,
                                  shares.leader_share, shares.helper_share);
  return status ? give(std::move(shares.bytes)) : fail(status.error());
}

// The same for a device that cheats: it chooses two slots at once, and proves as well as it can. Prio3Histogram refuses
// to make such a report, so that this takes the layer below it.
SOTTO_AGGREGATE_EXPORT std::int32_t aggregate_false_report(std::uint32_t slot, std::uint32_t other_slot) {
  using namespace sotto::wasm;
  using namespace sotto::privacy;
  const auto prio3 = vdaf();
  InputReader reader;
  const auto task = reader.take_id<sotto::sync::TaskId>();
  const auto id = reader.take_id<sotto::sync::ReportId>();
  const sotto::sync::ByteSpan random = reader.take(prio3.random_bytes());
  if (!reader.complete() || slot >= slots || other_slot >= slots) return fail(input_size_error());
  std::vector<Field128> measurement(slots);
  measurement[slot] = Field128{1};
  measurement[other_slot] = Field128{1};
  Shares shares(prio3);
  constexpr std::uint32_t identifier = 0x00000004;
  const Prio3<Histogram> unchecked(Histogram{slots, chunk_length}, identifier, 2, 1);
  unchecked.shard(sotto::sync::vdaf_context(task), measurement, id.bytes, random, shares.public_share,
                  shares.leader_share, shares.helper_share);
  return give(std::move(shares.bytes));
}
