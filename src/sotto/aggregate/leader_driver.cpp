#include <sotto/aggregate/leader_driver.hpp>

#include <sotto/aggregate/batch_noise.hpp>
#include <sotto/aggregate/release.hpp>
#include <sotto/aggregate/sha256.hpp>
#include <sotto/aggregate/share_opener.hpp>
#include <sotto/aggregate/stored_share.hpp>
#include <sotto/aggregate/upload_token.hpp>
#include <sotto/sync/collection_job.hpp>
#include <sotto/sync/protocol.hpp>

#include <algorithm>
#include <future>
#include <utility>

namespace sotto::aggregate {
namespace {

using namespace std::chrono_literals;

constexpr auto idle_poll = 250ms;  // other processes may have stored something
constexpr auto first_pause = 100ms;  // after a failure; it doubles
constexpr auto longest_pause = 20s;
constexpr std::size_t max_kept_states = 8;  // jobs, about 16 MB each
constexpr std::size_t max_pending_jobs = 2;  // while the helper verifies one, the next is made

sync::CollectionJobReq collection_request() { return {{sync::BatchMode::leader_selected, {}}, {}, {}}; }

}  // namespace

LeaderDriver::LeaderDriver(const LeaderOptions& options, const Keyring& keys, store::AggregationStore& store,
                           privacy::Entropy& entropy, Leader::Now now, ReportProblem problem, OpenedReports& reports,
                           std::atomic<std::uint64_t>& waiting, std::function<LeaderTaskPointer()> current)
    : options_(options),
      keys_(keys),
      store_(store),
      entropy_(entropy),
      now_(std::move(now)),
      problem_(std::move(problem)),
      reports_(reports),
      waiting_(waiting),
      current_(std::move(current)),
      helper_(stops_),
      thread_([this] { run(); }) {}

void LeaderDriver::wake() {
  {
    const std::scoped_lock lock(mutex_);
    is_woken_ = true;
  }
  changed_.notify_one();
}

void LeaderDriver::stop() {
  stops_ = true;
  wake();
  if (thread_.joinable()) thread_.join();
}

void LeaderDriver::count_refused(const sync::TaskId& task, std::span<const sync::ReportUploadStatus> refused) {
  const auto counts = count_by_reason(refused);
  const std::scoped_lock lock(mutex_);
  for (const store::RefusalCount& count : counts) refused_[task.bytes][count.reason] += count.reports;
}

Status LeaderDriver::store_refused(const store::Id32& task) {
  std::map<std::string, std::uint64_t> taken;
  {
    const std::scoped_lock lock(mutex_);
    taken = std::move(refused_[task]);
    refused_.clear();  // nothing is kept of a task that has ended
  }
  if (taken.empty()) return Ok{};
  std::vector<store::RefusalCount> counts;
  for (const auto& [reason, reports] : taken) counts.push_back({reason, reports});
  auto stored = store_.count_refusals(task, counts);
  if (stored) return Ok{};
  const std::scoped_lock lock(mutex_);
  for (const auto& [reason, reports] : taken) refused_[task][reason] += reports;
  return stored;
}

Status LeaderDriver::forget_old_tokens() {
  const std::uint64_t window = upload_window(static_cast<std::uint64_t>(std::max<std::int64_t>(now_(), 0)));
  if (window <= tokens_looked_at_) return Ok{};
  // Serials of the window before stay, in case the clock was ahead.
  if (auto forgotten = store_.forget_tokens(window - 1); !forgotten) return forgotten;
  tokens_looked_at_ = window;
  return Ok{};
}

void LeaderDriver::run() {
  auto pause = std::chrono::milliseconds(first_pause);
  while (!stops_) {
    const LeaderTaskPointer task = current_();
    const Progress progress = task ? step(*task) : Progress::idle;
    if (progress == Progress::done) {
      pause = first_pause;
      continue;
    }
    std::unique_lock lock(mutex_);
    if (progress == Progress::failed) {
      changed_.wait_for(lock, pause, [this] { return stops_.load(); });
      pause = std::min<std::chrono::milliseconds>(2 * pause, longest_pause);
    } else {
      pause = first_pause;
      changed_.wait_for(lock, idle_poll, [this] { return is_woken_ || stops_; });
    }
    is_woken_ = false;
  }
}

void LeaderDriver::say(std::string_view what, const std::string& reason) {
  std::string text = std::string(what) + ": " + reason;
  if (text == said_) return;
  problem_(what, reason);
  said_ = std::move(text);
}

LeaderDriver::Progress LeaderDriver::fail(const Error& error) {
  say("the aggregation store cannot be used", error.detail);
  return Progress::failed;
}

LeaderDriver::Progress LeaderDriver::step(const LeaderTask& task) {
  if (auto stored = store_refused(task.task.id.bytes); !stored) return fail(stored.error());
  if (auto forgotten = forget_old_tokens(); !forgotten) return fail(forgotten.error());
  auto closing = store_.closing_batch(task.task.id.bytes);
  if (!closing) return fail(closing.error());
  if (*closing) return collect_batch(task, **closing);
  auto jobs = store_.pending_jobs(task.task.id.bytes);
  if (!jobs) return fail(jobs.error());
  if (jobs->empty()) return start_next(task, 0);
  std::uint64_t reports = 0;
  for (const store::LeaderJobRow& job : *jobs) reports += job.reports;
  const store::LeaderJobRow& job = jobs->front();
  auto answer = std::async(std::launch::async, [&] {
    return helper_.ask(task, sync::aggregation_jobs_path(task.task.id), sync::aggregation_job_init_req_name,
                       sync::aggregation_job_resp_name, job.request);
  });
  const Progress ahead = jobs->size() < max_pending_jobs ? start_next(task, reports) : Progress::idle;
  const Progress progress = finish_job(task, job, answer.get());
  return ahead == Progress::failed ? ahead : progress;
}

LeaderDriver::Progress LeaderDriver::start_next(const LeaderTask& task, std::uint64_t pending) {
  store::Id32 proposal{};
  if (auto filled = entropy_.fill(proposal); !filled) return fail(filled.error());
  auto batch = store_.open_batch(task.task.id.bytes, proposal, now_());
  if (!batch) return fail(batch.error());
  const std::uint64_t floor = task.task.parameters.min_batch_size;
  if (batch->reports >= floor && pending == 0) return close_batch(task, *batch);
  if (batch->reports + pending >= floor) return Progress::idle;
  const std::uint64_t missing = floor - batch->reports - pending;
  return start_job(task, *batch, static_cast<std::size_t>(std::min<std::uint64_t>(missing, options_.job_reports)));
}

LeaderDriver::Progress LeaderDriver::start_job(const LeaderTask& task, const store::StoredBatch& batch,
                                               std::size_t wanted) {
  // The count decides. The reports themselves are read once, when the job starts.
  auto count = store_.waiting(task.task.id.bytes);
  if (!count) return fail(count.error());
  waiting_ = *count;
  const auto now = std::chrono::steady_clock::now();
  if (*count == 0 || waits_since_ == std::chrono::steady_clock::time_point{}) waits_since_ = now;
  if (*count == 0) return Progress::idle;
  if (*count < wanted && now - waits_since_ < options_.job_delay) return Progress::idle;
  waits_since_ = {};
  auto waiting = store_.waiting_ids(task.task.id.bytes, wanted);
  if (!waiting) return fail(waiting.error());

  auto opened = open_reports(task, *waiting);
  if (!opened) return fail(opened.error());
  auto job = sync::LeaderJob::start(task.task.verification, {batch.id}, opened->reports);
  if (!job) {
    say("a job cannot be made", job.error().detail);
    return Progress::failed;
  }
  std::vector<sync::ReportUploadStatus> refused = std::move(opened->refused);
  refused.insert(refused.end(), job->refused().begin(), job->refused().end());
  store::NewLeaderJob row;
  row.task = task.task.id.bytes;
  row.batch = batch.id;
  row.request = job->request();
  for (const sync::ReportId& id : job->reports()) row.reports.push_back(id.bytes);
  for (const sync::ReportUploadStatus& report : refused) row.dropped.push_back(report.id.bytes);
  row.refusals = count_by_reason(refused);
  auto started = store_.start_job(row);
  if (!started) return fail(started.error());
  if (*started && !row.reports.empty()) {
    if (states_.size() >= max_kept_states) states_.clear();
    states_.emplace(sha256(row.request), std::move(*job));
  }
  return Progress::done;
}

// A report that was good when it was uploaded fails only where the keys have changed since.
Result<LeaderDriver::Opened> LeaderDriver::open_reports(const LeaderTask& task, std::span<const store::Id16> ids) {
  Opened opened;
  ShareOpener opener(task.task, keys_.shares, shares_config_id, sync::Role::leader);
  for (const store::Id16& id : ids) {
    if (auto kept = reports_.take({id})) {
      opened.reports.push_back(std::move(*kept));
      continue;
    }
    auto sealed = store_.report(task.task.id.bytes, id);
    if (!sealed) return std::move(sealed).error();
    if (!*sealed) continue;  // another process has taken it
    auto report = sync::Report::decode(**sealed);
    if (!report) {
      opened.refused.push_back({{id}, sync::ReportError::invalid_message});
      continue;
    }
    auto share =
        sync::open_input_share(report->metadata, report->public_share, report->leader_encrypted_input_share, opener);
    if (const auto* error = std::get_if<sync::ReportError>(&share)) {
      opened.refused.push_back({{id}, *error});
      continue;
    }
    opened.reports.push_back({std::move(report->metadata), std::move(report->public_share),
                              std::move(*std::get_if<privacy::SecretBytes>(&share)),
                              std::move(report->helper_encrypted_input_share)});
  }
  return opened;
}

Result<sync::LeaderJob> LeaderDriver::job_state(const LeaderTask& task, const store::LeaderJobRow& job) {
  if (auto kept = states_.extract(sha256(job.request)); !kept.empty()) return std::move(kept.mapped());
  auto ids = store_.job_ids(job.number);
  if (!ids) return std::move(ids).error();
  auto opened = open_reports(task, *ids);
  if (!opened) return std::move(opened).error();
  auto state = sync::LeaderJob::start(task.task.verification, {job.batch}, opened->reports);
  if (!state) return std::move(state).error();
  // The refusals of the first time were counted then.
  if (state->request() != job.request) {
    return Error{ErrorCode::mismatch, "the job's reports no longer give its request; the keys may have changed"};
  }
  return state;
}

LeaderDriver::Progress LeaderDriver::finish_job(const LeaderTask& task, const store::LeaderJobRow& job,
                                                const HelperAnswer& answer) {
  if (!answer.refusal.empty()) {
    return give_up(task, job.batch, job.number, "the helper refuses a job: " + answer.refusal);
  }
  if (!answer.message) return without_answer(answer);
  auto state = job_state(task, job);
  if (!state) {
    if (state.error().code == ErrorCode::mismatch) return give_up(task, job.batch, job.number, state.error().detail);
    say("a job cannot be continued", state.error().detail);
    return Progress::failed;
  }
  // What the leader refused when it started the job was counted then.
  const std::size_t counted = state->refused().size();
  auto result = std::move(*state).finish(*answer.message);
  if (!result) return give_up(task, job.batch, job.number, "the helper's answer to a job: " + result.error().detail);
  const auto refusals = count_by_reason(std::span(result->refused).subspan(counted));
  auto finished = store_.finish_job(job, batch_addition(*result), refusals);
  if (!finished) return fail(finished.error());
  said_.clear();
  return Progress::done;
}

LeaderDriver::Progress LeaderDriver::without_answer(const HelperAnswer& answer) {
  if (!answer.problem.empty()) say("the helper cannot be asked", answer.problem);
  return Progress::failed;
}

LeaderDriver::Progress LeaderDriver::close_batch(const LeaderTask& task, const store::StoredBatch& batch) {
  auto share = decode_stored_share(batch.share, task.task.verification.vdaf.length());
  if (!share) return fail(share.error());
  if (auto noised = add_batch_noise(*share, task.task.noise_thousandths, entropy_); !noised) {
    return fail(noised.error());
  }
  const sync::AggregateShareReq request{
      collection_request(), {sync::BatchMode::leader_selected, {batch.id}, {}}, batch.reports, batch.checksum};
  auto encoded = request.encode();
  if (!encoded) return fail(encoded.error());
  auto closed = store_.close_batch(task.task.id.bytes, batch.id, batch.reports, *encoded, share->encode());
  if (!closed) return fail(closed.error());
  return Progress::done;
}

LeaderDriver::Progress LeaderDriver::collect_batch(const LeaderTask& task, const store::StoredBatch& batch) {
  const HelperAnswer answer = helper_.ask(task, sync::aggregate_shares_path(task.task.id),
                                          sync::aggregate_share_req_name, sync::aggregate_share_name, batch.request);
  if (!answer.refusal.empty()) {
    return give_up(task, batch.id, std::nullopt, "the helper refuses its share: " + answer.refusal);
  }
  if (!answer.message) return without_answer(answer);
  return release_batch(task, batch, *answer.message);
}

Result<privacy::AggregateShare> LeaderDriver::helper_share(const LeaderTask& task, const store::StoredBatch& batch,
                                                           sync::ByteSpan answer) {
  auto message = sync::AggregateShare::decode(answer);
  if (!message) return std::move(message).error();
  auto request = sync::AggregateShareReq::decode(batch.request);
  if (!request) return std::move(request).error();
  auto collection = request->collection_job_req.encode();
  if (!collection) return std::move(collection).error();
  auto opened =
      hpke_open(keys_.collector, message->encrypted_aggregate_share, sync::aggregate_share_info(sync::Role::helper),
                sync::aggregate_share_aad(task.task.id, task.task.configuration, *collection));
  if (!opened) return std::move(opened).error();
  return privacy::AggregateShare::decode(opened->span(), task.task.verification.vdaf.length());
}

LeaderDriver::Progress LeaderDriver::release_batch(const LeaderTask& task, const store::StoredBatch& batch,
                                                   sync::ByteSpan answer) {
  auto theirs = helper_share(task, batch, answer);
  if (!theirs) return give_up(task, batch.id, std::nullopt, "the helper's share: " + theirs.error().detail);
  auto ours = decode_stored_share(batch.share, task.task.verification.vdaf.length());
  if (!ours) return give_up(task, batch.id, std::nullopt, "the leader's share: " + ours.error().detail);
  auto histogram = privacy::unshard_signed(*ours, *theirs);
  if (!histogram)
    return give_up(task, batch.id, std::nullopt, "the shares do not belong together: " + histogram.error().detail);
  auto latest = store_.releases(1);
  if (!latest) return fail(latest.error());
  const std::optional<store::Release> previous =
      latest->empty() ? std::nullopt : std::optional(std::move(latest->front()));
  auto release =
      make_release({task.task.id.bytes, batch.id, batch.reports, task.task.noise_thousandths, *histogram, now_()},
                   task.model, previous);
  if (!release) return give_up(task, batch.id, std::nullopt, "the trend cannot be made: " + release.error().detail);
  auto released = store_.release(*release);
  if (!released) return fail(released.error());
  return Progress::done;
}

LeaderDriver::Progress LeaderDriver::give_up(const LeaderTask& task, const store::Id32& batch,
                                             std::optional<std::uint64_t> job, const std::string& reason) {
  auto ended = store_.give_up(task.task.id.bytes, batch, job, reason, now_());
  if (!ended) return fail(ended.error());
  if (*ended) say("a batch is given up", reason);
  return Progress::done;
}

}  // namespace sotto::aggregate
