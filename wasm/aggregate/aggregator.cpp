// Leader and helper: the same verification, sums and noise as on a server. What differs is that the page hands each its
// share, so that nothing is sealed with HPKE.
#include "exchange.hpp"

#include <sotto/privacy/aggregate_share.hpp>
#include <sotto/privacy/entropy.hpp>
#include <sotto/privacy/noise.hpp>
#include <sotto/sync/helper_job.hpp>
#include <sotto/sync/leader_job.hpp>
#include <sotto/sync/protocol.hpp>

#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>
#include <vector>

// Fills memory from crypto.getRandomValues. The page gives it to the module.
extern "C" __attribute__((import_module("page"), import_name("fill_random"))) void page_fill_random(std::byte* out,
                                                                                                    std::size_t bytes);

namespace sotto::wasm {
namespace {

class PageEntropy final : public privacy::Entropy {
 public:
  Status fill(std::span<std::byte> out) override {
    page_fill_random(out.data(), out.size());
    return Ok{};
  }
};

// The helper's shares that the page has handed over, by report.
class HandedShares final : public sync::InputShareOpener {
 public:
  void hand(const sync::ReportId& id, sync::ByteSpan share) { shares_[id].assign(share.begin(), share.end()); }
  Result<privacy::SecretBytes> open(const sync::ReportMetadata& metadata, sync::ByteSpan /*public_share*/,
                                    const sync::HpkeCiphertext& /*share*/) override {
    const auto found = shares_.find(metadata.report_id);
    if (found == shares_.end()) return Error{ErrorCode::missing, "no share was handed over for a report"};
    auto share = sync::PlaintextInputShare{{}, std::move(found->second)}.encode();
    shares_.erase(found);
    if (!share) return std::move(share).error();
    return privacy::SecretBytes(std::span<const std::byte>(*share));
  }

 private:
  std::map<sync::ReportId, sync::Bytes> shares_;
};

// What an aggregator knows of the batch at hand.
struct Aggregator {
  sync::VerificationTask task;
  sync::BatchId batch;
  privacy::AggregateShare sum{slots};
  std::vector<sync::OpenedReport> waiting{};  // the leader's, not yet in a job
  std::optional<sync::LeaderJob> job{};  // the leader's
  HandedShares shares{};  // the helper's
  std::set<sync::ReportId> counted{};  // the helper's
};

std::optional<Aggregator> aggregator;

Error not_open() { return {ErrorCode::invalid_argument, "no batch was opened"}; }

// For the page: how many reports count, and then the error and the id of each that was refused.
std::int32_t give_outcome(const sync::AggregatedReports& reports, sync::ByteSpan message) {
  sync::Bytes output;
  const auto put = [&](std::size_t number) {
    for (int shift = 0; shift < 32; shift += 8) output.push_back(static_cast<std::byte>(number >> shift));
  };
  put(reports.accepted.size());
  put(reports.refused.size());
  for (const sync::ReportUploadStatus& refused : reports.refused) {
    output.push_back(static_cast<std::byte>(refused.error));
    output.insert(output.end(), refused.id.bytes.begin(), refused.id.bytes.end());
  }
  output.insert(output.end(), message.begin(), message.end());
  return give(std::move(output));
}

}  // namespace
}  // namespace sotto::wasm

// Begins an empty batch. Input: the task's id, the key that both aggregators share, the batch's id.
SOTTO_AGGREGATE_EXPORT std::int32_t aggregate_open_batch() {
  using namespace sotto::wasm;
  InputReader reader;
  const auto task = reader.take_id<sotto::sync::TaskId>();
  const sotto::sync::ByteSpan key = reader.take(sotto::privacy::prio3_verify_key_bytes);
  const auto batch = reader.take_id<sotto::sync::BatchId>();
  if (!reader.complete()) return fail(input_size_error());
  aggregator.emplace(Aggregator{{task, vdaf()}, batch});
  std::ranges::copy(key, aggregator->task.verify_key.begin());
  return give({});
}

// For the leader. Input: the report's id, the public share, the leader's share.
SOTTO_AGGREGATE_EXPORT std::int32_t aggregate_take_leader_share() {
  using namespace sotto::wasm;
  if (!aggregator) return fail(not_open());
  InputReader reader;
  const auto id = reader.take_id<sotto::sync::ReportId>();
  const sotto::sync::ByteSpan public_share = reader.take(vdaf().public_share_bytes());
  const sotto::sync::ByteSpan share = reader.take(vdaf().leader_share_bytes());
  if (!reader.complete()) return fail(input_size_error());
  // Where the helper's sealed share would be is one byte: the page hands the share to the helper itself.
  const sotto::sync::HpkeCiphertext not_sealed{0, {std::byte{0}}, {std::byte{0}}};
  aggregator->waiting.push_back(
      {{id, 0, {}}, {public_share.begin(), public_share.end()}, sotto::privacy::SecretBytes(share), not_sealed});
  return give({});
}

