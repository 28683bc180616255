#include <sotto/aggregate/system_entropy.hpp>
#include <sotto/serve/admin_model_routes.hpp>
#include <sotto/serve/api_keys.hpp>
#include <sotto/serve/background_thread.hpp>
#include <sotto/serve/classic_routes.hpp>
#include <sotto/serve/door.hpp>
#include <sotto/serve/event_routes.hpp>
#include <sotto/serve/feedback_figures.hpp>
#include <sotto/serve/health_routes.hpp>
#include <sotto/serve/key_routes.hpp>
#include <sotto/serve/metrics_routes.hpp>
#include <sotto/serve/model_routes.hpp>
#include <sotto/serve/operator_routes.hpp>
#include <sotto/serve/overview_routes.hpp>
#include <sotto/serve/recommend_routes.hpp>
#include <sotto/serve/registry.hpp>
#include <sotto/serve/sealed_backup_routes.hpp>
#include <sotto/serve/service.hpp>
#include <sotto/serve/serving.hpp>
#include <sotto/serve/snapshots.hpp>
#include <sotto/serve/state_routes.hpp>
#include <sotto/serve/stream_routes.hpp>
#include <sotto/serve/sync_service.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace sotto::serve {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t max_waiting_requests = 20'000;
constexpr std::size_t max_due_users = 200'000;
constexpr std::int64_t sealed_backup_days = 400;  // since it was last stored
constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t keys_refresh_seconds = 5;  // other processes make and remove keys
constexpr std::int64_t clean_seconds = 3600;
constexpr std::int64_t sync_seconds = 2;  // another model, or another task's file
constexpr auto stop_poll = 50ms;

unsigned processors() { return std::max(1U, std::thread::hardware_concurrency()); }

unsigned http_threads(const ServeOptions& options) {
  return options.threads > 0 ? options.threads : std::max(1U, processors() / 2);
}

unsigned worker_threads(const ServeOptions& options) { return options.workers > 0 ? options.workers : processors(); }

Result<Ok> make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return Ok{};
  return Error{ErrorCode::io, fmt::format("the folder '{}' cannot be made: {}", folder.string(), error.message())};
}

// The store's own random key. The first of its servers makes it.
Result<SigningKey> signing_key(store::Store& store, privacy::Entropy& entropy) {
  SigningKey proposal;
  if (auto filled = entropy.fill(proposal); !filled) return std::move(filled).error();
  auto kept = store.secret("recommendation-id", proposal);
  if (!kept) return std::move(kept).error();
  SigningKey key;
  if (kept->size() != key.size()) {
    return Error{ErrorCode::malformed, "the store's key for recommendation ids has another size"};
  }
  std::ranges::copy(*kept, key.begin());
  return key;
}

Result<std::string> random_name(privacy::Entropy& entropy) {
  std::array<std::byte, 8> bytes{};
  if (auto filled = entropy.fill(bytes); !filled) return std::move(filled).error();
  std::string name;
  for (const std::byte byte : bytes) name += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  return name;
}

struct Parts {
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Metrics> metrics;
  std::unique_ptr<Registry> registry;
  std::unique_ptr<Topic> topic;  // null: events stay here
  SigningKey signing_key{};
  std::string server_name;
};

class RunningService final : public Service {
 public:
  RunningService(const ServeOptions& options, app::Logger& log, Clock now, Parts parts)
      : options_(options),
        log_(log),
        now_(std::move(now)),
        metrics_(std::move(parts.metrics)),
        store_(std::move(parts.store)),
        registry_(std::move(parts.registry)),
        feedback_(parts.server_name),
        keys_(*store_,
              options.open || is_loopback(options.address) ? ApiKeys::WithoutKeys::open : ApiKeys::WithoutKeys::closed),
        due_(max_due_users),
        users_(*store_, *registry_, *metrics_, log, due_, options.users_in_memory),
        ranking_(users_, *metrics_),
        writer_(*store_, users_, due_, *metrics_, options.snapshot_every),
        workers_(ranking_, *metrics_, worker_threads(options), max_waiting_requests),
        outbox_(parts.topic
                    ? std::make_unique<OutboxSender>(*store_, std::move(parts.topic), *metrics_, log, parts.server_name)
                    : nullptr),
        stream_lists_(options.stream_workers.empty() ? nullptr
                                                     : std::make_unique<StreamLists>(options.stream_workers, log)),
        serving_{.store = *store_,
                 .models = *registry_,
                 .feedback = feedback_,
                 .metrics = *metrics_,
                 .users = users_,
                 .workers = workers_,
                 .writer = writer_,
                 .signing_key = parts.signing_key,
                 .now = now_,
                 .outbox = outbox_.get()},
        in_background_([this](std::function<void()> task) { return background_.post(std::move(task)); }),
        watch_(*store_, in_background_, now_) {}

