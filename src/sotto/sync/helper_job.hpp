// The helper's side of one aggregation job: it verifies the leader's reports and says which ones count. It works on
// bytes; which reports were counted before is known to the caller, who stores them.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/privacy/aggregate_share.hpp>
#include <sotto/privacy/secret_bytes.hpp>
#include <sotto/sync/aggregation_job.hpp>
#include <sotto/sync/leader_job.hpp>
#include <sotto/sync/verification_task.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace sotto::sync {

// Opens the shares that are sealed for this aggregator: HPKE with the task's info and associated data.
class InputShareOpener {
 public:
  virtual ~InputShareOpener() = default;
  // Returns the encoded PlaintextInputShare. Any failure is the report's hpke_decrypt_error.
  [[nodiscard]] virtual Result<privacy::SecretBytes> open(const ReportMetadata& metadata, ByteSpan public_share,
                                                          const HpkeCiphertext& share) = 0;
};

// Opens a share and takes the VDAF's input share out of it. Says why the report fails otherwise.
[[nodiscard]] std::variant<privacy::SecretBytes, ReportError> open_input_share(const ReportMetadata& metadata,
                                                                               ByteSpan public_share,
                                                                               const HpkeCiphertext& share,
                                                                               InputShareOpener& opener);

// The moments that the helper accepts, in units of the task's time precision.
struct ReportTimes {
  std::uint64_t latest = 0;  // a later report comes too early
  std::uint64_t expires = 0;  // from then on the task has expired
};

// Why a whole request is refused.
struct JobProblem {
  ProblemType type = ProblemType::invalid_message;
  std::string detail;
};

class HelperJob {
 public:
  // Reads a request and verifies its reports. `max_reports` bounds the memory: about 70 kB each with 4,096 slots.
  [[nodiscard]] static std::variant<HelperJob, JobProblem> verify(const VerificationTask& task, ByteSpan request,
                                                                  const ReportTimes& times, std::size_t max_reports,
                                                                  InputShareOpener& opener);

  [[nodiscard]] const BatchId& batch() const noexcept { return batch_; }
  // The reports that verified, in the request's order.
  [[nodiscard]] std::vector<ReportId> verified() const;

  struct Answer {
    Bytes response;  // an AggregationJobResp
    AggregatedReports aggregated;
  };
  // Makes the answer. refusals: one entry for each of verified(), and an error for a report that must not count, such
  // as report_replayed. It may be called again with other refusals. Fails with invalid_argument for another size.
  [[nodiscard]] Result<Answer> answer(std::span<const std::optional<ReportError>> refusals) const;

 private:
  struct Entry {
    ReportId id;
    std::optional<ReportError> error;
    privacy::Prio3Histogram::VerifierMessage message{};
    std::vector<privacy::Field128> output_share;  // empty with an error
  };
  explicit HelperJob(std::size_t length) : length_(length) {}

  std::size_t length_;
  BatchId batch_;
  std::vector<Entry> entries_;
};

}  // namespace sotto::sync
