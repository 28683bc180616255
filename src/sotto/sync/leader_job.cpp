#include <sotto/sync/leader_job.hpp>

#include <sotto/sync/ping_pong_message.hpp>
#include <sotto/sync/protocol.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace sotto::sync {
namespace {

bool has_repeated_id(std::span<const OpenedReport> reports) {
  std::vector<ReportId> ids;
  ids.reserve(reports.size());
  for (const OpenedReport& report : reports) ids.push_back(report.metadata.report_id);
  std::ranges::sort(ids);
  return std::ranges::adjacent_find(ids) != ids.end();
}

Result<Bytes> initialize_message(Bytes verifier_share) {
  PingPongMessage message;
  message.type = PingPongMessage::Type::initialize;
  message.verifier_share = std::move(verifier_share);
  return message.encode();
}

}  // namespace

Result<LeaderJob> LeaderJob::start(const VerificationTask& task, const BatchId& batch,
                                   std::span<const OpenedReport> reports) {
  if (has_repeated_id(reports)) return Error{ErrorCode::invalid_argument, "a job has two reports of one id"};
  LeaderJob job(task);
  const Bytes context = vdaf_context(task.id);
  AggregationJobInitReq request;
  request.verification_key_id = task.verify_key_id;
  request.extensions.push_back(batch_id_extension(batch));
  for (const OpenedReport& report : reports) {
    const ReportId& id = report.metadata.report_id;
    auto started = task.vdaf.start_verification(privacy::Party::leader, task.verify_key, context, id.bytes,
                                                report.public_share, report.input_share.span());
    if (!started) {
      job.refused_.push_back({id, ReportError::vdaf_verify_error});
      continue;
    }
    auto payload = initialize_message(std::move(started->verifier_share));
    if (!payload) return std::move(payload).error();
    job.ids_.push_back(id);
    job.states_.push_back(std::move(started->state));
    request.verify_inits.push_back(
        {{report.metadata, report.public_share, report.helper_share}, std::move(payload).value()});
  }
  if (request.verify_inits.empty()) return job;
  auto encoded = request.encode();
  if (!encoded) return std::move(encoded).error();
  job.request_ = std::move(encoded).value();
  return job;
}

Result<AggregatedReports> LeaderJob::finish(ByteSpan response) && {
  auto decoded = AggregationJobResp::decode(response);
  if (!decoded) return std::move(decoded).error();
  if (decoded->verify_resps.size() != ids_.size()) {
    return Error{ErrorCode::malformed, "the helper's answer has " + std::to_string(decoded->verify_resps.size()) +
                                           " reports, expected " + std::to_string(ids_.size())};
  }
  AggregatedReports result{privacy::AggregateShare(vdaf_.length()), {}, std::move(refused_)};
  for (std::size_t n = 0; n < ids_.size(); ++n) {
    VerifyResp& answer = decoded->verify_resps[n];
    if (answer.report_id != ids_[n]) {
      return Error{ErrorCode::malformed, "the helper's answer has the reports in another order"};
    }
    if (answer.type == VerifyResp::Type::reject) {
      result.refused.push_back({ids_[n], answer.error});
      continue;
    }
    if (answer.type != VerifyResp::Type::continue_) {
      return Error{ErrorCode::malformed, "the helper's answer ends a report without the message that proves it"};
    }
    auto message = PingPongMessage::decode(answer.payload);
    if (!message) return std::move(message).error();
    if (message->type != PingPongMessage::Type::finish) {
      return Error{ErrorCode::malformed, "the helper's answer does not finish a report"};
    }
    auto output = vdaf_.finish(std::move(states_[n]), message->verifier_message);
    if (!output) return std::move(output).error();
    if (auto added = result.share.add(*output); !added) return std::move(added).error();
    result.accepted.push_back(ids_[n]);
  }
  return result;
}

}  // namespace sotto::sync
