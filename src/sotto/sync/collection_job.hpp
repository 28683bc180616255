// How a collector asks for a batch's aggregate, and the leader for the helper's share of it.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/sync/bytes.hpp>
#include <sotto/sync/extension.hpp>
#include <sotto/sync/hpke_config.hpp>
#include <sotto/sync/identifiers.hpp>
#include <sotto/sync/interval.hpp>
#include <sotto/sync/problem_type.hpp>
#include <sotto/sync/task_configuration.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace sotto::sync {

struct Query {
  BatchMode batch_mode = BatchMode::leader_selected;
  Interval interval;  // of time_interval; else zeros

  [[nodiscard]] static Result<Query> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const Query&, const Query&) = default;
};

// The body of POST {leader}/tasks/{task-id}/collection_jobs.
struct CollectionJobReq {
  Query query;
  Bytes agg_param;  // empty for Prio3
  // decode does not check them: the answer is another problem than for a malformed request (check_extensions).
  std::vector<Extension> extensions;

  [[nodiscard]] static Result<CollectionJobReq> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const CollectionJobReq&, const CollectionJobReq&) = default;
};

// Returns invalid_extension for extensions out of order, unsupported_extension for any other, because no type is
// registered yet, and nothing for none.
[[nodiscard]] std::optional<ProblemType> check_extensions(const CollectionJobReq& request);

struct CollectionJobResp {
  std::uint64_t report_count = 0;
  Interval interval;  // the smallest that contains the time of every report
  HpkeCiphertext leader_encrypted_agg_share;
  HpkeCiphertext helper_encrypted_agg_share;

  [[nodiscard]] static Result<CollectionJobResp> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const CollectionJobResp&, const CollectionJobResp&) = default;
};

struct BatchSelector {
  BatchMode batch_mode = BatchMode::leader_selected;
  BatchId batch_id;   // of leader_selected; else zeros
  Interval interval;  // of time_interval; else zeros

  [[nodiscard]] static Result<BatchSelector> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const BatchSelector&, const BatchSelector&) = default;
};

// The body of POST {helper}/tasks/{task-id}/aggregate_shares.
struct AggregateShareReq {
  CollectionJobReq collection_job_req;  // the collector's
  BatchSelector batch_selector;
  std::uint64_t report_count = 0;
  Sha256 checksum{};  // ReportIdChecksum (report_id_checksum.hpp)

  [[nodiscard]] static Result<AggregateShareReq> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const AggregateShareReq&, const AggregateShareReq&) = default;
};

struct AggregateShare {
  HpkeCiphertext encrypted_aggregate_share;  // the helper's, for the collector

  [[nodiscard]] static Result<AggregateShare> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const AggregateShare&, const AggregateShare&) = default;
};

// What HPKE authenticates beside an aggregate share: AggregateShareAad. Both spans have encoded bytes. The request is
// the collector's, so in leader-selected mode the batch's id is no part of it.
[[nodiscard]] Bytes aggregate_share_aad(const TaskId& task, ByteSpan task_configuration, ByteSpan collection_job_req);

}  // namespace sotto::sync
