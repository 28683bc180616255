#include <sotto/aggregate/system_entropy.hpp>
#include <sotto/base/base64url.hpp>
#include <sotto/serve/sync_routes.hpp>
#include <sotto/serve/sync_service.hpp>

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace sotto::serve {
namespace {

constexpr unsigned sync_connections = 4;  // uploads, driver, routes

std::filesystem::path or_default(const std::filesystem::path& chosen, const ServeOptions& options, const char* name) {
  return chosen.empty() ? options.data / "sync" / name : chosen;
}

std::string endpoint_of(const ServeOptions& options) {
  if (!options.sync.endpoint.empty()) return options.sync.endpoint;
  const bool is_v6 = options.address.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}", options.tls_cert.empty() ? "http" : "https", is_v6 ? "[" : "", options.address,
                     is_v6 ? "]" : "", options.port);
}

std::uint32_t noise_thousandths(double noise) { return static_cast<std::uint32_t>(std::llround(noise * 1000)); }

Result<std::unique_ptr<store::AggregationStore>> open_sync_store(const ServeOptions& options) {
  const bool is_leader = options.sync.role == SyncRole::leader;
  if (!options.postgres.empty()) {
    return store::open_postgres_aggregation(options.postgres, is_leader ? "sotto_leader" : "sotto_helper",
                                            sync_connections);
  }
  return store::open_sqlite_aggregation(options.data / (is_leader ? "sync-leader.db" : "sync-helper.db"));
}

Status check_options(const ServeOptions& options) {
  const SyncOptions& sync = options.sync;
  if (sync.role == SyncRole::leader && sync.helper.empty()) {
    return Error{ErrorCode::invalid_argument, "a leader needs the helper's address: --sync-helper URL"};
  }
  if (sync.role == SyncRole::leader && sync.endpoint.empty() && options.port == 0) {
    return Error{ErrorCode::invalid_argument, "a leader on any free port needs --sync-endpoint URL"};
  }
  return Ok{};
}

}  // namespace

SyncService::SyncService(const ServeOptions& options, const Registry& registry, app::Logger& log, Clock now,
                         aggregate::Keyring keys, std::unique_ptr<store::AggregationStore> store)
    : options_(options.sync),
      endpoint_(endpoint_of(options)),
      registry_(registry),
      log_(log),
      now_(std::move(now)),
      keys_(std::move(keys)),
      store_(std::move(store)),
      entropy_(std::make_unique<aggregate::SystemEntropy>()) {
  if (options_.role == SyncRole::helper) {
    helper_ = std::make_unique<aggregate::Helper>(
        aggregate::HelperOptions{.tasks = or_default(options_.tasks, options, "tasks"),
                                 .min_batch = options_.min_batch,
                                 .noise_thousandths = noise_thousandths(options_.noise),
                                 .endpoint = options_.endpoint},
        keys_, *store_, *entropy_, now_);
    return;
  }
  aggregate::LeaderOptions leader;
  leader.tasks = or_default(options_.tasks, options, "tasks");
  leader.endpoint = endpoint_;
  leader.helper = options_.helper;
  leader.min_batch = options_.min_batch;
  leader.noise_thousandths = noise_thousandths(options_.noise);
  leader.reports_per_28_days = static_cast<std::uint32_t>(options_.reports_per_28_days);
  leader.task_days = options_.task_days;
  leader.is_single_operator = options_.is_single_operator;
  leader.operator_words = options_.operator_words;
  if (options_.noise == 0) {
    leader.operator_words =
        "For tests only: without noise, this sync has no differential privacy. " + leader.operator_words;
  }
  leader.needs_tokens = options_.needs_tokens;
  leader.job_reports = options_.job_reports;
  leader_ = std::make_unique<aggregate::Leader>(
      std::move(leader), keys_, *store_, *entropy_, now_, [this](std::string_view what, std::string_view reason) {
        log_.warning(fmt::format("private sync: {}: {}", what, reason), {{"reason", reason}});
      });
}

SyncService::~SyncService() { stop(); }

Result<std::unique_ptr<SyncService>> SyncService::open(const ServeOptions& options, const Registry& registry,
                                                       app::Logger& log, Clock now) {
  if (auto checked = check_options(options); !checked) return std::move(checked).error();
  aggregate::SystemEntropy entropy;
  auto keys = aggregate::open_keyring(or_default(options.sync.keys, options, "keys.json"), entropy);
  if (!keys) return std::move(keys).error();
  auto store = open_sync_store(options);
  if (!store) return std::move(store).error();
  std::unique_ptr<SyncService> service(
      new SyncService(options, registry, log, std::move(now), std::move(*keys), std::move(*store)));
  if (auto taken = service->take_counts(); !taken) return std::move(taken).error();
  if (auto status = service->keep_up(); !status) return std::move(status).error();
  return service;
}

Status SyncService::take_counts() {
  if (options_.counts.empty()) return Ok{};
  auto counts = read_item_counts(options_.counts);
  if (!counts) return std::move(counts).error();
  counts_.emplace(std::move(counts).value());
  return Ok{};
}

Status SyncService::keep_up() {
  if (leader_) return follow_model();
  auto problems = helper_->refresh();
  if (!problems) return std::move(problems).error();
  for (const std::string& problem : *problems) {
    log_.warning(fmt::format("private sync: {}", problem), {{"reason", problem}});
  }
  return Ok{};
}

Status SyncService::follow_model() {
  const DeploymentPointer deployment = registry_.deployment("");
  if (!deployment) return Ok{};
  if (leader_->has_task_of(deployment->current->fingerprint())) return Ok{};
  auto model =
      sync_model_of(deployment->current, static_cast<std::uint32_t>(options_.slots), counts_ ? &*counts_ : nullptr);
  if (!model) return std::move(model).error();
  return leader_->set_model(std::move(*model));
}

std::vector<std::string> SyncService::announcement() const {
  std::vector<std::string> lines;
  lines.push_back(fmt::format("private sync: {}; {}", leader_ ? "leader" : "helper", store_->description()));
  lines.push_back(fmt::format("private sync: pages pin the key {} of this {}", to_base64url(keys_.signing.public_key),
                              leader_ ? "leader" : "helper"));
  if (options_.noise == 0) {
    lines.emplace_back("WARNING: --sync-noise 0 gives no differential privacy. It is for tests alone.");
  }
  if (leader_ && options_.is_single_operator) {
    lines.emplace_back(
        "private sync: single operator. No single store or log holds a choice, but this operator could combine them");
  }
  if (leader_ && !counts_) {
    lines.emplace_back("private sync: the model's list for a new user stands for the expected choices (--sync-counts)");
  }
  return lines;
}

void SyncService::stop() {
  if (leader_) leader_->stop();
}

void SyncService::add_routes(Router& router, Workers& workers, const InBackground& in_background) {
  if (leader_) add_leader_routes(router, *leader_, workers, in_background);
  if (helper_) add_helper_routes(router, *helper_, workers, in_background);
}

}  // namespace sotto::serve
