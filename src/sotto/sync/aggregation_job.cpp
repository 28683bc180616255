#include <sotto/sync/aggregation_job.hpp>

#include <sotto/sync/internal/messages.hpp>

#include <algorithm>

namespace sotto::sync {

void read(WireReader& reader, ReportShare& share) {
  read(reader, share.metadata);
  share.public_share = reader.opaque_copy(4, 0, "public_share");
  read(reader, share.encrypted_input_share);
}

void write(WireWriter& writer, const ReportShare& share) {
  write(writer, share.metadata);
  writer.opaque(share.public_share, 4, 0, "public_share");
  write(writer, share.encrypted_input_share);
}

void read(WireReader& reader, VerifyInit& init) {
  read(reader, init.report_share);
  init.payload = reader.opaque_copy(4, 1, "a VerifyInit's payload");
}

void write(WireWriter& writer, const VerifyInit& init) {
  write(writer, init.report_share);
  writer.opaque(init.payload, 4, 1, "a VerifyInit's payload");
}

void read(WireReader& reader, AggregationJobInitReq& request) {
  request.verification_key_id = reader.u8("verification_key_id");
  request.agg_param = reader.opaque_copy(4, 0, "agg_param");
  read_extensions(reader, request.extensions, "the job's extensions");
  if (reader.ok()) {
    if (Status order = check_extension_order(request.extensions); !order) reader.fail(std::move(order).error());
  }
  read_all(reader, request.verify_inits);
}

void write(WireWriter& writer, const AggregationJobInitReq& request) {
  if (!check_extension_order(request.extensions)) writer.fail("the job's extensions", "is out of order");
  writer.u8(request.verification_key_id);
  writer.opaque(request.agg_param, 4, 0, "agg_param");
  write_extensions(writer, request.extensions, "the job's extensions");
  write_all(writer, request.verify_inits);
}

void read(WireReader& reader, VerifyResp& resp) {
  reader.fixed(resp.report_id.bytes, "report_id");
  const std::uint8_t type = reader.u8("verify_resp_type");
  if (type > static_cast<std::uint8_t>(VerifyResp::Type::reject)) {
    reader.fail(Error{ErrorCode::malformed, "verify_resp_type " + std::to_string(type) + " is not defined"});
    return;
  }
  resp.type = static_cast<VerifyResp::Type>(type);
  if (resp.type == VerifyResp::Type::continue_) resp.payload = reader.opaque_copy(4, 1, "a VerifyResp's payload");
  if (resp.type == VerifyResp::Type::reject) read(reader, resp.error);
}

void write(WireWriter& writer, const VerifyResp& resp) {
  writer.fixed(resp.report_id.bytes);
  writer.u8(static_cast<std::uint8_t>(resp.type));
  if (resp.type == VerifyResp::Type::continue_) writer.opaque(resp.payload, 4, 1, "a VerifyResp's payload");
  if (resp.type == VerifyResp::Type::reject) write(writer, resp.error);
}

void read(WireReader& reader, AggregationJobResp& resp) { read_all(reader, resp.verify_resps); }
void write(WireWriter& writer, const AggregationJobResp& resp) { write_all(writer, resp.verify_resps); }

void read(WireReader& reader, VerifyContinue& verify) {
  reader.fixed(verify.report_id.bytes, "report_id");
  verify.payload = reader.opaque_copy(4, 1, "a VerifyContinue's payload");
}

void write(WireWriter& writer, const VerifyContinue& verify) {
  writer.fixed(verify.report_id.bytes);
  writer.opaque(verify.payload, 4, 1, "a VerifyContinue's payload");
}

void read(WireReader& reader, AggregationJobContinueReq& request) {
  request.step = reader.u16("step");
  if (reader.ok() && request.step == 0) reader.fail(ErrorCode::out_of_range, "step", "is 0");
  read_all(reader, request.verify_continues);
}

void write(WireWriter& writer, const AggregationJobContinueReq& request) {
  if (request.step == 0) writer.fail("step", "is 0");
  writer.u16(request.step);
  write_all(writer, request.verify_continues);
}

Result<ReportShare> ReportShare::decode(ByteSpan bytes) { return decode_whole<ReportShare>(bytes, "ReportShare"); }
Result<Bytes> ReportShare::encode() const { return encode_whole(*this); }

Result<VerifyInit> VerifyInit::decode(ByteSpan bytes) { return decode_whole<VerifyInit>(bytes, "VerifyInit"); }
Result<Bytes> VerifyInit::encode() const { return encode_whole(*this); }

Result<AggregationJobInitReq> AggregationJobInitReq::decode(ByteSpan bytes) {
  return decode_whole<AggregationJobInitReq>(bytes, "AggregationJobInitReq");
}
Result<Bytes> AggregationJobInitReq::encode() const { return encode_whole(*this); }

std::optional<ProblemType> check_extensions(const AggregationJobInitReq& request, BatchMode mode) {
  if (!check_extension_order(request.extensions)) return ProblemType::invalid_message;
  const bool selects_batch = mode == BatchMode::leader_selected;
  for (const Extension& extension : request.extensions) {
    if (!selects_batch || extension.type != aggregation_job_extension_batch_id) {
      return ProblemType::unsupported_extension;
    }
  }
  if (selects_batch && !batch_id(request)) return ProblemType::invalid_message;
  return std::nullopt;
}

std::optional<BatchId> batch_id(const AggregationJobInitReq& request) {
  for (const Extension& extension : request.extensions) {
    if (extension.type != aggregation_job_extension_batch_id || extension.data.size() != BatchId::size) continue;
    BatchId batch;
    std::copy(extension.data.begin(), extension.data.end(), batch.bytes.begin());
    return batch;
  }
  return std::nullopt;
}

Extension batch_id_extension(const BatchId& batch) {
  return {aggregation_job_extension_batch_id, Bytes(batch.bytes.begin(), batch.bytes.end())};
}

Result<VerifyResp> VerifyResp::decode(ByteSpan bytes) { return decode_whole<VerifyResp>(bytes, "VerifyResp"); }
Result<Bytes> VerifyResp::encode() const { return encode_whole(*this); }

Result<AggregationJobResp> AggregationJobResp::decode(ByteSpan bytes) {
  return decode_whole<AggregationJobResp>(bytes, "AggregationJobResp");
}
Result<Bytes> AggregationJobResp::encode() const { return encode_whole(*this); }

Result<VerifyContinue> VerifyContinue::decode(ByteSpan bytes) {
  return decode_whole<VerifyContinue>(bytes, "VerifyContinue");
}
Result<Bytes> VerifyContinue::encode() const { return encode_whole(*this); }

Result<AggregationJobContinueReq> AggregationJobContinueReq::decode(ByteSpan bytes) {
  return decode_whole<AggregationJobContinueReq>(bytes, "AggregationJobContinueReq");
}
Result<Bytes> AggregationJobContinueReq::encode() const { return encode_whole(*this); }

}  // namespace sotto::sync