// For the helper. Input: the report's id, the helper's share.
SOTTO_AGGREGATE_EXPORT std::int32_t aggregate_take_helper_share() {
  using namespace sotto::wasm;
  if (!aggregator) return fail(not_open());
  InputReader reader;
  const auto id = reader.take_id<sotto::sync::ReportId>();
  const sotto::sync::ByteSpan share = reader.take(vdaf().helper_share_bytes());
  if (!reader.complete()) return fail(input_size_error());
  aggregator->shares.hand(id, share);
  return give({});
}

// For the leader. Output: the aggregation job's request for the helper, over all reports that wait.
SOTTO_AGGREGATE_EXPORT std::int32_t aggregate_start_job() {
  using namespace sotto::wasm;
  if (!aggregator) return fail(not_open());
  auto job = sotto::sync::LeaderJob::start(aggregator->task, aggregator->batch, aggregator->waiting);
  aggregator->waiting.clear();
  if (!job) return fail(job.error());
  aggregator->job = std::move(job).value();
  return give(aggregator->job->request());
}

// For the helper. Input: the request. Output: the outcome, followed by the response for the leader.
SOTTO_AGGREGATE_EXPORT std::int32_t aggregate_answer_job() {
  using namespace sotto::wasm;
  using namespace sotto::sync;
  if (!aggregator) return fail(not_open());
  constexpr std::size_t max_reports = 1024;
  const ReportTimes times{0, std::numeric_limits<std::uint64_t>::max()};
  const auto verified = HelperJob::verify(aggregator->task, input(), times, max_reports, aggregator->shares);
  const auto* job = std::get_if<HelperJob>(&verified);
  if (job == nullptr) return fail({sotto::ErrorCode::malformed, std::get_if<JobProblem>(&verified)->detail});
  std::vector<std::optional<ReportError>> refusals;
  for (const ReportId& id : job->verified()) {
    const bool is_first = aggregator->counted.insert(id).second;
    refusals.push_back(is_first ? std::nullopt : std::optional{ReportError::report_replayed});
  }
  auto answer = job->answer(refusals);
  if (!answer) return fail(answer.error());
  if (auto merged = aggregator->sum.merge(answer->aggregated.share); !merged) return fail(merged.error());
  return give_outcome(answer->aggregated, answer->response);
}

// For the leader. Input: the response. Output: the outcome.
SOTTO_AGGREGATE_EXPORT std::int32_t aggregate_finish_job() {
  using namespace sotto::wasm;
  if (!aggregator || !aggregator->job) return fail(not_open());
  auto reports = std::move(*aggregator->job).finish(input());
  aggregator->job.reset();
  if (!reports) return fail(reports.error());
  if (auto merged = aggregator->sum.merge(reports->share); !merged) return fail(merged.error());
  return give_outcome(*reports, {});
}

// What an aggregator sees of one report: its share of the 4,096 slots. Input: the report's id, the public share, the
// aggregator's share. Output: an element of 16 bytes for each slot.
SOTTO_AGGREGATE_EXPORT std::int32_t aggregate_view(std::uint32_t is_helper) {
  using namespace sotto::wasm;
  using namespace sotto::privacy;
  if (!aggregator) return fail(not_open());
  const Party party = is_helper == 0 ? Party::leader : Party::helper;
  InputReader reader;
  const auto id = reader.take_id<sotto::sync::ReportId>();
  const sotto::sync::ByteSpan public_share = reader.take(vdaf().public_share_bytes());
  const sotto::sync::ByteSpan share = reader.take(vdaf().input_share_bytes(party));
  if (!reader.complete()) return fail(input_size_error());
  const auto seen =
      vdaf().start_verification(party, aggregator->task.verify_key, sotto::sync::vdaf_context(aggregator->task.id),
                                id.bytes, public_share, share);
  if (!seen) return fail(seen.error());
  AggregateShare alone(slots);
  if (auto added = alone.add(seen->state.output_share); !added) return fail(added.error());
  return give(alone.encode());
}

// Ends the batch. Output: this aggregator's share of the sum, with its own discrete Gaussian noise.
SOTTO_AGGREGATE_EXPORT std::int32_t aggregate_release(std::uint32_t deviation) {
  using namespace sotto::wasm;
  using namespace sotto::privacy;
  if (!aggregator) return fail(not_open());
  std::vector<std::int64_t> noise(slots);
  PageEntropy entropy;
  const Noise gaussian{Mechanism::gaussian, {deviation, 1}};
  if (auto drawn = add_noise(noise, gaussian, entropy); !drawn) return fail(drawn.error());
  if (auto added = aggregator->sum.add_noise(noise); !added) return fail(added.error());
  sotto::sync::Bytes share = aggregator->sum.encode();
  aggregator.reset();
  return give(std::move(share));
}
