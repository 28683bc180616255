// A server without connections for tests: models, a store, and requests that are answered at once.
#pragma once

#include "../data/temporary_folder.hpp"
#include "../support/random_model.hpp"

#include <sotto/app/logger.hpp>
#include <sotto/base/aligned_buffer.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/serve/classic_routes.hpp>
#include <sotto/serve/event_routes.hpp>
#include <sotto/serve/recommend_routes.hpp>
#include <sotto/serve/serving.hpp>
#include <sotto/serve/snapshots.hpp>
#include <sotto/serve/state_routes.hpp>

#include <catch2/catch_test_macros.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace sotto::test {

using Json = nlohmann::json;

inline serve::ModelPointer shop_model(std::uint64_t seed, std::uint32_t items = 40, HeadKind head = HeadKind::softmax) {
  Architecture architecture{.items = items, .embedding_dim = 8, .hidden_dim = 16, .layers = 1};
  architecture.head = head;
  FixedModel model = random_fixed_model(architecture, seed);
  for (std::uint32_t item = 0; item < items; ++item) {
    model.info.catalogue.categories.push_back(item % 3 == 0 ? "toys" : item % 3 == 1 ? "books|toys" : "");
  }
  const auto bytes = serialize(model);
  AlignedBuffer<std::byte> file(bytes.size());
  std::ranges::copy(bytes, file.data());
  auto opened = serve::LoadedModel::open("shop", std::move(file));
  REQUIRE(opened);
  return *opened;
}

class ShopModels final : public serve::Models {
 public:
  explicit ShopModels(serve::ModelPointer current) {
    known_[current->fingerprint()] = current;
    serve::Deployment deployment;
    deployment.name = "shop";
    deployment.current = std::move(current);
    deployment_ = std::make_shared<const serve::Deployment>(std::move(deployment));
  }

  void deploy(serve::Deployment deployment) {
    const std::scoped_lock lock(mutex_);
    deployment.name = "shop";
    for (const auto& model : {deployment.current, deployment.candidate, deployment.shadow}) {
      if (model) known_[model->fingerprint()] = model;
    }
    deployment_ = std::make_shared<const serve::Deployment>(std::move(deployment));
  }
  void remove(std::uint64_t fingerprint) {
    const std::scoped_lock lock(mutex_);
    known_.erase(fingerprint);
  }

  [[nodiscard]] serve::DeploymentPointer deployment(std::string_view name) const override {
    const std::scoped_lock lock(mutex_);
    return name.empty() || name == "shop" ? deployment_ : nullptr;
  }
  [[nodiscard]] Result<serve::ModelPointer> version(std::uint64_t fingerprint) override {
    const std::scoped_lock lock(mutex_);
    const auto found = known_.find(fingerprint);
    if (found == known_.end()) return Error{ErrorCode::missing, "no such version"};
    return found->second;
  }

 private:
  mutable std::mutex mutex_;
  serve::DeploymentPointer deployment_;
  std::map<std::uint64_t, serve::ModelPointer> known_;
};

// The store's file, which fails or is shared when a test says so.
class ShopStore final : public store::Store {
 public:
  explicit ShopStore(const std::filesystem::path& file) {
    auto opened = store::open_sqlite(file);
    REQUIRE(opened);
    store_ = std::move(*opened);
  }
  std::atomic<bool> fails{false};
  std::atomic<bool> shared{false};
  std::atomic<int> loads{0};