  [[nodiscard]] Status start() {
    if (auto status = keys_.refresh(); !status) return status;
    if (!is_loopback(options_.address) && !options_.open && !has_any_key()) {
      return Error{
          ErrorCode::invalid_argument,
          fmt::format("the address {} can be reached from other machines, and there are no keys; make one with "
                      "'sotto serve --make-key NAME:SCOPES', or say --open",
                      options_.address)};
    }
    if (!options_.model.empty()) {
      auto imported = registry_->import_file(options_.model);
      if (!imported) return std::move(imported).error();
    }
    if (options_.sync.role != SyncRole::none) {
      auto sync = SyncService::open(options_, *registry_, log_, now_);
      if (!sync) return std::move(sync).error();
      sync_ = std::move(*sync);
    }
    add_routes();
    door_.emplace(router_, keys_, log_, *metrics_,
                  DoorOptions{.origins = options_.origins, .log_requests = options_.log_requests});
    return listen();
  }

  [[nodiscard]] std::uint16_t port() const noexcept override { return server_->port(); }

  [[nodiscard]] std::vector<std::string> announcement() const override {
    std::vector<std::string> lines;
    lines.push_back(fmt::format("store: {}", store_->description()));
    const auto deployments = registry_->deployments();
    for (const DeploymentPointer& deployment : deployments) {
      lines.push_back(fmt::format("model: {}, version {}, {} items", deployment->name, deployment->current->version(),
                                  deployment->current->catalogue().size()));
    }
    if (deployments.empty()) lines.emplace_back("off: recommendations, until there is a model");
    if (!keys_.has_key_for(Scope::admin)) {
      lines.emplace_back("off: admin calls, until there is a key (sotto serve --make-key NAME:admin)");
    }
    for (const auto& [scope, name] :
         {std::pair(Scope::recommend, "recommendations"), std::pair(Scope::events, "events")}) {
      if (!keys_.has_key_for(scope)) lines.push_back(fmt::format("open without a key: {}", name));
    }
    if (sync_) {
      for (std::string& line : sync_->announcement()) lines.push_back(std::move(line));
    }
    if (outbox_)
      lines.push_back(fmt::format("events also go to: topic {} of {}", options_.kafka.topic, options_.kafka.brokers));
    if (stream_lists_) {
      lines.push_back(fmt::format("lists of the stream come from: {}", fmt::join(options_.stream_workers, ", ")));
    }
    if (options_.tls_cert.empty()) lines.emplace_back("off: TLS (--tls-cert and --tls-key, or a proxy)");
    if (options_.rate == 0) lines.emplace_back("off: a limit of requests per client (--rate)");
    const bool is_v6 = options_.address.find(':') != std::string::npos;
    lines.push_back(fmt::format("listening on {}://{}{}{}:{}", options_.tls_cert.empty() ? "http" : "https",
                                is_v6 ? "[" : "", options_.address, is_v6 ? "]" : "", port()));
    return lines;
  }

  void run(const std::atomic<bool>& stops) override {
    Snapshots snapshots(*store_, users_, *registry_, due_, *metrics_, log_,
                        [this] { return server_->figures().requests.load(std::memory_order_relaxed); });
    std::atomic<bool> ended{false};
    std::thread watcher([&] {
      while (!stops && !ended) std::this_thread::sleep_for(stop_poll);
      server_->stop();
    });
    {
      const BackgroundThread upkeep(1s, [this] { keep_up(); });
      server_->run();
    }
    ended = true;
    watcher.join();
    if (sync_) sync_->stop();
    writer_.stop();
    workers_.stop();
    if (stream_lists_) stream_lists_->stop();
    if (outbox_) outbox_->stop();
    background_.drain();
    snapshots.stop();
    flush_figures();
  }

 private:
  [[nodiscard]] bool has_any_key() const {
    return keys_.has_key_for(Scope::recommend) || keys_.has_key_for(Scope::events) || keys_.has_key_for(Scope::admin);
  }

  void add_routes() {
    const Observed observed{.store = *store_,
                            .watch = watch_,
                            .metrics = *metrics_,
                            .feedback = feedback_,
                            .deployments = [this] { return registry_->deployments(); },
                            .connections = [this] { return server_ ? &server_->figures() : nullptr; },
                            .in_background = in_background_,
                            .now = now_,
                            .started = now_()};
    add_recommend_routes(router_, serving_);
    add_classic_routes(router_, serving_);
    add_event_routes(router_, serving_);
    add_state_routes(router_, serving_);
    add_stream_routes(router_, stream_lists_.get());
    add_model_routes(router_, *registry_, *metrics_);
    add_admin_model_routes(router_, *registry_,
                           [this](std::uint64_t fingerprint) { return store_->users_of(fingerprint); });
    add_key_routes(router_, keys_, in_background_, now_);
    add_sealed_backup_routes(router_, *store_, in_background_, now_);
    add_health_routes(router_, observed);
    add_metrics_routes(router_, observed, is_loopback(options_.address) ? Scope::open : Scope::admin);
    add_overview_routes(router_, observed);
    add_operator_routes(router_);
    if (sync_) sync_->add_routes(router_, workers_, in_background_);
  }

