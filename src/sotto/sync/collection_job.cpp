#include <sotto/sync/collection_job.hpp>

#include <sotto/sync/internal/messages.hpp>

#include <algorithm>

namespace sotto::sync {
namespace {

// The config of a query or selector: opaque bytes of the size that the mode demands.
void read_mode(WireReader& reader, BatchMode& mode, Interval& interval, std::span<std::byte> batch) {
  read(reader, mode);
  const ByteSpan config = reader.opaque(2, 0, "a batch's config");
  if (!reader.ok()) return;
  if (mode == BatchMode::time_interval) {
    auto decoded = Interval::decode(config);
    if (!decoded) {
      reader.fail(Error{ErrorCode::malformed, "a batch's config: " + decoded.error().detail});
      return;
    }
    interval = *decoded;
    return;
  }
  if (config.size() != batch.size()) {
    reader.fail(Error{ErrorCode::malformed, "a batch's config has " + std::to_string(config.size()) +
                                                " bytes, expected " + std::to_string(batch.size())});
    return;
  }
  std::copy(config.begin(), config.end(), batch.begin());
}

void write_mode(WireWriter& writer, BatchMode mode, const Interval& interval, ByteSpan batch) {
  write(writer, mode);
  const std::size_t begin = writer.begin_opaque(2);
  if (mode == BatchMode::time_interval) {
    write(writer, interval);
  } else {
    writer.fixed(batch);
  }
  writer.end_opaque(begin, 2, 0, "a batch's config");
}

}  // namespace

void read(WireReader& reader, Query& query) { read_mode(reader, query.batch_mode, query.interval, {}); }
void write(WireWriter& writer, const Query& query) { write_mode(writer, query.batch_mode, query.interval, {}); }

void read(WireReader& reader, CollectionJobReq& request) {
  read(reader, request.query);
  request.agg_param = reader.opaque_copy(4, 0, "agg_param");
  read_extensions(reader, request.extensions, "the collection job's extensions");
}

void write(WireWriter& writer, const CollectionJobReq& request) {
  write(writer, request.query);
  writer.opaque(request.agg_param, 4, 0, "agg_param");
  write_extensions(writer, request.extensions, "the collection job's extensions");
}

void read(WireReader& reader, CollectionJobResp& resp) {
  resp.report_count = reader.u64("report_count");
  read(reader, resp.interval);
  read(reader, resp.leader_encrypted_agg_share);
  read(reader, resp.helper_encrypted_agg_share);
}

void write(WireWriter& writer, const CollectionJobResp& resp) {
  writer.u64(resp.report_count);
  write(writer, resp.interval);
  write(writer, resp.leader_encrypted_agg_share);
  write(writer, resp.helper_encrypted_agg_share);
}

void read(WireReader& reader, BatchSelector& selector) {
  read_mode(reader, selector.batch_mode, selector.interval, selector.batch_id.bytes);
}

void write(WireWriter& writer, const BatchSelector& selector) {
  write_mode(writer, selector.batch_mode, selector.interval, selector.batch_id.bytes);
}

void read(WireReader& reader, AggregateShareReq& request) {
  read(reader, request.collection_job_req);
  read(reader, request.batch_selector);
  request.report_count = reader.u64("report_count");
  reader.fixed(request.checksum, "checksum");
}

void write(WireWriter& writer, const AggregateShareReq& request) {
  write(writer, request.collection_job_req);
  write(writer, request.batch_selector);
  writer.u64(request.report_count);
  writer.fixed(request.checksum);
}

void read(WireReader& reader, AggregateShare& share) { read(reader, share.encrypted_aggregate_share); }
void write(WireWriter& writer, const AggregateShare& share) { write(writer, share.encrypted_aggregate_share); }

Result<Query> Query::decode(ByteSpan bytes) { return decode_whole<Query>(bytes, "Query"); }
Result<Bytes> Query::encode() const { return encode_whole(*this); }

Result<CollectionJobReq> CollectionJobReq::decode(ByteSpan bytes) {
  return decode_whole<CollectionJobReq>(bytes, "CollectionJobReq");
}
Result<Bytes> CollectionJobReq::encode() const { return encode_whole(*this); }

std::optional<ProblemType> check_extensions(const CollectionJobReq& request) {
  if (!check_extension_order(request.extensions)) return ProblemType::invalid_extension;
  if (!request.extensions.empty()) return ProblemType::unsupported_extension;
  return std::nullopt;
}

Result<CollectionJobResp> CollectionJobResp::decode(ByteSpan bytes) {
  return decode_whole<CollectionJobResp>(bytes, "CollectionJobResp");
}
Result<Bytes> CollectionJobResp::encode() const { return encode_whole(*this); }

Result<BatchSelector> BatchSelector::decode(ByteSpan bytes) {
  return decode_whole<BatchSelector>(bytes, "BatchSelector");
}
Result<Bytes> BatchSelector::encode() const { return encode_whole(*this); }

Result<AggregateShareReq> AggregateShareReq::decode(ByteSpan bytes) {
  return decode_whole<AggregateShareReq>(bytes, "AggregateShareReq");
}
Result<Bytes> AggregateShareReq::encode() const { return encode_whole(*this); }

Result<AggregateShare> AggregateShare::decode(ByteSpan bytes) {
  return decode_whole<AggregateShare>(bytes, "AggregateShare");
}
Result<Bytes> AggregateShare::encode() const { return encode_whole(*this); }

Bytes aggregate_share_aad(const TaskId& task, ByteSpan task_configuration, ByteSpan collection_job_req) {
  Bytes aad(task.bytes.begin(), task.bytes.end());
  aad.insert(aad.end(), task_configuration.begin(), task_configuration.end());
  aad.insert(aad.end(), collection_job_req.begin(), collection_job_req.end());
  return aad;
}

}  // namespace sotto::sync
