#include <sotto/aggregate/helper.hpp>

#include <sotto/aggregate/batch_noise.hpp>
#include <sotto/aggregate/bearer_token.hpp>
#include <sotto/aggregate/sha256.hpp>
#include <sotto/aggregate/share_opener.hpp>
#include <sotto/aggregate/stored_share.hpp>
#include <sotto/aggregate/task_list.hpp>
#include <sotto/sync/collection_job.hpp>
#include <sotto/sync/protocol.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace sotto::aggregate {
namespace {

// A commit that meets reports of another job is tried again with what was counted meanwhile.
constexpr int max_commit_attempts = 10;
constexpr std::uint64_t collection_seconds = 7 * 86'400;  // after a task has expired
// About an hour of looks: a clock that jumps, and is set right again, costs no task.
constexpr std::uint32_t looks_before_forgetting = 3600;

template <class Id>
Result<Id> random_id(privacy::Entropy& entropy) {
  Id id;
  if (auto filled = entropy.fill(id.bytes); !filled) return std::move(filled).error();
  return id;
}

std::vector<store::Id16> ids_of(std::span<const sync::ReportId> reports) {
  std::vector<store::Id16> ids;
  ids.reserve(reports.size());
  for (const sync::ReportId& report : reports) ids.push_back(report.bytes);
  return ids;
}

Reply job_reply(const sync::TaskId& task, const store::HelperJobRow& job, unsigned status) {
  if (job.response.empty()) {
    return problem_reply(sync::ProblemType::unrecognized_aggregation_job, "The job was deleted.", task);
  }
  Reply reply = message_reply(status, sync::aggregation_job_resp_name, job.response);
  reply.location = sync::aggregation_job_path(task, {job.id});
  return reply;
}

Reply share_reply(const sync::TaskId& task, const store::HelperJobRow& share, unsigned status) {
  Reply reply = message_reply(status, sync::aggregate_share_name, share.response);
  reply.location = sync::aggregate_share_path(task, {share.id});
  return reply;
}

}  // namespace

Helper::Helper(HelperOptions options, const Keyring& keys, store::AggregationStore& store, privacy::Entropy& entropy,
               Now now)
    : options_(std::move(options)), keys_(keys), store_(store), entropy_(entropy), now_(std::move(now)) {}

std::string Helper::problem_of(const AggregationTask& task) const {
  if (task.parameters.min_batch_size < options_.min_batch) {
    return "its batches have " + std::to_string(task.parameters.min_batch_size) + " reports, this helper's floor is " +
           std::to_string(options_.min_batch);
  }
  if (task.noise_thousandths < options_.noise_thousandths) return "its noise is below this helper's";
  if (!options_.endpoint.empty() && task.parameters.helper_aggregator_endpoint != options_.endpoint) {
    return "its helper is '" + task.parameters.helper_aggregator_endpoint + "'";
  }
  return {};
}

Result<std::vector<std::string>> Helper::refresh() {
  std::vector<std::string> problems;
  std::map<sync::TaskId, TaskPointer> taken;
  const auto now = static_cast<std::uint64_t>(std::max<std::int64_t>(now_(), 0));
  for (AggregationTask& task : read_task_files(options_.tasks, problems)) {
    if (std::string problem = problem_of(task); !problem.empty()) {
      problems.push_back("the task " + sync::reports_path(task.id) + " is not taken: " + problem);
      continue;
    }
    const sync::TaskId id = task.id;
    // The leader may collect its last batch for some time.
    const bool is_over = now >= task.expires && now - task.expires > collection_seconds;
    if (!is_over) looks_when_over_.erase(id);
    if (is_over && ++looks_when_over_[id] > looks_before_forgetting) {
      if (auto forgotten = forget(id); !forgotten) return std::move(forgotten).error();
      continue;
    }
    taken.emplace(id, std::make_shared<const AggregationTask>(std::move(task)));
  }
  const std::scoped_lock lock(mutex_);
  tasks_ = std::move(taken);
  std::vector<std::string> fresh;
  for (const std::string& problem : problems) {
    if (std::ranges::find(said_, problem) == said_.end()) fresh.push_back(problem);
  }
  said_ = std::move(problems);
  return fresh;
}

Status Helper::forget(const sync::TaskId& id) {
  {
    const std::scoped_lock lock(mutex_);
    if (forgotten_.contains(id)) return Ok{};
  }
  if (auto forgotten = store_.forget_task(id.bytes); !forgotten) return forgotten;
  const std::scoped_lock lock(mutex_);
  forgotten_.insert(id);
  return Ok{};
}

Helper::TaskPointer Helper::find(const sync::TaskId& id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = tasks_.find(id);
  return found == tasks_.end() ? nullptr : found->second;
}

bool Helper::knows_leader(const sync::TaskId& id, std::string_view authorization) const {
  return !refuse(find(id), id, authorization);
}

std::vector<Helper::TaskPointer> Helper::tasks() const {
  const std::scoped_lock lock(mutex_);
  std::vector<TaskPointer> list;
  for (const auto& [id, task] : tasks_) list.push_back(task);
  return list;
}

