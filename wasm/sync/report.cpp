// The reports of one device.
#include "module.hpp"

#include <sotto/privacy/prio3_histogram.hpp>
#include <sotto/sync/hpke_config.hpp>
#include <sotto/sync/protocol.hpp>
#include <sotto/sync/report.hpp>

#include <algorithm>
#include <utility>

using namespace sotto::wasm;

namespace {

using sotto::Error;
using sotto::ErrorCode;
using sotto::privacy::Prio3Histogram;
namespace sync = sotto::sync;

struct UnsealedReport {
  sync::ReportMetadata metadata;
  sync::Bytes public_share;
};

UnsealedReport report;

static_assert(SOTTO_SYNC_TASK_ID_BYTES == sync::TaskId::size);
static_assert(SOTTO_SYNC_REPORT_ID_BYTES == sync::ReportId::size);
static_assert(SOTTO_SYNC_REPORT_ID_BYTES == sotto::privacy::prio3_nonce_bytes);

template <class Id>
Id id_at(const void* bytes) noexcept {
  Id id;
  std::ranges::copy(bytes_at(bytes, Id::size), id.bytes.begin());
  return id;
}

sync::HpkeCiphertext ciphertext(std::uint32_t config, std::span<const std::byte> enc,
                                std::span<const std::byte> payload) {
  return {static_cast<std::uint8_t>(config), sync::Bytes(enc.begin(), enc.end()),
          sync::Bytes(payload.begin(), payload.end())};
}

}  // namespace

std::int32_t sotto_sync_make_report(const void* task_id, const void* configuration, std::size_t configuration_size,
                                    std::uint32_t slots, std::uint32_t chunk_length, const void* report_id,
                                    const void* random, std::uint32_t slot, double time) {
  clear_parts();
  if (!(time >= 0 && time < 9e15)) return fail({ErrorCode::invalid_argument, "the clock is not set"});
  const auto vdaf = Prio3Histogram::create(slots, chunk_length);
  if (!vdaf) return fail(vdaf.error());
  if (vdaf->random_bytes() != SOTTO_SYNC_RANDOM_BYTES) return fail({ErrorCode::unsupported, "another VDAF"});
  const auto id = id_at<sync::TaskId>(task_id);
  report = {{id_at<sync::ReportId>(report_id), static_cast<std::uint64_t>(time), {}},
            sync::Bytes(vdaf->public_share_bytes())};
  sync::PlaintextInputShare leader{{}, sync::Bytes(vdaf->leader_share_bytes())};
  sync::PlaintextInputShare helper{{}, sync::Bytes(vdaf->helper_share_bytes())};
  const auto sharded =
      vdaf->shard(sync::vdaf_context(id), slot, report.metadata.report_id.bytes,
                  bytes_at(random, SOTTO_SYNC_RANDOM_BYTES), report.public_share, leader.payload, helper.payload);
  if (!sharded) return fail(sharded.error());
  auto for_leader = leader.encode();
  auto for_helper = helper.encode();
  auto aad =
      sync::input_share_aad(id, bytes_at(configuration, configuration_size), report.metadata, report.public_share);
  if (!for_leader || !for_helper || !aad) return fail({ErrorCode::out_of_range, "the report has no encoding"});
  add_part(*std::move(for_leader));
  add_part(*std::move(for_helper));
  add_part(*std::move(aad));
  add_part(sync::input_share_info(sync::Role::leader));
  add_part(sync::input_share_info(sync::Role::helper));
  return SOTTO_SYNC_OK;
}

std::int32_t sotto_sync_seal_report(std::uint32_t leader_config, const void* leader_enc, std::size_t leader_enc_size,
                                    const void* leader_payload, std::size_t leader_payload_size,
                                    std::uint32_t helper_config, const void* helper_enc, std::size_t helper_enc_size,
                                    const void* helper_payload, std::size_t helper_payload_size) {
  clear_parts();
  if (report.public_share.empty()) return fail({ErrorCode::missing, "no report was made"});
  // Each report is sealed once.
  const UnsealedReport made = std::exchange(report, {});
  const sync::Report sealed{
      made.metadata, made.public_share,
      ciphertext(leader_config, bytes_at(leader_enc, leader_enc_size), bytes_at(leader_payload, leader_payload_size)),
      ciphertext(helper_config, bytes_at(helper_enc, helper_enc_size), bytes_at(helper_payload, helper_payload_size))};
  auto encoded = sealed.encode();
  if (!encoded) return fail(encoded.error());
  add_part(*std::move(encoded));  // an UploadRequest is its reports without a length
  return SOTTO_SYNC_OK;
}
