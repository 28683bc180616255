#include <sotto/aggregate/leader.hpp>

#include <sotto/aggregate/leader_driver.hpp>
#include <sotto/aggregate/manifest_json.hpp>
#include <sotto/aggregate/private_file.hpp>
#include <sotto/aggregate/release.hpp>
#include <sotto/aggregate/sha256.hpp>
#include <sotto/aggregate/share_opener.hpp>
#include <sotto/aggregate/trend_state_bytes.hpp>
#include <sotto/aggregate/upload_token.hpp>
#include <sotto/base/base64url.hpp>
#include <sotto/sync/protocol.hpp>

#include <algorithm>
#include <cmath>
#include <system_error>
#include <utility>

namespace sotto::aggregate {
namespace {

constexpr std::uint64_t day_seconds = 86'400;
constexpr std::uint64_t time_precision = 3600;
// A task that ends within this time is not taken again: the next one begins.
constexpr std::uint64_t min_remaining_seconds = 2 * day_seconds;
constexpr std::string_view upload_token_purpose = "upload tokens";
constexpr std::string_view slots_path = "/v1/sync/slots";

// The chunk length with the shortest proof: a report of 4,096 slots is smallest with 66 (63 calls of the gadget and the
// seed make 64 points of a polynomial).
std::uint32_t chunk_length_for(std::uint32_t slots) {
  std::uint32_t best = 1;
  std::size_t best_bytes = std::size_t{0} - 1;
  for (std::uint32_t chunk = 1; chunk <= std::min<std::uint32_t>(slots, 1024); ++chunk) {
    const auto vdaf = privacy::Prio3Histogram::create(slots, chunk);
    if (!vdaf || vdaf->leader_share_bytes() >= best_bytes) continue;
    best = chunk;
    best_bytes = vdaf->leader_share_bytes();
  }
  return best;
}

std::string trend_path(std::uint64_t version) { return "/v1/sync/trend/" + std::to_string(version); }

std::string leader_token(const Keyring& keys, const sync::TaskId& task) {
  return to_base64url(keys.derived("leader's token for the helper", task));
}

}  // namespace

Leader::Leader(LeaderOptions options, const Keyring& keys, store::AggregationStore& store, privacy::Entropy& entropy,
               Now now, ReportProblem problem)
    : options_(std::move(options)),
      keys_(keys),
      store_(store),
      entropy_(entropy),
      now_(std::move(now)),
      problem_(std::move(problem)),
      driver_(std::make_unique<LeaderDriver>(options_, keys_, store_, entropy_, now_, problem_, opened_, waiting_,
                                             [this] { return current(); })),
      writer_(std::make_unique<UploadWriter>(store_, [this] { driver_->wake(); })) {}

Leader::~Leader() { stop(); }

void Leader::stop() {
  writer_->stop();
  driver_->stop();
}

LeaderTaskPointer Leader::current() const {
  const std::scoped_lock lock(mutex_);
  return current_;
}

bool Leader::has_task_of(std::uint64_t model_fingerprint) const {
  const LeaderTaskPointer task = current();
  const auto now = static_cast<std::uint64_t>(std::max<std::int64_t>(now_(), 0));
  return task && task->model.fingerprint == model_fingerprint && task->task.expires > now + min_remaining_seconds;
}

Result<sync::Manifest> Leader::manifest_for(const SyncModel& model, const sync::Bytes& slots,
                                            std::uint64_t expires) const {
  sync::Manifest manifest;
  manifest.model = {model.name, model.fingerprint};
  manifest.slots = {model.slots.slot_count(), {std::string(slots_path), sha256(slots)}};
  manifest.noise_thousandths = options_.noise_thousandths;
  manifest.reports_per_28_days = options_.reports_per_28_days;
  manifest.min_batch = options_.min_batch;
  manifest.expires = expires;
  manifest.leader = options_.endpoint;
  manifest.helper = options_.helper;
  manifest.operators = {options_.is_single_operator, options_.operator_words};
  sync::TaskConfiguration configuration;
  const sync::Sha256 info = task_info(manifest);
  configuration.task_info.assign(info.begin(), info.end());
  configuration.leader_aggregator_endpoint = manifest.leader;
  configuration.helper_aggregator_endpoint = manifest.helper;
  configuration.time_precision = time_precision;
  configuration.min_batch_size = manifest.min_batch;
  auto histogram =
      sync::HistogramConfiguration{model.slots.slot_count(), chunk_length_for(model.slots.slot_count())}.encode();
  if (!histogram) return std::move(histogram).error();
  configuration.vdaf_configuration = std::move(*histogram);
  auto encoded = configuration.encode();
  if (!encoded) return std::move(encoded).error();
  manifest.task.configuration = std::move(*encoded);
  return manifest;
}

Result<AggregationTask> Leader::task_for(const sync::Manifest& manifest, const SyncModel& model,
                                         std::uint64_t expires) {
  auto parameters = sync::TaskConfiguration::decode(manifest.task.configuration);
  if (!parameters) return std::move(parameters).error();
  auto histogram = sync::HistogramConfiguration::decode(parameters->vdaf_configuration);
  if (!histogram) return std::move(histogram).error();
  auto vdaf = privacy::Prio3Histogram::create(histogram->length, histogram->chunk_length);
  if (!vdaf) return std::move(vdaf).error();
  sync::TaskId id;
  if (auto filled = entropy_.fill(id.bytes); !filled) return std::move(filled).error();
  const std::string token = leader_token(keys_, id);
  AggregationTask task{.id = id,
                       .configuration = manifest.task.configuration,
                       .parameters = std::move(*parameters),
                       .verification = {id, std::move(*vdaf), keys_.derived("verify key", id), 0},
                       .model_fingerprint = model.fingerprint,
                       .expires = expires,
                       .noise_thousandths = manifest.noise_thousandths,
                       .collector = hpke_config(collector_config_id, keys_.collector),
                       .leader_token_hash = sha256(std::as_bytes(std::span(token)))};
  const auto file = options_.tasks / (to_base64url(id.bytes) + ".json");
  auto text = task_file(task);
  if (!text) return std::move(text).error();
  if (auto made = make_private_file(file, *text); !made) return std::move(made).error();
  return task;
}

Result<LeaderTaskPointer> Leader::take_or_make_task(SyncModel model, std::vector<sync::TaskId>& ended) {
  const sync::Bytes slots = model.slots.encode();
  const auto now = static_cast<std::uint64_t>(std::max<std::int64_t>(now_(), 0));
  std::vector<std::string> problems;
  std::vector<AggregationTask> tasks = read_task_files(options_.tasks, problems);
  for (const std::string& problem : problems) problem_("a task's file cannot be used", problem);

  std::optional<AggregationTask> chosen;
  std::optional<sync::Manifest> manifest;
  for (AggregationTask& task : tasks) {
    auto expected = manifest_for(model, slots, task.expires);
    if (!expected) return std::move(expected).error();
    const bool fits =
        !chosen && task.configuration == expected->task.configuration && task.model_fingerprint == model.fingerprint &&
        task.noise_thousandths == options_.noise_thousandths && task.expires > now + min_remaining_seconds &&
        task.verification.verify_key == keys_.derived("verify key", task.id);
    if (fits) {
      manifest = std::move(*expected);
      chosen = std::move(task);
      continue;
    }
    ended.push_back(task.id);  // of another model or of other options
  }
  if (!chosen) {
    const std::uint64_t expires =
        (now / time_precision + options_.task_days * day_seconds / time_precision) * time_precision;
    auto made = manifest_for(model, slots, expires);
    if (!made) return std::move(made).error();
    auto task = task_for(*made, model, expires);
    if (!task) return std::move(task).error();
    manifest = std::move(*made);
    chosen = std::move(*task);
  }
  manifest->task.id = chosen->id;
  if (auto checked = check_manifest(*manifest); !checked) return std::move(checked).error();
  std::string token = leader_token(keys_, chosen->id);
  return LeaderTaskPointer(std::make_shared<const LeaderTask>(
      LeaderTask{std::move(*chosen), std::move(model), slots, std::move(*manifest), std::move(token)}));
}

// The file stays under another name, so that nobody takes the task again. Only then are the ids of its reports
// forgotten: a task that could be taken again must know which reports it has counted.
Status Leader::end_task(const sync::TaskId& id) {
  const auto file = options_.tasks / (to_base64url(id.bytes) + ".json");
  auto ended = file;
  ended += ".ended";
  std::error_code error;
  std::filesystem::rename(file, ended, error);
  if (error) return Error{ErrorCode::io, file.string() + ": cannot be renamed: " + error.message()};
  return store_.forget_task(id.bytes);
}

Status Leader::set_model(SyncModel model) {
  if (model.expected.size() != model.slots.slot_count()) {
    return Error{ErrorCode::wrong_shape, "the expected shares and the slots have different numbers"};
  }
  std::vector<sync::TaskId> ended;
  auto task = take_or_make_task(std::move(model), ended);
  if (!task) return std::move(task).error();
  {
    const std::scoped_lock lock(mutex_);
    current_ = std::move(*task);
  }
  driver_->wake();
  // No upload is accepted for them any more.
  for (const sync::TaskId& id : ended) {
    if (auto status = end_task(id); !status) return status;
  }
  return Ok{};
}

sync::Bytes Leader::hpke_configs() const {
  auto encoded = sync::HpkeConfigList{{hpke_config(shares_config_id, keys_.shares)}}.encode();
  return encoded ? std::move(encoded).value() : sync::Bytes{};
}

Result<std::string> Leader::manifest() {
  const LeaderTaskPointer task = current();
  if (!task) return Error{ErrorCode::missing, "there is no model yet"};
  sync::Manifest manifest = task->manifest;
  auto latest = store_.releases(1);
  if (!latest) return std::move(latest).error();
  if (!latest->empty()) {
    const store::Release& release = latest->front();
    auto file = sync::TrendFile::decode(release.trend_file);
    if (!file) return std::move(file).error();
    // A trend of an earlier slot map says nothing to this one's devices.
    if (file->slots == slots_fingerprint_of(task->model)) {
      manifest.trend.emplace();
      manifest.trend->version = release.version;
      manifest.trend->file = {trend_path(release.version), sha256(release.trend_file)};
      manifest.trend->prior_thousandths = static_cast<std::uint32_t>(std::lround(1000 * prior_of(release)));
    }
  }
  auto content = manifest_json(manifest);
  if (!content) return std::move(content).error();
  auto version = store_.version_of("manifest", sha256(std::as_bytes(std::span(*content))));
  if (!version) return std::move(version).error();
  manifest.version = *version;
  return sign_manifest(manifest, keys_.signing);
}

Result<store::Bytes> Leader::trend(std::uint64_t version) {
  auto release = store_.release_of(version);
  if (!release) return std::move(release).error();
  if (!*release) return Error{ErrorCode::missing, "there is no trend of this version"};
  return std::move((*release)->trend_file);
}

Result<std::vector<std::int64_t>> Leader::histogram(std::uint64_t version) {
  auto release = store_.release_of(version);
  if (!release) return std::move(release).error();
  if (!*release || (*release)->histogram.empty()) {
    return Error{ErrorCode::missing, "there is no histogram of this version"};
  }
  return decode_histogram((*release)->histogram);
}

std::variant<privacy::SecretBytes, sync::ReportError> Leader::check_report(const LeaderTask& task,
                                                                           const sync::Report& report,
                                                                           std::uint64_t now) const {
  const AggregationTask& parameters = task.task;
  const std::uint64_t unit = parameters.parameters.time_precision;
  if (now >= parameters.expires || report.metadata.time >= parameters.expires / unit) {
    return sync::ReportError::task_expired;
  }
  // The clocks of devices differ: one unit ahead is accepted.
  if (report.metadata.time > now / unit + 1) return sync::ReportError::report_too_early;
  if (report.leader_encrypted_input_share.config_id != shares_config_id) return sync::ReportError::outdated_config;
  ShareOpener opener(parameters, keys_.shares, shares_config_id, sync::Role::leader);
  auto share =
      sync::open_input_share(report.metadata, report.public_share, report.leader_encrypted_input_share, opener);
  const auto* opened = std::get_if<privacy::SecretBytes>(&share);
  if (opened == nullptr) return share;
  const privacy::Prio3Histogram& vdaf = parameters.verification.vdaf;
  if (opened->size() != vdaf.leader_share_bytes() || report.public_share.size() != vdaf.public_share_bytes()) {
    return sync::ReportError::invalid_message;
  }
  return share;
}

std::variant<Leader::CheckedUpload, Reply> Leader::check_upload(const sync::TaskId& id, sync::ByteSpan body,
                                                                std::string_view token) {
  const LeaderTaskPointer task = current();
  if (!task || task->task.id != id) {
    return problem_reply(sync::ProblemType::unrecognized_task, "This leader does not have the task.", id);
  }
  if (waiting_ >= options_.max_waiting) {
    Reply busy =
        plain_problem_reply(503, "Too many reports wait for the helper. Nothing was done; send it again later.");
    busy.retry_after = 60;
    return busy;
  }
  auto request = sync::UploadRequest::decode(body);
  if (!request) return problem_reply(sync::ProblemType::invalid_message, request.error().detail, id);
  const auto now = static_cast<std::uint64_t>(std::max<std::int64_t>(now_(), 0));
  std::optional<UploadToken> admitted;
  if (options_.needs_tokens) {
    if (request->reports.size() != 1) return plain_problem_reply(403, "A token admits one report.");
    auto checked = check_upload_token(token, id, now, keys_.derived(upload_token_purpose, id));
    if (!checked) return plain_problem_reply(403, "The upload needs a token of this task and window.");
    admitted = *checked;
  }
  CheckedUpload upload;
  upload.task = id;
  for (sync::Report& report : request->reports) {
    auto share = check_report(*task, report, now);
    if (const auto* error = std::get_if<sync::ReportError>(&share)) {
      upload.errors.push_back({report.metadata.report_id, *error});
      continue;
    }
    auto sealed = report.encode();
    if (!sealed) {
      upload.errors.push_back({report.metadata.report_id, sync::ReportError::invalid_message});
      continue;
    }
    store::UploadedReport row;
    row.task = id.bytes;
    row.id = report.metadata.report_id.bytes;
    row.sealed = std::move(*sealed);
    if (admitted) {
      row.token = admitted->serial;
      row.token_window = admitted->window;
    }
    upload.reports.push_back(std::move(row));
    upload.opened.push_back({std::move(report.metadata), std::move(report.public_share),
                             std::move(*std::get_if<privacy::SecretBytes>(&share)),
                             std::move(report.helper_encrypted_input_share)});
  }
  return upload;
}

void Leader::store_upload(CheckedUpload upload, std::function<void(Reply)> done) {
  const auto reply_with = [this, task = upload.task](const std::vector<sync::ReportUploadStatus>& errors) {
    if (errors.empty()) return Reply{};
    driver_->count_refused(task, errors);
    auto body = sync::UploadErrors{errors}.encode();
    return body ? message_reply(200, sync::upload_errors_name, std::move(*body))
                : unavailable_reply(body.error().detail);
  };
  if (upload.reports.empty()) {
    done(reply_with(upload.errors));
    return;
  }
  UploadWrite write;
  write.reports = std::move(upload.reports);
  // Shared, because the writer may refuse the upload, and because a function can be copied.
  auto shared_done = std::make_shared<std::function<void(Reply)>>(std::move(done));
  auto opened = std::make_shared<std::vector<sync::OpenedReport>>(std::move(upload.opened));
  write.done = [this, shared_done, reply_with, opened,
                errors = std::move(upload.errors)](Result<std::vector<store::UploadOutcome>> outcomes) mutable {
    if (!outcomes) {
      (*shared_done)(unavailable_reply(outcomes.error().detail));
      return;
    }
    for (std::size_t n = 0; n < opened->size(); ++n) {
      sync::OpenedReport& report = (*opened)[n];
      switch ((*outcomes)[n]) {
        case store::UploadOutcome::stored:
          ++waiting_;
          opened_.keep(std::move(report));
          break;
        case store::UploadOutcome::known: break;
        case store::UploadOutcome::token_spent:
          errors.push_back({report.metadata.report_id, sync::ReportError::report_dropped});
          break;
        case store::UploadOutcome::task_ended:
          errors.push_back({report.metadata.report_id, sync::ReportError::task_expired});
          break;
      }
    }
    (*shared_done)(reply_with(errors));
  };
  if (!writer_->write(std::move(write))) {
    Reply busy = plain_problem_reply(503, "Too many reports wait. Nothing was done; send it again.");
    busy.retry_after = 1;
    (*shared_done)(std::move(busy));
  }
}

Result<std::vector<std::string>> Leader::make_tokens(std::size_t count) {
  const LeaderTaskPointer task = current();
  if (!task) return Error{ErrorCode::missing, "there is no model yet"};
  const auto now = static_cast<std::uint64_t>(std::max<std::int64_t>(now_(), 0));
  const sync::Sha256 key = keys_.derived(upload_token_purpose, task->task.id);
  std::vector<std::string> tokens;
  for (std::size_t n = 0; n < count; ++n) {
    auto token = make_upload_token(task->task.id, now, key, entropy_);
    if (!token) return std::move(token).error();
    tokens.push_back(std::move(*token));
  }
  return tokens;
}

Result<std::uint64_t> Leader::roll_back(std::uint64_t version) {
  const LeaderTaskPointer task = current();
  if (!task) return Error{ErrorCode::missing, "there is no model yet"};
  std::optional<store::Release> earlier;
  if (version > 0) {
    auto found = store_.release_of(version);
    if (!found) return std::move(found).error();
    if (!*found) return Error{ErrorCode::missing, "there is no trend of version " + std::to_string(version)};
    earlier = std::move(*found);
  }
  constexpr int max_attempts = 5;  // a batch may be released meanwhile
  for (int attempt = 0; attempt < max_attempts; ++attempt) {
    auto latest = store_.releases(1);
    if (!latest) return std::move(latest).error();
    const std::uint64_t next = latest->empty() ? 1 : latest->front().version + 1;
    auto release = make_rollback(earlier, next, task->task.id.bytes, task->model, now_());
    if (!release) return std::move(release).error();
    auto added = store_.add_release(*release);
    if (!added) return std::move(added).error();
    if (*added) return next;
  }
  return Error{ErrorCode::io, "other releases came in between again and again"};
}

}  // namespace sotto::aggregate
