// What a client uploads, and what the leader answers.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/sync/bytes.hpp>
#include <sotto/sync/extension.hpp>
#include <sotto/sync/hpke_config.hpp>
#include <sotto/sync/identifiers.hpp>
#include <sotto/sync/report_error.hpp>

#include <cstdint>
#include <vector>

namespace sotto::sync {

struct ReportMetadata {
  ReportId report_id;
  std::uint64_t time = 0;  // units of the task's time precision since 1970
  // decode does not check them: a report with bad extensions fails alone (check_report_extensions).
  std::vector<Extension> public_extensions;

  [[nodiscard]] static Result<ReportMetadata> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const ReportMetadata&, const ReportMetadata&) = default;
};

// What a client seals for one aggregator.
struct PlaintextInputShare {
  std::vector<Extension> private_extensions;
  Bytes payload;  // the VDAF's input share, not empty

  // Also fails for extensions out of order, because it concerns this report alone. Such a report gets invalid_message.
  [[nodiscard]] static Result<PlaintextInputShare> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const PlaintextInputShare&, const PlaintextInputShare&) = default;
};

// The same without a copy: the payload is the last part of `bytes`.
[[nodiscard]] Result<ByteSpan> read_input_share(ByteSpan bytes, std::vector<Extension>& private_extensions);

struct Report {
  ReportMetadata metadata;
  Bytes public_share;  // the VDAF's; may be empty
  HpkeCiphertext leader_encrypted_input_share;
  HpkeCiphertext helper_encrypted_input_share;

  [[nodiscard]] static Result<Report> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const Report&, const Report&) = default;
};

// The body of POST {leader}/tasks/{task-id}/reports: reports up to the end of the body, without a length.
struct UploadRequest {
  std::vector<Report> reports;

  [[nodiscard]] static Result<UploadRequest> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const UploadRequest&, const UploadRequest&) = default;
};

struct ReportUploadStatus {
  ReportId id;
  ReportError error = ReportError::invalid_message;

  [[nodiscard]] static Result<ReportUploadStatus> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const ReportUploadStatus&, const ReportUploadStatus&) = default;
};

// The answer to an upload of which some reports failed. The body is empty where all were accepted.
struct UploadErrors {
  std::vector<ReportUploadStatus> status;

  [[nodiscard]] static Result<UploadErrors> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const UploadErrors&, const UploadErrors&) = default;
};

// What HPKE authenticates beside an input share: InputShareAad. `task_configuration` has its encoded bytes. Fails with
// out_of_range where the metadata or the share has no encoding.
[[nodiscard]] Result<Bytes> input_share_aad(const TaskId& task, ByteSpan task_configuration,
                                            const ReportMetadata& metadata, ByteSpan public_share);

// Fails where a list is out of order, a type occurs twice or in both lists, or a type is unknown. No type is registered
// yet, so every report with an extension fails. The report then gets invalid_message, and the others go on.
[[nodiscard]] Status check_report_extensions(std::span<const Extension> public_extensions,
                                             std::span<const Extension> private_extensions);

}  // namespace sotto::sync