sync::Bytes Helper::hpke_configs() const {
  auto encoded = sync::HpkeConfigList{{hpke_config(shares_config_id, keys_.shares)}}.encode();
  return encoded ? std::move(encoded).value() : sync::Bytes{};
}

Result<std::string> Helper::task_list() {
  TaskList list;
  for (const TaskPointer& task : tasks()) {
    list.tasks.push_back({task->id, task->configuration, task->model_fingerprint, task->expires});
  }
  auto content = task_list_json(list);
  if (!content) return std::move(content).error();
  auto version = store_.version_of("task-list", sha256(std::as_bytes(std::span(*content))));
  if (!version) return std::move(version).error();
  list.version = *version;
  return sign_task_list(list, keys_.signing);
}

std::optional<Reply> Helper::refuse(const TaskPointer& task, const sync::TaskId& id,
                                    std::string_view authorization) const {
  if (!task) return problem_reply(sync::ProblemType::unrecognized_task, "This helper does not have the task.", id);
  if (!is_bearer_of(authorization, task->leader_token_hash)) {
    return plain_problem_reply(401, "The task's leader is known by its bearer token.");
  }
  return std::nullopt;
}

Reply Helper::start_job(const sync::TaskId& id, sync::ByteSpan body, std::string_view authorization) {
  const TaskPointer task = find(id);
  if (auto refusal = refuse(task, id, authorization)) return std::move(*refusal);
  const sync::Sha256 hash = sha256(body);
  auto known = store_.helper_job(id.bytes, hash);
  if (!known) return unavailable_reply(known.error().detail);
  if (*known) return job_reply(id, **known, 201);
  return verify_and_commit(*task, body, hash);
}

Reply Helper::verify_and_commit(const AggregationTask& task, sync::ByteSpan body, const sync::Sha256& hash) {
  const std::uint64_t unit = task.parameters.time_precision;
  const auto now = static_cast<std::uint64_t>(std::max<std::int64_t>(now_(), 0));
  // The clocks of devices and aggregators differ: a report may be one unit ahead. A task that has expired for this
  // clock takes no report.
  const sync::ReportTimes times{now / unit + 1, now >= task.expires ? 0 : task.expires / unit};
  ShareOpener opener(task, keys_.shares, shares_config_id, sync::Role::helper);
  auto verified = sync::HelperJob::verify(task.verification, body, times, options_.max_job_reports, opener);
  if (const auto* problem = std::get_if<sync::JobProblem>(&verified)) {
    return problem_reply(problem->type, problem->detail, task.id);
  }
  const auto& job = *std::get_if<sync::HelperJob>(&verified);
  auto job_id = random_id<sync::AggregationJobId>(entropy_);
  if (!job_id) return unavailable_reply(job_id.error().detail);
  const std::vector<sync::ReportId> candidates = job.verified();
  const auto ids = ids_of(candidates);
  bool is_closed = false;
  for (int attempt = 0; attempt < max_commit_attempts; ++attempt) {
    auto counted = store_.are_counted(task.id.bytes, ids);
    if (!counted) return unavailable_reply(counted.error().detail);
    std::vector<std::optional<sync::ReportError>> refusals(candidates.size());
    for (std::size_t n = 0; n < candidates.size(); ++n) {
      if ((*counted)[n]) {
        refusals[n] = sync::ReportError::report_replayed;
      } else if (is_closed) {
        refusals[n] = sync::ReportError::batch_collected;
      }
    }
    auto answer = job.answer(refusals);
    if (!answer) return unavailable_reply(answer.error().detail);
    store::NewHelperJob row{.task = task.id.bytes,
                            .batch = job.batch().bytes,
                            .job = {job_id->bytes, hash, std::move(answer->response)},
                            .reports = ids_of(answer->aggregated.accepted),
                            .addition = batch_addition(answer->aggregated),
                            .now = now_(),
                            .refusals = count_by_reason(answer->aggregated.refused)};
    auto committed = store_.commit_helper_job(row);
    if (!committed) return unavailable_reply(committed.error().detail);
    switch (*committed) {
      case store::HelperCommit::committed: return job_reply(task.id, row.job, 201);
      case store::HelperCommit::known_request: {
        auto known = store_.helper_job(task.id.bytes, hash);
        if (!known) return unavailable_reply(known.error().detail);
        if (!*known) return unavailable_reply("a job that was committed is gone");
        return job_reply(task.id, **known, 201);
      }
      case store::HelperCommit::batch_closed: is_closed = true; break;
      case store::HelperCommit::known_report: break;
    }
  }
  return unavailable_reply("other jobs counted reports of this one at each attempt to commit it");
}

Reply Helper::job(const sync::TaskId& id, const sync::AggregationJobId& job, std::string_view authorization) {
  const TaskPointer task = find(id);
  if (auto refusal = refuse(task, id, authorization)) return std::move(*refusal);
  auto found = store_.helper_job_by_id(id.bytes, job.bytes);
  if (!found) return unavailable_reply(found.error().detail);
  if (!*found) {
    return problem_reply(sync::ProblemType::unrecognized_aggregation_job, "There is no such job.", id);
  }
  return job_reply(id, **found, 200);
}

