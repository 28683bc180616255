// One aggregation job from both sides.
#include "job_parties.hpp"

#include <sotto/sync/ping_pong_message.hpp>

namespace {

using namespace sotto::sync;
using sotto::ErrorCode;

BatchId first_batch() {
  BatchId batch;
  batch.bytes[0] = std::byte{1};
  return batch;
}

std::vector<OpenedReport> reports_of(const VerificationTask& task, std::size_t count) {
  std::vector<OpenedReport> reports;
  for (std::size_t n = 0; n < count; ++n) reports.push_back(report_of(task, n * n % 16, 50 + n));
  return reports;
}

LeaderJob started(const VerificationTask& task, std::span<const OpenedReport> reports) {
  auto job = LeaderJob::start(task, first_batch(), reports);
  REQUIRE(job.ok());
  return std::move(job).value();
}

}  // namespace

TEST_CASE("aggregation job: both shares together are the plain sum") {
  const auto task = job_task();
  const auto reports = reports_of(task, 20);
  auto leader = started(task, reports);
  const auto helper = verified_job(task, leader.request());
  CHECK(helper.batch() == first_batch());
  const auto answer = answer_of(helper);
  auto result = std::move(leader).finish(answer.response);
  REQUIRE(result.ok());
  CHECK(result->refused.empty());
  CHECK(result->accepted == answer.aggregated.accepted);
  const auto sums = sotto::privacy::unshard(result->share, answer.aggregated.share, 20);
  REQUIRE(sums.ok());
  std::vector<std::uint64_t> expected(16);
  for (std::size_t n = 0; n < 20; ++n) ++expected[n * n % 16];
  CHECK(*sums == expected);
}

TEST_CASE("aggregation job: the same reports give the same bytes on both sides") {
  const auto task = job_task();
  const auto reports = reports_of(task, 5);
  const auto once = started(task, reports);
  const auto again = started(task, reports);
  CHECK(once.request() == again.request());
  CHECK(answer_of(verified_job(task, once.request())).response ==
        answer_of(verified_job(task, once.request())).response);
}

