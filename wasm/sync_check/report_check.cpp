// Both aggregators' part of one report, for tests of the package: verifies the two shares and adds them up. Nobody but
// a test has both.
#include <sotto/privacy/prio3_histogram.hpp>
#include <sotto/sync/protocol.hpp>
#include <sotto/sync/report.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <span>

#define SOTTO_SYNC_CHECK_API extern "C" __attribute__((used, visibility("default")))

namespace {

using sotto::privacy::Field128;
using sotto::privacy::Party;
using sotto::privacy::Prio3Histogram;
namespace sync = sotto::sync;

constexpr std::int32_t refused = -1;
constexpr std::int32_t not_one_hot = -2;

std::span<const std::byte> bytes_at(const void* bytes, std::size_t size) {
  return {static_cast<const std::byte*>(bytes), size};
}

std::optional<Prio3Histogram::Verification> start(const Prio3Histogram& vdaf, Party party, const sync::Bytes& context,
                                                  std::span<const std::byte, 16> nonce,
                                                  std::span<const std::byte> public_share,
                                                  std::span<const std::byte> plaintext_share) {
  constexpr std::array<std::byte, sotto::privacy::prio3_verify_key_bytes> key{};
  const auto share = sync::PlaintextInputShare::decode(plaintext_share);
  if (!share) return std::nullopt;
  auto verification = vdaf.start_verification(party, key, context, nonce, public_share, share->payload);
  return verification ? std::optional(*std::move(verification)) : std::nullopt;
}

}  // namespace

SOTTO_SYNC_CHECK_API void* sotto_sync_check_alloc(std::size_t size) { return ::operator new(size, std::nothrow); }

// Returns the slot of a report, -1 where the proof does not verify, -2 where the sum is not one-hot. `report` is its
// encoding without the sealed shares: a DAP Report.
SOTTO_SYNC_CHECK_API std::int32_t sotto_sync_check_report(const void* task_id, std::uint32_t slots,
                                                          std::uint32_t chunk_length, const void* report,
                                                          std::size_t report_size, const void* leader,
                                                          std::size_t leader_size, const void* helper,
                                                          std::size_t helper_size) {
  const auto vdaf = Prio3Histogram::create(slots, chunk_length);
  const auto decoded = sync::Report::decode(bytes_at(report, report_size));
  if (!vdaf || !decoded) return refused;
  sync::TaskId id;
  std::ranges::copy(bytes_at(task_id, id.bytes.size()), id.bytes.begin());
  const sync::Bytes context = sync::vdaf_context(id);
  const auto& nonce = decoded->metadata.report_id.bytes;
  auto one = start(*vdaf, Party::leader, context, nonce, decoded->public_share, bytes_at(leader, leader_size));
  auto other = start(*vdaf, Party::helper, context, nonce, decoded->public_share, bytes_at(helper, helper_size));
  if (!one || !other) return refused;
  const auto message = vdaf->combine(context, one->verifier_share, other->verifier_share);
  if (!message) return refused;
  const auto leader_output = vdaf->finish(std::move(one->state), *message);
  const auto helper_output = vdaf->finish(std::move(other->state), *message);
  if (!leader_output || !helper_output) return refused;
  std::int32_t found = not_one_hot;
  for (std::size_t slot = 0; slot < slots; ++slot) {
    const Field128 sum = (*leader_output)[slot] + (*helper_output)[slot];
    if (sum == Field128{}) continue;
    if (sum != Field128{1} || found != not_one_hot) return not_one_hot;
    found = static_cast<std::int32_t>(slot);
  }
  return found;
}