Reply Helper::delete_job(const sync::TaskId& id, const sync::AggregationJobId& job, std::string_view authorization) {
  const TaskPointer task = find(id);
  if (auto refusal = refuse(task, id, authorization)) return std::move(*refusal);
  auto deleted = store_.delete_helper_job(id.bytes, job.bytes);
  if (!deleted) return unavailable_reply(deleted.error().detail);
  if (!*deleted) {
    return problem_reply(sync::ProblemType::unrecognized_aggregation_job, "There is no such job.", id);
  }
  Reply reply;
  reply.status = 204;
  return reply;
}

Result<sync::Bytes> Helper::sealed_share(const AggregationTask& task, const store::StoredBatch& batch,
                                         sync::ByteSpan collection_request) {
  auto share = decode_stored_share(batch.share, task.verification.vdaf.length());
  if (!share) return std::move(share).error();
  if (auto noised = add_batch_noise(*share, task.noise_thousandths, entropy_); !noised) {
    return std::move(noised).error();
  }
  const sync::Bytes plaintext = share->encode();
  auto sealed =
      hpke_seal(task.collector, sync::aggregate_share_info(sync::Role::helper),
                sync::aggregate_share_aad(task.id, task.configuration, collection_request), plaintext, entropy_);
  if (!sealed) return std::move(sealed).error();
  return sync::AggregateShare{std::move(*sealed)}.encode();
}

Reply Helper::start_share(const sync::TaskId& id, sync::ByteSpan body, std::string_view authorization) {
  const TaskPointer task = find(id);
  if (auto refusal = refuse(task, id, authorization)) return std::move(*refusal);
  const auto problem = [&](sync::ProblemType type, std::string_view detail) { return problem_reply(type, detail, id); };
  auto request = sync::AggregateShareReq::decode(body);
  if (!request) return problem(sync::ProblemType::invalid_message, request.error().detail);
  if (const auto extension = sync::check_extensions(request->collection_job_req)) {
    return problem(*extension, "The collection job has an extension.");
  }
  if (!request->collection_job_req.agg_param.empty()) {
    return problem(sync::ProblemType::invalid_aggregation_parameter, "Prio3 has no aggregation parameter.");
  }
  if (request->batch_selector.batch_mode != sync::BatchMode::leader_selected ||
      request->collection_job_req.query.batch_mode != sync::BatchMode::leader_selected) {
    return problem(sync::ProblemType::invalid_message, "The task's batches are selected by the leader.");
  }
  auto collection_request = request->collection_job_req.encode();
  if (!collection_request) return problem(sync::ProblemType::invalid_message, collection_request.error().detail);
  const store::Id32& batch_id = request->batch_selector.batch_id.bytes;
  const sync::Sha256 hash = sha256(body);

  // Whatever happens between: one share leaves for each batch, and only to the request that got it.
  const auto stored_share = [&]() -> std::optional<Reply> {
    auto stored = store_.helper_share(id.bytes, batch_id);
    if (!stored) return unavailable_reply(stored.error().detail);
    if (!*stored) return std::nullopt;
    if ((**stored).request_hash == hash) return share_reply(id, **stored, 201);
    return problem(sync::ProblemType::batch_overlap, "The batch was collected by another request.");
  };
  if (auto reply = stored_share()) return std::move(*reply);
  auto batch = store_.batch(id.bytes, batch_id);
  if (!batch) return unavailable_reply(batch.error().detail);
  if (!*batch) return problem(sync::ProblemType::batch_invalid, "There is no such batch.");
  if ((**batch).reports != request->report_count || (**batch).checksum != request->checksum) {
    return problem(sync::ProblemType::batch_mismatch, "The helper has other reports in the batch.");
  }
  if ((**batch).reports < task->parameters.min_batch_size) {
    return problem(sync::ProblemType::invalid_batch_size, "The batch has fewer reports than the task's floor.");
  }
  auto response = sealed_share(*task, **batch, *collection_request);
  if (!response) return unavailable_reply(response.error().detail);
  auto share_id = random_id<sync::AggregateShareId>(entropy_);
  if (!share_id) return unavailable_reply(share_id.error().detail);
  const store::HelperJobRow answer{share_id->bytes, hash, std::move(*response)};
  auto closed = store_.close_helper_batch(id.bytes, batch_id, (**batch).reports, answer, now_());
  if (!closed) return unavailable_reply(closed.error().detail);
  if (*closed) return share_reply(id, answer, 201);
  if (auto reply = stored_share()) return std::move(*reply);
  return unavailable_reply("a report was added while the share was sealed");
}

Reply Helper::share(const sync::TaskId& id, const sync::AggregateShareId& share, std::string_view authorization) {
  const TaskPointer task = find(id);
  if (auto refusal = refuse(task, id, authorization)) return std::move(*refusal);
  auto found = store_.helper_share_by_id(id.bytes, share.bytes);
  if (!found) return unavailable_reply(found.error().detail);
  if (!*found) return plain_problem_reply(404, "There is no such aggregate share.");
  return share_reply(id, **found, 200);
}

}  // namespace sotto::aggregate
