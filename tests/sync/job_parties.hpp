// Clients, and an opener that opens nothing: in these tests a sealed share is its plaintext.
#pragma once

#include <sotto/base/random.hpp>
#include <sotto/sync/helper_job.hpp>
#include <sotto/sync/leader_job.hpp>
#include <sotto/sync/protocol.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sotto::sync {

class PlainOpener final : public InputShareOpener {
 public:
  Result<privacy::SecretBytes> open(const ReportMetadata& /*metadata*/, ByteSpan /*public_share*/,
                                    const HpkeCiphertext& share) override {
    if (share.config_id != 1) return Error{ErrorCode::mismatch, "another key"};
    return privacy::SecretBytes(ByteSpan(share.payload));
  }
};

inline VerificationTask job_task(std::size_t slots = 16) {
  auto vdaf = privacy::Prio3Histogram::create(slots, 4);
  REQUIRE(vdaf.ok());
  VerificationTask task{{}, std::move(vdaf).value(), {}, 3};
  task.id.bytes[5] = std::byte{9};
  task.verify_key[0] = std::byte{7};
  return task;
}

// A client's report of a choice. The generator is seeded: the tests are the same every time.
inline OpenedReport report_of(const VerificationTask& task, std::size_t slot, std::uint64_t seed,
                              std::uint64_t time = 100) {
  Random random(seed);
  const auto fill = [&](std::span<std::byte> bytes) {
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random.next() >> 56U);
  };
  OpenedReport report;
  fill(report.metadata.report_id.bytes);
  report.metadata.time = time;
  report.public_share.resize(task.vdaf.public_share_bytes());
  report.input_share = privacy::SecretBytes(task.vdaf.leader_share_bytes());
  Bytes helper_share(task.vdaf.helper_share_bytes());
  Bytes entropy(task.vdaf.random_bytes());
  fill(entropy);
  REQUIRE(task.vdaf.shard(vdaf_context(task.id), slot, report.metadata.report_id.bytes, entropy, report.public_share,
                          report.input_share.span(), helper_share));
  auto plaintext = PlaintextInputShare{{}, std::move(helper_share)}.encode();
  REQUIRE(plaintext.ok());
  report.helper_share = {1, Bytes(32), std::move(plaintext).value()};
  return report;
}

inline HelperJob verified_job(const VerificationTask& task, ByteSpan request) {
  PlainOpener opener;
  auto job = HelperJob::verify(task, request, {1000, 2000}, 1000, opener);
  REQUIRE(std::holds_alternative<HelperJob>(job));
  return std::move(*std::get_if<HelperJob>(&job));
}

inline HelperJob::Answer answer_of(const HelperJob& job) {
  auto answer = job.answer(std::vector<std::optional<ReportError>>(job.verified().size()));
  REQUIRE(answer.ok());
  return std::move(answer).value();
}

inline ProblemType problem_of(const VerificationTask& task, ByteSpan request, std::size_t max_reports = 1000) {
  PlainOpener opener;
  auto job = HelperJob::verify(task, request, {1000, 2000}, max_reports, opener);
  REQUIRE(std::holds_alternative<JobProblem>(job));
  return std::get_if<JobProblem>(&job)->type;
}

}  // namespace sotto::sync
