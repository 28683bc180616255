#include <sotto/sync/report.hpp>

#include <sotto/sync/internal/messages.hpp>

namespace sotto::sync {

namespace {

ByteSpan read_parts(WireReader& reader, std::vector<Extension>& private_extensions) {
  read_extensions(reader, private_extensions, "private_extensions");
  const ByteSpan payload = reader.opaque(4, 1, "an input share's payload");
  if (!reader.ok()) return {};
  if (Status order = check_extension_order(private_extensions); !order) reader.fail(std::move(order).error());
  return payload;
}

}  // namespace

Result<ByteSpan> read_input_share(ByteSpan bytes, std::vector<Extension>& private_extensions) {
  WireReader reader(bytes);
  const ByteSpan payload = read_parts(reader, private_extensions);
  if (reader.ok() && !reader.at_end()) {
    reader.fail(ErrorCode::malformed, "PlaintextInputShare", "has bytes beyond its end");
  }
  if (!reader.ok()) return reader.take_error();
  return payload;
}

void read(WireReader& reader, PlaintextInputShare& share) {
  const ByteSpan payload = read_parts(reader, share.private_extensions);
  share.payload.assign(payload.begin(), payload.end());
}

void write(WireWriter& writer, const PlaintextInputShare& share) {
  if (!check_extension_order(share.private_extensions)) writer.fail("private_extensions", "is out of order");
  write_extensions(writer, share.private_extensions, "private_extensions");
  writer.opaque(share.payload, 4, 1, "an input share's payload");
}

void read(WireReader& reader, Report& report) {
  read(reader, report.metadata);
  report.public_share = reader.opaque_copy(4, 0, "public_share");
  read(reader, report.leader_encrypted_input_share);
  read(reader, report.helper_encrypted_input_share);
}

void write(WireWriter& writer, const Report& report) {
  write(writer, report.metadata);
  writer.opaque(report.public_share, 4, 0, "public_share");
  write(writer, report.leader_encrypted_input_share);
  write(writer, report.helper_encrypted_input_share);
}

void read(WireReader& reader, UploadRequest& request) { read_all(reader, request.reports); }
void write(WireWriter& writer, const UploadRequest& request) { write_all(writer, request.reports); }

void read(WireReader& reader, ReportUploadStatus& status) {
  reader.fixed(status.id.bytes, "report_id");
  read(reader, status.error);
}

void write(WireWriter& writer, const ReportUploadStatus& status) {
  writer.fixed(status.id.bytes);
  write(writer, status.error);
}

void read(WireReader& reader, UploadErrors& errors) { read_all(reader, errors.status); }
void write(WireWriter& writer, const UploadErrors& errors) { write_all(writer, errors.status); }

void read(WireReader& reader, ReportMetadata& metadata) {
  reader.fixed(metadata.report_id.bytes, "report_id");
  metadata.time = reader.u64("a report's time");
  read_extensions(reader, metadata.public_extensions, "public_extensions");
}

void write(WireWriter& writer, const ReportMetadata& metadata) {
  writer.fixed(metadata.report_id.bytes);
  writer.u64(metadata.time);
  write_extensions(writer, metadata.public_extensions, "public_extensions");
}

Result<ReportMetadata> ReportMetadata::decode(ByteSpan bytes) {
  return decode_whole<ReportMetadata>(bytes, "ReportMetadata");
}
Result<Bytes> ReportMetadata::encode() const { return encode_whole(*this); }

Result<PlaintextInputShare> PlaintextInputShare::decode(ByteSpan bytes) {
  return decode_whole<PlaintextInputShare>(bytes, "PlaintextInputShare");
}
Result<Bytes> PlaintextInputShare::encode() const { return encode_whole(*this); }

Result<Report> Report::decode(ByteSpan bytes) { return decode_whole<Report>(bytes, "Report"); }
Result<Bytes> Report::encode() const {
  constexpr std::size_t other_bytes = 256;  // about what stands beside the long fields
  WireWriter writer(public_share.size() + leader_encrypted_input_share.payload.size() +
                    helper_encrypted_input_share.payload.size() + other_bytes);
  write(writer, *this);
  return std::move(writer).result();
}

Result<UploadRequest> UploadRequest::decode(ByteSpan bytes) {
  return decode_whole<UploadRequest>(bytes, "UploadRequest");
}
Result<Bytes> UploadRequest::encode() const { return encode_whole(*this); }

Result<ReportUploadStatus> ReportUploadStatus::decode(ByteSpan bytes) {
  return decode_whole<ReportUploadStatus>(bytes, "ReportUploadStatus");
}
Result<Bytes> ReportUploadStatus::encode() const { return encode_whole(*this); }

Result<UploadErrors> UploadErrors::decode(ByteSpan bytes) { return decode_whole<UploadErrors>(bytes, "UploadErrors"); }
Result<Bytes> UploadErrors::encode() const { return encode_whole(*this); }

Result<Bytes> input_share_aad(const TaskId& task, ByteSpan task_configuration, const ReportMetadata& metadata,
                              ByteSpan public_share) {
  WireWriter writer;
  writer.fixed(task.bytes);
  writer.fixed(task_configuration);
  write(writer, metadata);
  writer.opaque(public_share, 4, 0, "public_share");
  return std::move(writer).result();
}

Status check_report_extensions(std::span<const Extension> public_extensions,
                               std::span<const Extension> private_extensions) {
  for (const auto extensions : {public_extensions, private_extensions}) {
    if (Status order = check_extension_order(extensions); !order) return order;
    for (const Extension& extension : extensions) {
      return Error{ErrorCode::unsupported, "report extension " + std::to_string(extension.type) + " is not known"};
    }
  }
  return Ok{};
}

}  // namespace sotto::sync
