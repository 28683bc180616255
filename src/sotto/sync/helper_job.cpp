#include <sotto/sync/helper_job.hpp>

#include <sotto/sync/ping_pong_message.hpp>
#include <sotto/sync/protocol.hpp>

#include <algorithm>
#include <utility>

namespace sotto::sync {
namespace {

// What verifying one report gives.
struct Verified {
  privacy::Prio3Histogram::VerifierMessage message;
  std::vector<privacy::Field128> output_share;
};

std::variant<Verified, ReportError> verify_report(const VerificationTask& task, ByteSpan context,
                                                  const VerifyInit& init, const ReportTimes& times,
                                                  InputShareOpener& opener) {
  const ReportShare& report = init.report_share;
  if (report.metadata.time >= times.expires) return ReportError::task_expired;
  if (report.metadata.time > times.latest) return ReportError::report_too_early;
  auto opened = open_input_share(report.metadata, report.public_share, report.encrypted_input_share, opener);
  if (const auto* error = std::get_if<ReportError>(&opened)) return *error;
  auto message = PingPongMessage::decode(init.payload);
  if (!message || message->type != PingPongMessage::Type::initialize) return ReportError::vdaf_verify_error;
  auto started =
      task.vdaf.start_verification(privacy::Party::helper, task.verify_key, context, report.metadata.report_id.bytes,
                                   report.public_share, std::get_if<privacy::SecretBytes>(&opened)->span());
  if (!started) return ReportError::vdaf_verify_error;
  auto joined = task.vdaf.combine(context, message->verifier_share, started->verifier_share);
  if (!joined) return ReportError::vdaf_verify_error;
  auto output = task.vdaf.finish(std::move(started->state), *joined);
  if (!output) return ReportError::vdaf_verify_error;
  return Verified{*joined, std::move(output).value()};
}

bool has_repeated_id(const AggregationJobInitReq& request) {
  std::vector<ReportId> ids;
  ids.reserve(request.verify_inits.size());
  for (const VerifyInit& init : request.verify_inits) ids.push_back(init.report_share.metadata.report_id);
  std::ranges::sort(ids);
  return std::ranges::adjacent_find(ids) != ids.end();
}

std::optional<JobProblem> problem_of(const VerificationTask& task, const AggregationJobInitReq& request,
                                     std::size_t max_reports) {
  if (const auto problem = check_extensions(request, BatchMode::leader_selected)) {
    return JobProblem{*problem, "the request's extensions are not those of a leader-selected batch"};
  }
  if (request.verification_key_id != task.verify_key_id) {
    return JobProblem{ProblemType::invalid_message, "the verification key's id is unknown"};
  }
  if (!request.agg_param.empty()) {
    return JobProblem{ProblemType::invalid_aggregation_parameter, "Prio3 has no aggregation parameter"};
  }
  if (request.verify_inits.empty()) return JobProblem{ProblemType::invalid_message, "the request has no report"};
  if (request.verify_inits.size() > max_reports) {
    return JobProblem{ProblemType::invalid_message,
                      "the request has more than " + std::to_string(max_reports) + " reports"};
  }
  if (has_repeated_id(request)) {
    return JobProblem{ProblemType::invalid_message, "the request has two reports of one id"};
  }
  return std::nullopt;
}

Result<Bytes> finish_message(const privacy::Prio3Histogram::VerifierMessage& verifier_message) {
  PingPongMessage message;
  message.type = PingPongMessage::Type::finish;
  message.verifier_message.assign(verifier_message.begin(), verifier_message.end());
  return message.encode();
}

}  // namespace

std::variant<privacy::SecretBytes, ReportError> open_input_share(const ReportMetadata& metadata, ByteSpan public_share,
                                                                 const HpkeCiphertext& share,
                                                                 InputShareOpener& opener) {
  auto opened = opener.open(metadata, public_share, share);
  if (!opened) return ReportError::hpke_decrypt_error;
  // The payload stays where it is.
  std::vector<Extension> private_extensions;
  const auto payload = read_input_share(opened->span(), private_extensions);
  if (!payload || !check_report_extensions(metadata.public_extensions, private_extensions)) {
    return ReportError::invalid_message;
  }
  opened->remove_prefix(opened->size() - payload->size());
  return std::move(*opened);
}

std::variant<HelperJob, JobProblem> HelperJob::verify(const VerificationTask& task, ByteSpan request,
                                                      const ReportTimes& times, std::size_t max_reports,
                                                      InputShareOpener& opener) {
  auto decoded = AggregationJobInitReq::decode(request);
  if (!decoded) return JobProblem{ProblemType::invalid_message, std::move(decoded).error().detail};
  if (auto problem = problem_of(task, *decoded, max_reports)) return std::move(*problem);
  HelperJob job(task.vdaf.length());
  job.batch_ = batch_id(*decoded).value_or(BatchId{});
  const Bytes context = vdaf_context(task.id);
  for (const VerifyInit& init : decoded->verify_inits) {
    Entry entry;
    entry.id = init.report_share.metadata.report_id;
    auto verified = verify_report(task, context, init, times, opener);
    if (auto* good = std::get_if<Verified>(&verified)) {
      entry.message = good->message;
      entry.output_share = std::move(good->output_share);
    } else {
      entry.error = *std::get_if<ReportError>(&verified);
    }
    job.entries_.push_back(std::move(entry));
  }
  return job;
}

std::vector<ReportId> HelperJob::verified() const {
  std::vector<ReportId> ids;
  for (const Entry& entry : entries_) {
    if (!entry.error) ids.push_back(entry.id);
  }
  return ids;
}

Result<HelperJob::Answer> HelperJob::answer(std::span<const std::optional<ReportError>> refusals) const {
  const auto verified_count = static_cast<std::size_t>(
      std::ranges::count_if(entries_, [](const Entry& entry) { return !entry.error.has_value(); }));
  if (refusals.size() != verified_count) {
    return Error{ErrorCode::invalid_argument, "a job's answer needs an entry for each report that verified"};
  }
  Answer answer{{}, {privacy::AggregateShare(length_), {}, {}}};
  AggregationJobResp response;
  std::size_t next = 0;
  for (const Entry& entry : entries_) {
    const std::optional<ReportError> error = entry.error ? entry.error : refusals[next++];
    if (error) {
      answer.aggregated.refused.push_back({entry.id, *error});
      response.verify_resps.push_back({entry.id, VerifyResp::Type::reject, {}, *error});
      continue;
    }
    auto payload = finish_message(entry.message);
    if (!payload) return std::move(payload).error();
    if (auto added = answer.aggregated.share.add(entry.output_share); !added) return std::move(added).error();
    answer.aggregated.accepted.push_back(entry.id);
    response.verify_resps.push_back(
        {entry.id, VerifyResp::Type::continue_, std::move(payload).value(), ReportError::invalid_message});
  }
  auto encoded = response.encode();
  if (!encoded) return std::move(encoded).error();
  answer.response = std::move(encoded).value();
  return answer;
}

}  // namespace sotto::sync
