// The leader's side of one aggregation job: it sends its verifier shares, and adds up the reports that the helper's
// answer confirms. It works on bytes; who sends and stores them is the caller.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/privacy/aggregate_share.hpp>
#include <sotto/privacy/secret_bytes.hpp>
#include <sotto/sync/aggregation_job.hpp>
#include <sotto/sync/verification_task.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace sotto::sync {

// A report whose share for the leader is open.
struct OpenedReport {
  ReportMetadata metadata;
  Bytes public_share;
  privacy::SecretBytes input_share;  // the VDAF's, the payload of PlaintextInputShare
  HpkeCiphertext helper_share;  // sealed for the helper
};

// What a job adds to its batch.
struct AggregatedReports {
  privacy::AggregateShare share;
  std::vector<ReportId> accepted;
  std::vector<ReportUploadStatus> refused;
};

class LeaderJob {
 public:
  // Computes the leader's part of each report's check. A report that cannot be checked is left out of the request and
  // is in refused(). The same input gives the same request. Fails with invalid_argument for two reports of one id.
  [[nodiscard]] static Result<LeaderJob> start(const VerificationTask& task, const BatchId& batch,
                                               std::span<const OpenedReport> reports);

  // The body for the helper, an AggregationJobInitReq. Empty where no report is left.
  [[nodiscard]] const Bytes& request() const noexcept { return request_; }
  // The reports of the request, in its order.
  [[nodiscard]] std::span<const ReportId> reports() const noexcept { return ids_; }
  [[nodiscard]] std::span<const ReportUploadStatus> refused() const noexcept { return refused_; }

  // Takes the helper's answer, an AggregationJobResp. `refused` has the reports of refused() as well. Fails where the
  // answer does not fit the request, with mismatch also for a message that confirms no proof. Both sides may then have
  // different reports, and the batch must be given up.
  [[nodiscard]] Result<AggregatedReports> finish(ByteSpan response) &&;

 private:
  explicit LeaderJob(const VerificationTask& task) : vdaf_(task.vdaf) {}

  privacy::Prio3Histogram vdaf_;
  Bytes request_;
  std::vector<ReportId> ids_;
  std::vector<privacy::Prio3Histogram::VerifyState> states_;  // of the same reports
  std::vector<ReportUploadStatus> refused_;
};

}  // namespace sotto::sync