  [[nodiscard]] Status listen() {
    http::ServerOptions server;
    server.address = options_.address;
    server.port = static_cast<std::uint16_t>(options_.port);
    server.tls = {options_.tls_cert, options_.tls_key};
    server.threads = http_threads(options_);
    server.rate = options_.rate;
    server.rate_burst = 2 * options_.rate;
    server.trusted_proxies = options_.trusted_proxies;
    auto listening = http::Server::listen(server, *door_);
    if (!listening) return std::move(listening).error();
    server_ = std::move(*listening);
    return Ok{};
  }

  void flush_figures() {
    if (const auto status = feedback_.flush(*store_, now_()); !status) report("the figures could not be saved", status);
  }

  // Called about every second.
  void keep_up() {
    const std::int64_t now = now_();
    if (is_due(keys_refreshed_, now, keys_refresh_seconds)) {
      if (const auto status = keys_.refresh(); !status) report("the keys could not be read", status);
    }
    if (sync_ && is_due(sync_kept_up_, now, sync_seconds)) {
      if (const auto status = sync_->keep_up(); !status) report("private sync does not follow", status);
    }
    if (is_due(figures_flushed_, now, figures_flush_seconds)) flush_figures();
    if (is_due(cleaned_, now, clean_seconds)) {
      const auto status = store_->clean(now, now - figures_days * day_seconds, now - sealed_backup_days * day_seconds);
      if (!status) report("old entries could not be removed", status);
    }
  }

  // Also after the clock has been put back.
  static bool is_due(std::int64_t& last, std::int64_t now, std::int64_t seconds) {
    if (now >= last && now < last + seconds) return false;
    last = now;
    return true;
  }

  void report(std::string_view what, const Status& status) {
    metrics_->background_failures.add();
    log_.error(what, {{"reason", status.error().detail}});
  }

  const ServeOptions options_;
  app::Logger& log_;
  const Clock now_;
  const std::unique_ptr<Metrics> metrics_;
  const std::unique_ptr<store::Store> store_;
  const std::unique_ptr<Registry> registry_;
  FeedbackFigures feedback_;
  ApiKeys keys_;
  DueUsers due_;
  Users users_;
  Ranking ranking_;
  EventWriter writer_;
  Workers workers_;
  const std::unique_ptr<OutboxSender> outbox_;
  const std::unique_ptr<StreamLists> stream_lists_;  // null: no stream is asked
  const Serving serving_;
  const InBackground in_background_;
  StoreWatch watch_;
  Router router_;
  std::optional<Door> door_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<SyncService> sync_;
  std::int64_t keys_refreshed_ = 0;
  std::int64_t sync_kept_up_ = 0;
  std::int64_t figures_flushed_ = 0;
  std::int64_t cleaned_ = 0;
  BackgroundThread background_;  // last, so that its tasks end first
};

}  // namespace

std::int64_t system_time() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

Result<std::unique_ptr<store::Store>> open_store(const ServeOptions& options) {
  if (auto made = make_folder(options.data); !made) return std::move(made).error();
  if (options.postgres.empty()) return store::open_sqlite(store_file(options));
  // The writer, the snapshots, the outbox and the upkeep have one each.
  return store::open_postgres(options.postgres, worker_threads(options) + 4);
}

Result<std::unique_ptr<store::Store>> open_store_beside(const ServeOptions& options) {
  auto store = open_store(options);
  if (store || !options.postgres.empty() || store.error().code != ErrorCode::io) return store;
  auto beside = store::open_sqlite_beside(store_file(options));
  return beside ? std::move(beside) : std::move(store);
}

Result<std::unique_ptr<Service>> Service::open(const ServeOptions& options, app::Logger& log, Clock now) {
  for (const std::string& origin : options.origins) {
    if (auto status = check_origin(origin); !status) return std::move(status).error();
  }
  for (const std::string& worker : options.stream_workers) {
    if (auto status = check_worker_address(worker); !status) return std::move(status).error();
  }
  Parts parts;
  if (!options.kafka.brokers.empty()) {
    auto topic = open_kafka_topic(options.kafka, log);
    if (!topic) return std::move(topic).error();
    parts.topic = std::move(*topic);
  }
  auto store = open_store(options);
  if (!store) return std::move(store).error();
  parts.store = std::move(*store);
  aggregate::SystemEntropy entropy;
  auto key = signing_key(*parts.store, entropy);
  if (!key) return std::move(key).error();
  parts.signing_key = *key;
  auto name = random_name(entropy);
  if (!name) return std::move(name).error();
  parts.server_name = std::move(*name);
  parts.metrics = std::make_unique<Metrics>();
  RegistryOptions registry;
  registry.folder = options.models.empty() ? options.data / "models" : options.models;
  auto opened = Registry::open(std::move(registry), log, *parts.metrics, now);
  if (!opened) return std::move(opened).error();
  parts.registry = std::move(*opened);

  auto service = std::make_unique<RunningService>(options, log, std::move(now), std::move(parts));
  if (auto status = service->start(); !status) return std::move(status).error();
  return std::unique_ptr<Service>(std::move(service));
}

}  // namespace sotto::serve
