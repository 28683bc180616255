// Leader and helper over a store and a folder of tasks, with a clock that the test sets: what needs neither HTTP nor
// the other side.
#include <sotto/aggregate/helper.hpp>
#include <sotto/aggregate/keyring.hpp>
#include <sotto/aggregate/leader.hpp>
#include <sotto/aggregate/private_file.hpp>
#include <sotto/aggregate/system_entropy.hpp>
#include <sotto/aggregate/upload_token.hpp>
#include <sotto/sync/protocol.hpp>

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include <unistd.h>

namespace {

using namespace sotto;
using namespace sotto::aggregate;

template <class T>
T made(Result<T> result) {
  INFO((result ? "" : result.error().detail));
  REQUIRE(result.ok());
  return std::move(result).value();
}

// A side's folder, keys, store and clock.
class Side {
 public:
  Side() {
    std::string name = (std::filesystem::temp_directory_path() / "sotto-side-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = name;
    keys = std::make_unique<Keyring>(made(open_keyring(folder / "keys.json", entropy)));
    store = made(store::open_sqlite_aggregation(folder / "sync.db"));
  }
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;
  ~Side() {
    store.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  std::filesystem::path folder;
  SystemEntropy entropy;
  std::unique_ptr<Keyring> keys;
  std::unique_ptr<store::AggregationStore> store;
  std::atomic<std::int64_t> now{1'750'000'000};
};

constexpr std::uint32_t side_slots = 8;

// A task that ends a day after the clock's first time.
AggregationTask short_task(const Side& side) {
  sync::TaskConfiguration parameters;
  parameters.task_info = {std::byte{1}};
  parameters.leader_aggregator_endpoint = "https://leader.example";
  parameters.helper_aggregator_endpoint = "https://helper.example";
  parameters.time_precision = 3600;
  parameters.min_batch_size = 2000;
  parameters.vdaf_configuration = made(sync::HistogramConfiguration{side_slots, 3}.encode());
  sync::TaskId id;
  id.bytes[0] = std::byte{9};
  return {.id = id,
          .configuration = made(parameters.encode()),
          .parameters = parameters,
          .verification = {id, made(privacy::Prio3Histogram::create(side_slots, 3)), {}, 0},
          .expires = static_cast<std::uint64_t>(side.now) + 86'400,
          .noise_thousandths = 8000,
          .collector = hpke_config(collector_config_id, side.keys->collector)};
}

SyncModel small_model() {
  SyncModel model{"shop", 7, made(sync::SlotMap::make(side_slots, std::vector<std::uint64_t>{4, 3, 2, 1})), {}, {}, {}};
  model.expected.assign(side_slots, 0.1);
  return model;
}

// A device's report, sealed for the leader's task. What the helper gets is sealed for the leader as well: nobody opens
// it here.
sync::Bytes report_for(Leader& leader, Side& side, std::size_t slot) {
  const LeaderTaskPointer task = leader.current();
  REQUIRE(task != nullptr);
  const privacy::Prio3Histogram& vdaf = task->task.verification.vdaf;
  const auto configs = made(sync::HpkeConfigList::decode(leader.hpke_configs()));
  sync::Report report;
  REQUIRE(side.entropy.fill(report.metadata.report_id.bytes).ok());
  report.metadata.time = static_cast<std::uint64_t>(side.now) / 3600;
  report.public_share.resize(vdaf.public_share_bytes());
  sync::Bytes random(vdaf.random_bytes());
  REQUIRE(side.entropy.fill(random).ok());
  sync::Bytes leader_share(vdaf.leader_share_bytes());
  sync::Bytes helper_share(vdaf.helper_share_bytes());
  REQUIRE(vdaf.shard(sync::vdaf_context(task->task.id), slot, report.metadata.report_id.bytes, random,
                     report.public_share, leader_share, helper_share)
              .ok());
  const auto aad =
      made(sync::input_share_aad(task->task.id, task->task.configuration, report.metadata, report.public_share));
  const auto seal = [&](sync::Role receiver, sync::Bytes share) {
    const auto plaintext = made(sync::PlaintextInputShare{{}, std::move(share)}.encode());
    return made(hpke_seal(configs.configs.front(), sync::input_share_info(receiver), aad, plaintext, side.entropy));
  };
  report.leader_encrypted_input_share = seal(sync::Role::leader, std::move(leader_share));
  report.helper_encrypted_input_share = seal(sync::Role::helper, std::move(helper_share));
  return made(report.encode());
}

// Uploads a report and waits for the leader's answer.
Reply uploaded(Leader& leader, sync::ByteSpan report) {
  auto checked = leader.check_upload(leader.current()->task.id, report, {});
  if (auto* refusal = std::get_if<Reply>(&checked)) return std::move(*refusal);
  const auto answer = std::make_shared<std::atomic<Reply*>>(nullptr);
  leader.store_upload(std::move(std::get<Leader::CheckedUpload>(checked)),
                      [answer](Reply reply) { *answer = new Reply(std::move(reply)); });
  while (*answer == nullptr) std::this_thread::yield();
  const std::unique_ptr<Reply> reply(answer->load());
  return std::move(*reply);
}

}  // namespace

TEST_CASE("a helper forgets a task a week after its end, and only after an hour of looks in a row") {
  Side side;
  const AggregationTask task = short_task(side);
  REQUIRE(make_private_file(side.folder / "tasks/one.json", made(task_file(task))));
  HelperOptions options;
  options.tasks = side.folder / "tasks";
  Helper helper(options, *side.keys, *side.store, side.entropy, [&side] { return side.now.load(); });
  const auto look = [&](int times) {
    for (int n = 0; n < times; ++n) REQUIRE(helper.refresh().ok());
  };
  const auto has_task = [&] { return made(helper.overview()).find(to_base64url(task.id.bytes)) != std::string::npos; };
  const store::Id16 report{std::byte{1}};
  const auto counts = [&]() -> bool {
    return made(side.store->are_counted(task.id.bytes, std::vector{report})).front();
  };
  look(1);
  CHECK(has_task());
  store::NewHelperJob job;
  job.task = task.id.bytes;
  job.job.response = {std::byte{1}};
  job.reports = {report};
  job.addition = {1, {}, [](std::span<const std::byte>) { return Result<store::Bytes>(store::Bytes{std::byte{1}}); }};
  CHECK(made(side.store->commit_helper_job(job)) == store::HelperCommit::committed);
  CHECK(counts());

  const auto end = static_cast<std::int64_t>(task.expires);
  side.now = end + 7 * 86'400;  // the leader may collect its last batch until now
  look(3700);
  CHECK(has_task());
  // A clock that jumps ahead for less than an hour costs nothing, however often it does.
  side.now = end + 7 * 86'400 + 1;
  look(3600);
  side.now = end - 1;
  look(1);
  side.now = end + 7 * 86'400 + 1;
  look(3600);
  CHECK(has_task());
  CHECK(counts());
  look(1);
  CHECK_FALSE(has_task());
  CHECK_FALSE(counts());
  // Its reports would count twice now, so none counts any more.
  job.job.id[0] = std::byte{2};
  job.job.request_hash[0] = std::byte{2};
  CHECK(made(side.store->commit_helper_job(job)) == store::HelperCommit::batch_closed);
}

TEST_CASE("a leader takes no more reports than may wait for the helper") {
  Side side;
  LeaderOptions options;
  options.tasks = side.folder / "tasks";
  options.endpoint = "https://leader.example";
  options.helper = "http://127.0.0.1:9";  // nobody is there
  options.max_waiting = 3;
  Leader leader(
      options, *side.keys, *side.store, side.entropy, [&side] { return side.now.load(); },
      [](std::string_view, std::string_view) {});
  REQUIRE(leader.set_model(small_model()).ok());
  for (int n = 0; n < 3; ++n) {
    const Reply reply = uploaded(leader, report_for(leader, side, 2));
    CHECK(reply.status == 200);
    CHECK(reply.body.empty());
  }
  const auto waiting = [&] { return made(side.store->waiting(leader.current()->task.id.bytes)); };
  CHECK(waiting() == 3);
  // The leader counts what waits on another thread too, and may be one behind for a moment.
  const sync::Bytes report = report_for(leader, side, 2);
  const auto is_refused = [&] {
    const auto checked = leader.check_upload(leader.current()->task.id, report, {});
    const auto* reply = std::get_if<Reply>(&checked);
    return reply != nullptr && reply->status == 503 && reply->retry_after == 60;
  };
  for (int n = 0; n < 1000 && !is_refused(); ++n) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  CHECK(uploaded(leader, report).status == 503);
  CHECK(waiting() == 3);
}

TEST_CASE("a leader forgets the serials of spent tokens in the second window after theirs") {
  Side side;
  LeaderOptions options;
  options.tasks = side.folder / "tasks";
  options.endpoint = "https://leader.example";
  options.helper = "http://127.0.0.1:9";  // nobody is there
  Leader leader(
      options, *side.keys, *side.store, side.entropy, [&side] { return side.now.load(); },
      [](std::string_view, std::string_view) {});
  REQUIRE(leader.set_model(small_model()).ok());
  const std::uint64_t window = upload_window(static_cast<std::uint64_t>(side.now));
  // What is no report leaves the leader's queue again; its token stays spent.
  unsigned report = 0;
  const auto uses = [&](std::uint8_t serial, std::uint64_t of_window) {
    store::UploadedReport upload;
    upload.task = leader.current()->task.id.bytes;
    upload.id[0] = static_cast<std::byte>(++report);
    upload.id[1] = static_cast<std::byte>(report >> 8U);
    upload.sealed = {std::byte{1}};
    upload.token.emplace()[0] = static_cast<std::byte>(serial);
    upload.token_window = of_window;
    return made(side.store->upload(std::vector{upload})).front();
  };
  const auto is_forgotten_soon = [&](std::uint8_t serial, std::uint64_t of_window) {
    for (int n = 0; n < 250; ++n) {
      if (uses(serial, of_window) == store::UploadOutcome::stored) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(40));
    }
    return false;
  };
  REQUIRE(uses(1, window) == store::UploadOutcome::stored);
  REQUIRE(uses(2, window - 1) == store::UploadOutcome::stored);
  side.now += static_cast<std::int64_t>(upload_window_seconds);
  CHECK(is_forgotten_soon(2, window - 1));
  CHECK(uses(1, window) == store::UploadOutcome::token_spent);
  side.now += static_cast<std::int64_t>(upload_window_seconds);
  CHECK(is_forgotten_soon(1, window));
}
