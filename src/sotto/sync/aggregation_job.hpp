// What leader and helper send each other to verify and add up reports.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/sync/bytes.hpp>
#include <sotto/sync/extension.hpp>
#include <sotto/sync/hpke_config.hpp>
#include <sotto/sync/identifiers.hpp>
#include <sotto/sync/problem_type.hpp>
#include <sotto/sync/report.hpp>
#include <sotto/sync/report_error.hpp>
#include <sotto/sync/task_configuration.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace sotto::sync {

struct ReportShare {
  ReportMetadata metadata;
  Bytes public_share;                    // may be empty
  HpkeCiphertext encrypted_input_share;  // the helper's

  [[nodiscard]] static Result<ReportShare> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const ReportShare&, const ReportShare&) = default;
};

struct VerifyInit {
  ReportShare report_share;
  Bytes payload;  // an encoded PingPongMessage, not empty; decode leaves it as it is

  [[nodiscard]] static Result<VerifyInit> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const VerifyInit&, const VerifyInit&) = default;
};

// The body of POST {helper}/tasks/{task-id}/aggregation_jobs. verify_inits fill the rest of the body, without a length.
struct AggregationJobInitReq {
  std::uint8_t verification_key_id = 0;
  Bytes agg_param;  // empty for Prio3
  std::vector<Extension> extensions;
  std::vector<VerifyInit> verify_inits;

  // Also fails for extensions out of order. The answer to every failure is the problem invalid_message.
  [[nodiscard]] static Result<AggregationJobInitReq> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const AggregationJobInitReq&, const AggregationJobInitReq&) = default;
};

// Returns the problem of a request's extensions in that batch mode, or nothing. leader_selected needs the batch's id,
// and time_interval has no extension.
[[nodiscard]] std::optional<ProblemType> check_extensions(const AggregationJobInitReq& request, BatchMode mode);
// The id of a leader-selected batch. Returns nothing where check_extensions has a problem.
[[nodiscard]] std::optional<BatchId> batch_id(const AggregationJobInitReq& request);
[[nodiscard]] Extension batch_id_extension(const BatchId& batch);

struct VerifyResp {
  enum class Type : std::uint8_t { continue_ = 0, finish = 1, reject = 2 };

  ReportId report_id;
  Type type = Type::finish;
  Bytes payload;  // of continue_: an encoded PingPongMessage, not empty; decode leaves it as it is
  ReportError error = ReportError::invalid_message;  // of reject; else this value

  [[nodiscard]] static Result<VerifyResp> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const VerifyResp&, const VerifyResp&) = default;
};

// The order is that of the request.
struct AggregationJobResp {
  std::vector<VerifyResp> verify_resps;

  [[nodiscard]] static Result<AggregationJobResp> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const AggregationJobResp&, const AggregationJobResp&) = default;
};

struct VerifyContinue {
  ReportId report_id;
  Bytes payload;  // an encoded PingPongMessage, not empty; decode leaves it as it is

  [[nodiscard]] static Result<VerifyContinue> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const VerifyContinue&, const VerifyContinue&) = default;
};

// Two-party Prio3 has one round and never sends it.
struct AggregationJobContinueReq {
  std::uint16_t step = 0;  // 0 is invalid_message
  std::vector<VerifyContinue> verify_continues;

  // Also fails for step 0, with out_of_range.
  [[nodiscard]] static Result<AggregationJobContinueReq> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const AggregationJobContinueReq&, const AggregationJobContinueReq&) = default;
};

}  // namespace sotto::sync