  std::string description() const override { return store_->description(); }
  bool is_shared() const noexcept override { return shared; }
  Result<std::vector<store::Appended>> append(std::span<const store::Append> requests) override {
    if (fails) return failure();
    return store_->append(requests);
  }
  Result<store::StoredUser> load(const std::string& user, store::UserHead known) override {
    ++loads;
    if (fails) return failure();
    return store_->load(user, known);
  }
  Result<store::UserHead> head(const std::string& user) override {
    if (fails) return failure();
    return store_->head(user);
  }
  Status save_snapshots(std::span<const store::SnapshotWrite> snapshots) override {
    if (fails) return failure();
    return store_->save_snapshots(snapshots);
  }
  Result<std::uint64_t> users_of(std::uint64_t model) override {
    if (fails) return failure();
    return store_->users_of(model);
  }
  Result<store::UserHead> replace(const std::string& user, store::UserHead expected,
                                  const store::Snapshot& state) override {
    if (fails) return failure();
    return store_->replace(user, expected, state);
  }
  Result<bool> forget(const std::string& user, std::int64_t now) override {
    if (fails) return failure();
    return store_->forget(user, now);
  }
  Status add_key(const store::ApiKey& key) override { return store_->add_key(key); }
  Result<bool> remove_key(const std::string& id) override { return store_->remove_key(id); }
  Result<std::vector<store::ApiKey>> keys() override { return store_->keys(); }
  Result<store::Bytes> secret(const std::string& name, std::span<const std::byte> proposal) override {
    return store_->secret(name, proposal);
  }
  Status put_sealed(const std::string& id, const store::SealedBackup& backup) override {
    return store_->put_sealed(id, backup);
  }
  Result<std::optional<store::SealedBackup>> sealed(const std::string& id) override { return store_->sealed(id); }
  Result<bool> remove_sealed(const std::string& id, const std::array<std::byte, 32>& owner) override {
    return store_->remove_sealed(id, owner);
  }
  Status put_figures(std::span<const store::FiguresRow> rows) override { return store_->put_figures(rows); }
  Result<std::vector<store::FiguresRow>> figures(std::int64_t since) override { return store_->figures(since); }
  Result<bool> lead_outbox(const std::string& server, int seconds) override {
    return store_->lead_outbox(server, seconds);
  }
  Result<std::vector<store::OutboxEntry>> outbox(std::size_t max) override {
    if (fails) return failure();
    return store_->outbox(max);
  }
  Status remove_sent(std::span<const std::uint64_t> sequences) override {
    if (fails) return failure();
    return store_->remove_sent(sequences);
  }
  Result<std::uint64_t> outbox_size() override { return store_->outbox_size(); }
  Status clean(std::int64_t now, std::int64_t figures_before, std::int64_t sealed_before) override {
    return store_->clean(now, figures_before, sealed_before);
  }
  Result<store::StoreSize> size() override { return store_->size(); }
  Status backup(const std::filesystem::path& file) override { return store_->backup(file); }
  Result<std::vector<std::string>> check() override { return store_->check(); }

 private:
  static Error failure() { return {ErrorCode::io, "the disk is full"}; }

  std::unique_ptr<store::Store> store_;
};

class ShopLoop final : public serve::FeedbackLoop {
 public:
  struct Chosen {
    serve::Recommendation list;
    serve::Choice choice;
  };
  void shown(const serve::LoadedModel&, std::span<const ItemIndex>, std::int64_t, std::int64_t) override { ++lists; }
  void chosen(const serve::Recommendation& list, const serve::Choice& choice, std::int64_t) override {
    const std::scoped_lock lock(mutex_);
    chosen_.push_back({list, choice});
  }
  [[nodiscard]] std::vector<Chosen> choices() {
    const std::scoped_lock lock(mutex_);
    return chosen_;
  }
  std::atomic<int> lists{0};

 private:
  std::mutex mutex_;
  std::vector<Chosen> chosen_;
};

struct ShopAnswer {
  unsigned status = 0;
  std::vector<http::Header> headers;
  std::string body;

  [[nodiscard]] Json json() const { return Json::parse(body, nullptr, false); }
  [[nodiscard]] std::string code() const {
    const Json document = json();
    return document.contains("error") ? document["error"]["code"].get<std::string>() : "";
  }
  [[nodiscard]] std::string header(const std::string& name) const {
    for (const auto& [its, value] : headers) {
      if (its == name) return value;
    }
    return "";
  }
  [[nodiscard]] std::vector<std::byte> bytes() const {
    const auto all = std::as_bytes(std::span(body));
    return {all.begin(), all.end()};
  }
};

struct ShopOptions {
  std::size_t users_in_memory = 1000;
  std::uint64_t snapshot_every = 64;
  unsigned workers = 2;
};

// The parts that work on users, as Service puts them together.
class Shop {
 public:
  Shop(store::Store& store, ShopModels& models, ShopOptions options = {}, serve::OutboxSender* outbox = nullptr)
      : log_(app::Logger::to_stream("shop", app::LogFormat::text, log_text_)),
        due_(1000),
        users_(store, models, metrics, log_, due_, options.users_in_memory),
        ranking_(users_, metrics),
        writer_(store, users_, due_, metrics, options.snapshot_every),
        workers_(ranking_, metrics, options.workers, 5000),
        snapshots_(store, users_, models, due_, metrics, log_, [] { return 0; }),
        serving_{store, models, loop, metrics, users_, workers_, writer_, key, [this] { return now.load(); }, outbox} {
    serve::add_recommend_routes(router_, serving_);
    serve::add_classic_routes(router_, serving_);
    serve::add_event_routes(router_, serving_);
    serve::add_state_routes(router_, serving_);
  }
  ~Shop() {
    writer_.stop();
    workers_.stop();
    snapshots_.stop();
  }
  Shop(const Shop&) = delete;
  Shop& operator=(const Shop&) = delete;

