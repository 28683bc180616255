#include <sotto/aggregate/leader_driver.hpp>

#include <sotto/aggregate/batch_noise.hpp>
#include <sotto/aggregate/internal/json_fields.hpp>
#include <sotto/aggregate/release.hpp>
#include <sotto/aggregate/sha256.hpp>
#include <sotto/aggregate/share_opener.hpp>
#include <sotto/aggregate/stored_share.hpp>
#include <sotto/sync/collection_job.hpp>
#include <sotto/sync/problem_type.hpp>
#include <sotto/sync/protocol.hpp>

#include <algorithm>
#include <utility>

namespace sotto::aggregate {
namespace {

using namespace std::chrono_literals;

constexpr auto idle_poll = 250ms;  // other processes may have stored something
constexpr auto first_pause = 100ms;  // after a failure; it doubles
constexpr auto longest_pause = 20s;
constexpr std::size_t max_kept_states = 8;  // jobs, about 16 MB each
constexpr std::size_t max_said = 300;  // bytes of a helper's answer in the log

sync::ReportId report_id_of(const store::WaitingReport& report) { return {report.id}; }

// Opens the leader's shares. A report that was good when it was uploaded fails only where the keys have changed since.
void open_reports(const LeaderTask& task, const Keyring& keys, std::span<const store::WaitingReport> reports,
                  std::vector<sync::OpenedReport>& opened, std::vector<sync::ReportUploadStatus>& refused) {
  ShareOpener opener(task.task, keys.shares, shares_config_id, sync::Role::leader);
  for (const store::WaitingReport& stored : reports) {
    auto report = sync::Report::decode(stored.sealed);
    if (!report) {
      refused.push_back({report_id_of(stored), sync::ReportError::invalid_message});
      continue;
    }
    auto share =
        sync::open_input_share(report->metadata, report->public_share, report->leader_encrypted_input_share, opener);
    if (const auto* error = std::get_if<sync::ReportError>(&share)) {
      refused.push_back({report_id_of(stored), *error});
      continue;
    }
    opened.push_back({std::move(report->metadata), std::move(report->public_share),
                      std::move(*std::get_if<sync::Bytes>(&share)), std::move(report->helper_encrypted_input_share)});
  }
}

// The type of the problem that a document states, if it is one of the protocol's.
std::optional<sync::ProblemType> problem_in(std::span<const std::byte> body) {
  JsonFields document(std::string_view(reinterpret_cast<const char*>(body.data()), body.size()));
  const std::string urn = document.text("type", 1, 200);
  return document.ok() ? sync::problem_type_from_urn(urn) : std::nullopt;
}

sync::CollectionJobReq collection_request() { return {{sync::BatchMode::leader_selected, {}}, {}, {}}; }

}  // namespace

LeaderDriver::LeaderDriver(const LeaderOptions& options, const Keyring& keys, store::AggregationStore& store,
                           privacy::Entropy& entropy, Leader::Now now, ReportProblem problem,
                           std::function<LeaderTaskPointer()> current)
    : options_(options),
      keys_(keys),
      store_(store),
      entropy_(entropy),
      now_(std::move(now)),
      problem_(std::move(problem)),
      current_(std::move(current)),
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

bool LeaderDriver::is_stopping(void* driver) { return static_cast<const LeaderDriver*>(driver)->stops_; }

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

LeaderDriver::Progress LeaderDriver::step(const LeaderTask& task) {
  const auto fail = [this](const Error& error) {
    say("the aggregation store cannot be used", error.detail);
    return Progress::failed;
  };
  if (auto stored = store_refused(task.task.id.bytes); !stored) return fail(stored.error());
  auto closing = store_.closing_batch(task.task.id.bytes);
  if (!closing) return fail(closing.error());
  if (*closing) return collect_batch(task, **closing);

  auto jobs = store_.pending_jobs(task.task.id.bytes);
  if (!jobs) return fail(jobs.error());
  for (const store::LeaderJobRow& job : *jobs) {
    if (const Progress progress = send_job(task, job); progress != Progress::done) return progress;
    if (stops_) return Progress::idle;
  }
  store::Id32 proposal{};
  if (auto filled = entropy_.fill(proposal); !filled) return fail(filled.error());
  auto batch = store_.open_batch(task.task.id.bytes, proposal, now_());
  if (!batch) return fail(batch.error());
  const std::uint64_t floor = task.task.parameters.min_batch_size;
  if (batch->reports >= floor) return close_batch(task, *batch);
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(floor - batch->reports, options_.job_reports));
  const Progress progress = start_job(task, *batch, wanted);
  return jobs->empty() || progress != Progress::idle ? progress : Progress::done;
}

