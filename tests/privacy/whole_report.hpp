// A report's whole walk for tests: sharding, both aggregators' check, both output shares.
#pragma once

#include "byte_source.hpp"

#include <sotto/privacy/prio3_histogram.hpp>

#include <array>
#include <utility>
#include <vector>

namespace sotto::privacy {

// What both aggregators know of a report. Tests change it to see that it is refused.
struct WholeReport {
  std::vector<std::byte> context;
  std::array<std::byte, prio3_verify_key_bytes> leader_key;
  std::array<std::byte, prio3_verify_key_bytes> helper_key;
  std::array<std::byte, prio3_nonce_bytes> leader_nonce;
  std::array<std::byte, prio3_nonce_bytes> helper_nonce;
  std::vector<std::byte> public_share;
  std::vector<std::byte> leader_share;
  std::vector<std::byte> helper_share;
};

using OutputShares = std::pair<std::vector<Field128>, std::vector<Field128>>;

inline WholeReport blank_report(const Prio3Histogram& vdaf, ByteSource& source) {
  WholeReport report{source.bytes(11),
                     {},
                     {},
                     {},
                     {},
                     std::vector<std::byte>(vdaf.public_share_bytes()),
                     std::vector<std::byte>(vdaf.leader_share_bytes()),
                     std::vector<std::byte>(vdaf.helper_share_bytes())};
  source.fill(report.leader_key);
  report.helper_key = report.leader_key;
  source.fill(report.leader_nonce);
  report.helper_nonce = report.leader_nonce;
  return report;
}

// Precondition: bucket < vdaf.length().
inline WholeReport make_report(const Prio3Histogram& vdaf, std::size_t bucket, ByteSource& source) {
  WholeReport report = blank_report(vdaf, source);
  const auto random = source.bytes(vdaf.random_bytes());
  (void)vdaf.shard(report.context, bucket, report.leader_nonce, random, report.public_share, report.leader_share,
                   report.helper_share);
  return report;
}

inline Result<OutputShares> verify_report(const Prio3Histogram& vdaf, const WholeReport& report) {
  auto leader = vdaf.start_verification(Party::leader, report.leader_key, report.context, report.leader_nonce,
                                        report.public_share, report.leader_share);
  if (!leader) return leader.error();
  auto helper = vdaf.start_verification(Party::helper, report.helper_key, report.context, report.helper_nonce,
                                        report.public_share, report.helper_share);
  if (!helper) return helper.error();
  const auto message = vdaf.combine(report.context, leader->verifier_share, helper->verifier_share);
  if (!message) return message.error();
  auto leader_output = vdaf.finish(std::move(leader->state), *message);
  if (!leader_output) return leader_output.error();
  auto helper_output = vdaf.finish(std::move(helper->state), *message);
  if (!helper_output) return helper_output.error();
  return OutputShares{std::move(*leader_output), std::move(*helper_output)};
}

}  // namespace sotto::privacy