  [[nodiscard]] std::future<ShopAnswer> send(const std::string& method, const std::string& path,
                                             const std::string& body = "", std::vector<http::Header> headers = {}) {
    auto promise = std::make_shared<std::promise<ShopAnswer>>();
    auto future = promise->get_future();
    const auto match = router_.match(method, path);
    // Catch2's own check is not for several threads.
    if (match.route == nullptr) throw std::logic_error("no route for " + method + " " + path);
    serve::Call call;
    call.request.method = method;
    call.request.path = path;
    call.request.body = body;
    call.request.headers = std::move(headers);
    call.request.id = "request-" + std::to_string(requests_++);
    call.path = match.path;
    match.route->endpoint(std::move(call), http::Reply(std::make_unique<Receiver>(std::move(promise))));
    return future;
  }
  [[nodiscard]] ShopAnswer ask(const std::string& method, const std::string& path, const std::string& body = "",
                               std::vector<http::Header> headers = {}) {
    return send(method, path, body, std::move(headers)).get();
  }
  [[nodiscard]] ShopAnswer post(const std::string& path, const Json& body, std::vector<http::Header> headers = {}) {
    return ask("POST", path, body.dump(), std::move(headers));
  }
  [[nodiscard]] std::vector<std::byte> state(const std::string& user) {
    const ShopAnswer answer = ask("GET", "/v1/users/" + user + "/state");
    REQUIRE(answer.status == 200);
    return answer.bytes();
  }
  // Waits until all due states are saved.
  void save() {
    while (metrics.snapshot_backlog.value() != 0 || due_.size() != 0)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  serve::Metrics metrics;
  ShopLoop loop;
  std::atomic<std::int64_t> now{1'700'000'000};
  serve::SigningKey key{std::byte{7}};

 private:
  struct Receiver final : http::Reply::Target {
    explicit Receiver(std::shared_ptr<std::promise<ShopAnswer>> to) : promise(std::move(to)) {}
    void send(http::Response response) override {
      promise->set_value({response.status, std::move(response.headers), std::move(response.body)});
    }
    std::shared_ptr<std::promise<ShopAnswer>> promise;
  };

  std::ostringstream log_text_;
  app::Logger log_;
  serve::DueUsers due_;
  serve::Users users_;
  serve::Ranking ranking_;
  serve::EventWriter writer_;
  serve::Workers workers_;
  serve::Snapshots snapshots_;
  serve::Serving serving_;
  serve::Router router_;
  std::atomic<int> requests_{0};
};

// What a page does, by the library alone.
class Page {
 public:
  explicit Page(serve::ModelPointer model)
      : model_(std::move(model)), user_(model_->personal()), workspace_(model_->personal()) {}
  [[nodiscard]] PersonalSession session() { return {model_->personal(), user_, workspace_}; }
  [[nodiscard]] std::vector<std::byte> state() {
    std::vector<std::byte> bytes(session().state_size());
    session().export_state(bytes);
    return bytes;
  }
  [[nodiscard]] Json list(std::int64_t now, std::size_t k, RecommendOptions options = {}, bool popular = false) {
    std::vector<ScoredItem> best(k);
    best.resize(popular ? session().recommend_base(now, options, best) : session().recommend(now, options, best));
    Json items = Json::array();
    for (const auto& [item, score] : best) {
      items.push_back({{"id", model_->catalogue().item_ids[item]},
                       {"title", model_->catalogue().titles[item]},
                       {"score", static_cast<double>(score) / 65'536}});
    }
    return items;
  }
  [[nodiscard]] PersonalUser& user() { return user_; }

 private:
  serve::ModelPointer model_;
  PersonalUser user_;
  PersonalWorkspace workspace_;
};

inline std::string item_id(std::uint32_t item) { return "item-" + std::to_string(item); }

}  // namespace sotto::test