LeaderDriver::Progress LeaderDriver::start_job(const LeaderTask& task, const store::StoredBatch& batch,
                                               std::size_t wanted) {
  const auto fail = [this](const Error& error) {
    say("the aggregation store cannot be used", error.detail);
    return Progress::failed;
  };
  // The count decides. The reports themselves are read once, when the job starts.
  auto count = store_.waiting(task.task.id.bytes);
  if (!count) return fail(count.error());
  const auto now = std::chrono::steady_clock::now();
  if (*count == 0 || waits_since_ == std::chrono::steady_clock::time_point{}) waits_since_ = now;
  if (*count == 0) return Progress::idle;
  if (*count < wanted && now - waits_since_ < options_.job_delay) return Progress::idle;
  waits_since_ = {};
  auto waiting = store_.waiting_reports(task.task.id.bytes, wanted);
  if (!waiting) return fail(waiting.error());

  std::vector<sync::OpenedReport> opened;
  std::vector<sync::ReportUploadStatus> refused;
  open_reports(task, keys_, *waiting, opened, refused);
  auto job = sync::LeaderJob::start(task.task.verification, {batch.id}, opened);
  if (!job) {
    say("a job cannot be made", job.error().detail);
    return Progress::failed;
  }
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

Result<sync::LeaderJob> LeaderDriver::job_state(const LeaderTask& task, const store::LeaderJobRow& job) {
  if (auto kept = states_.extract(sha256(job.request)); !kept.empty()) return std::move(kept.mapped());
  auto reports = store_.job_reports(job.number);
  if (!reports) return std::move(reports).error();
  std::vector<sync::OpenedReport> opened;
  std::vector<sync::ReportUploadStatus> refused;
  open_reports(task, keys_, *reports, opened, refused);
  auto state = sync::LeaderJob::start(task.task.verification, {job.batch}, opened);
  if (!state) return std::move(state).error();
  // The refusals of the first time were counted then.
  if (state->request() != job.request) {
    return Error{ErrorCode::mismatch, "the job's reports no longer give its request; the keys may have changed"};
  }
  return state;
}

std::optional<sync::Bytes> LeaderDriver::ask_helper(const LeaderTask& task, const std::string& path,
                                                    std::string_view request_name, std::string_view answer_name,
                                                    sync::ByteSpan body, std::string& refusal) {
  HttpRequest request;
  request.url = sync::join_endpoint(task.task.parameters.helper_aggregator_endpoint, path);
  request.content_type = sync::media_type(request_name);
  request.bearer = task.token;
  request.body = body;
  auto answer = client_.post(request, &is_stopping, this);
  if (!answer) {
    if (answer.error().code != ErrorCode::interrupted) say("the helper does not answer", answer.error().detail);
    return std::nullopt;
  }
  const bool is_good = answer->status >= 200 && answer->status < 300;
  if (is_good && answer->body.empty()) return std::nullopt;  // not yet: the same request asks again
  if (is_good && sync::is_media_type(answer->content_type, answer_name)) {
    said_.clear();
    return std::move(answer->body);
  }
  std::string text(reinterpret_cast<const char*>(answer->body.data()), std::min(answer->body.size(), max_said));
  std::replace_if(text.begin(), text.end(), [](char c) { return c < ' '; }, ' ');
  const std::string reason = "status " + std::to_string(answer->status) + " " + text;
  // A problem of the protocol does not go away by itself, except for a task that the helper does not have yet. Any
  // other status may come from a proxy.
  const auto problem = problem_in(answer->body);
  const bool is_problem =
      answer->status >= 400 && answer->status < 500 && problem && *problem != sync::ProblemType::unrecognized_task;
  if (is_problem) {
    refusal = reason;
  } else {
    say("the helper refuses", reason);
  }
  return std::nullopt;
}

LeaderDriver::Progress LeaderDriver::send_job(const LeaderTask& task, const store::LeaderJobRow& job) {
  std::string refusal;
  auto answer = ask_helper(task, sync::aggregation_jobs_path(task.task.id), sync::aggregation_job_init_req_name,
                           sync::aggregation_job_resp_name, job.request, refusal);
  if (!refusal.empty()) return give_up(task, job.batch, job.number, "the helper refuses a job: " + refusal);
  if (!answer) return Progress::failed;
  auto state = job_state(task, job);
  if (!state) {
    if (state.error().code == ErrorCode::mismatch) return give_up(task, job.batch, job.number, state.error().detail);
    say("a job cannot be continued", state.error().detail);
    return Progress::failed;
  }
  // What the leader refused when it started the job was counted then.
  const std::size_t counted = state->refused().size();
  auto result = std::move(*state).finish(*answer);
  if (!result) return give_up(task, job.batch, job.number, "the helper's answer to a job: " + result.error().detail);
  const auto refusals = count_by_reason(std::span(result->refused).subspan(counted));
  auto finished = store_.finish_job(job, batch_addition(*result), refusals);
  if (!finished) {
    say("the aggregation store cannot be used", finished.error().detail);
    return Progress::failed;
  }
  return Progress::done;
}

LeaderDriver::Progress LeaderDriver::close_batch(const LeaderTask& task, const store::StoredBatch& batch) {
  const auto fail = [this](const Error& error) {
    say("a batch cannot be closed", error.detail);
    return Progress::failed;
  };
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
  std::string refusal;
  auto answer = ask_helper(task, sync::aggregate_shares_path(task.task.id), sync::aggregate_share_req_name,
                           sync::aggregate_share_name, batch.request, refusal);
  if (!refusal.empty()) return give_up(task, batch.id, std::nullopt, "the helper refuses its share: " + refusal);
  if (!answer) return Progress::failed;
  return release_batch(task, batch, *answer);
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
  if (!latest) {
    say("the aggregation store cannot be used", latest.error().detail);
    return Progress::failed;
  }
  const std::optional<store::Release> previous =
      latest->empty() ? std::nullopt : std::optional(std::move(latest->front()));
  auto release =
      make_release({task.task.id.bytes, batch.id, batch.reports, task.task.noise_thousandths, *histogram, now_()},
                   task.model, previous);
  if (!release) return give_up(task, batch.id, std::nullopt, "the trend cannot be made: " + release.error().detail);
  auto released = store_.release(*release);
  if (!released) {
    say("the aggregation store cannot be used", released.error().detail);
    return Progress::failed;
  }
  return Progress::done;
}

LeaderDriver::Progress LeaderDriver::give_up(const LeaderTask& task, const store::Id32& batch,
                                             std::optional<std::uint64_t> job, const std::string& reason) {
  auto ended = store_.give_up(task.task.id.bytes, batch, job, reason, now_());
  if (!ended) {
    say("the aggregation store cannot be used", ended.error().detail);
    return Progress::failed;
  }
  if (*ended) say("a batch is given up", reason);
  return Progress::done;
}

}  // namespace sotto::aggregate