TEST_CASE("aggregation job: reports that the helper refuses count on neither side") {
  const auto task = job_task();
  const auto reports = reports_of(task, 4);
  auto leader = started(task, reports);
  const auto helper = verified_job(task, leader.request());
  std::vector<std::optional<ReportError>> refusals(4);
  refusals[2] = ReportError::report_replayed;
  const auto answer = helper.answer(refusals);
  REQUIRE(answer.ok());
  CHECK(answer->aggregated.accepted.size() == 3);
  auto result = std::move(leader).finish(answer->response);
  REQUIRE(result.ok());
  REQUIRE(result->refused.size() == 1);
  CHECK(result->refused[0] == ReportUploadStatus{reports[2].metadata.report_id, ReportError::report_replayed});
  CHECK(sotto::privacy::unshard(result->share, answer->aggregated.share, 3).ok());
  CHECK(helper.answer(std::vector<std::optional<ReportError>>(3)).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("aggregation job: a report with a flipped byte fails alone") {
  const auto task = job_task();
  auto reports = reports_of(task, 6);
  reports[0].input_share.span()[40] ^= std::byte{1};
  reports[1].public_share[3] ^= std::byte{1};
  reports[2].helper_share.payload[20] ^= std::byte{1};
  reports[3].input_share =
      sotto::privacy::SecretBytes(reports[3].input_share.span().first(reports[3].input_share.size() - 1));
  auto leader = started(task, reports);
  REQUIRE(leader.refused().size() == 1);
  CHECK(leader.refused()[0] == ReportUploadStatus{reports[3].metadata.report_id, ReportError::vdaf_verify_error});
  const auto answer = answer_of(verified_job(task, leader.request()));
  auto result = std::move(leader).finish(answer.response);
  REQUIRE(result.ok());
  CHECK(result->accepted == std::vector{reports[4].metadata.report_id, reports[5].metadata.report_id});
  CHECK(result->refused.size() == 4);
  CHECK(sotto::privacy::unshard(result->share, answer.aggregated.share, 2).ok());
}

TEST_CASE("aggregation job: times, keys and extensions of a report are checked by the helper") {
  const auto task = job_task();
  std::vector<OpenedReport> reports;
  for (const std::uint64_t time : {1001U, 2000U, 100U, 100U, 100U}) {
    reports.push_back(report_of(task, 1, reports.size() + 1, time));
  }
  reports[2].helper_share.config_id = 2;
  reports[3].metadata.public_extensions.push_back({7, {}});
  reports[4].helper_share.payload = {std::byte{1}};
  auto leader = started(task, reports);
  const auto helper = verified_job(task, leader.request());
  CHECK(helper.verified().empty());
  const auto refused = answer_of(helper).aggregated.refused;
  REQUIRE(refused.size() == 5);
  CHECK(refused[0].error == ReportError::report_too_early);
  CHECK(refused[1].error == ReportError::task_expired);
  CHECK(refused[2].error == ReportError::hpke_decrypt_error);
  CHECK(refused[3].error == ReportError::invalid_message);
  CHECK(refused[4].error == ReportError::invalid_message);
}

TEST_CASE("aggregation job: another task or verify key verifies nothing") {
  const auto task = job_task();
  const auto reports = reports_of(task, 2);
  const auto request = started(task, reports).request();
  auto other_task = task;
  other_task.id.bytes[0] = std::byte{1};
  CHECK(verified_job(other_task, request).verified().empty());
  auto other_key = task;
  other_key.verify_key[31] = std::byte{1};
  CHECK(verified_job(other_key, request).verified().empty());
}

TEST_CASE("aggregation job: the helper refuses requests as a whole") {
  const auto task = job_task();
  const auto reports = reports_of(task, 3);
  auto request = AggregationJobInitReq::decode(started(task, reports).request());
  REQUIRE(request.ok());
  const auto problem = [&](const AggregationJobInitReq& changed) {
    const auto bytes = changed.encode();
    REQUIRE(bytes.ok());
    return problem_of(task, *bytes, 3);
  };
  auto changed = *request;
  changed.extensions.clear();
  CHECK(problem(changed) == ProblemType::invalid_message);
  changed = *request;
  changed.extensions.push_back({9, {}});
  CHECK(problem(changed) == ProblemType::unsupported_extension);
  changed = *request;
  changed.agg_param.push_back(std::byte{0});
  CHECK(problem(changed) == ProblemType::invalid_aggregation_parameter);
  changed = *request;
  changed.verification_key_id = 4;
  CHECK(problem(changed) == ProblemType::invalid_message);
  changed = *request;
  changed.verify_inits.clear();
  CHECK(problem(changed) == ProblemType::invalid_message);
  changed = *request;
  changed.verify_inits[2] = changed.verify_inits[0];
  CHECK(problem(changed) == ProblemType::invalid_message);
  changed = *request;
  changed.verify_inits.push_back(changed.verify_inits[0]);
  CHECK(problem(changed) == ProblemType::invalid_message);
}

TEST_CASE("aggregation job: the leader refuses an answer that does not fit") {
  const auto task = job_task();
  const auto reports = reports_of(task, 3);
  const auto response = answer_of(verified_job(task, started(task, reports).request())).response;
  const auto decoded = AggregationJobResp::decode(response);
  REQUIRE(decoded.ok());
  const auto finished = [&](const AggregationJobResp& changed) {
    const auto bytes = changed.encode();
    REQUIRE(bytes.ok());
    return started(task, reports).finish(*bytes);
  };
  CHECK(finished(*decoded).ok());
  auto changed = *decoded;
  std::swap(changed.verify_resps[0], changed.verify_resps[1]);
  CHECK(finished(changed).error().code == ErrorCode::malformed);
  changed = *decoded;
  changed.verify_resps.pop_back();
  CHECK(finished(changed).error().code == ErrorCode::malformed);
  changed = *decoded;
  changed.verify_resps[1].type = VerifyResp::Type::finish;
  changed.verify_resps[1].payload.clear();
  CHECK(finished(changed).error().code == ErrorCode::malformed);
  changed = *decoded;
  changed.verify_resps[1].payload = changed.verify_resps[0].payload;
  CHECK(finished(changed).error().code == ErrorCode::mismatch);
  CHECK_FALSE(started(task, reports).finish(sotto::sync::ByteSpan(response).first(response.size() - 1)).ok());
}

TEST_CASE("aggregation job: a job of one id twice is not made") {
  const auto task = job_task();
  std::vector<OpenedReport> reports;
  for (const std::size_t slot : {1U, 2U}) reports.push_back(report_of(task, slot, 1));
  CHECK(LeaderJob::start(task, first_batch(), reports).error().code == ErrorCode::invalid_argument);
  CHECK(started(task, {}).request().empty());
}
