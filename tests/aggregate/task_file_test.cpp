// The files by which leader and helper share a task, their keys, and the token between them.
#include <sotto/aggregate/aggregation_task.hpp>
#include <sotto/aggregate/bearer_token.hpp>
#include <sotto/aggregate/keyring.hpp>
#include <sotto/aggregate/private_file.hpp>
#include <sotto/aggregate/sha256.hpp>
#include <sotto/aggregate/system_entropy.hpp>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>

#include <unistd.h>

namespace {

using namespace sotto;
using namespace sotto::aggregate;

class TaskFolder {
 public:
  TaskFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "sotto-aggregate-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  TaskFolder(const TaskFolder&) = delete;
  TaskFolder& operator=(const TaskFolder&) = delete;
  ~TaskFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::filesystem::path path;
};

std::string text_of(const AggregationTask& task) {
  auto text = task_file(task);
  REQUIRE(text.ok());
  return *text;
}

AggregationTask small_task() {
  sync::TaskConfiguration parameters;
  parameters.task_info = {std::byte{1}};
  parameters.leader_aggregator_endpoint = "https://leader.example";
  parameters.helper_aggregator_endpoint = "https://helper.example";
  parameters.min_batch_size = 2000;
  parameters.vdaf_configuration = sync::HistogramConfiguration{4096, 66}.encode().value();
  auto vdaf = privacy::Prio3Histogram::create(4096, 66);
  REQUIRE(vdaf.ok());
  sync::TaskId id;
  id.bytes[0] = std::byte{9};
  AggregationTask task{.id = id,
                       .configuration = parameters.encode().value(),
                       .parameters = parameters,
                       .verification = {id, std::move(vdaf).value(), {}, 3},
                       .model_fingerprint = 0xfedc'ba98'7654'3210,
                       .expires = 1'800'000'000,
                       .noise_thousandths = 8000,
                       .collector = {2, 32, 1, 1, sync::Bytes(32)}};
  task.verification.verify_key[31] = std::byte{5};
  task.leader_token_hash[0] = std::byte{6};
  return task;
}

}  // namespace

TEST_CASE("task file: a task comes back as it was") {
  const AggregationTask task = small_task();
  const auto again = parse_task_file(text_of(task));
  REQUIRE(again.ok());
  CHECK(text_of(*again) == text_of(task));
  CHECK(again->parameters == task.parameters);
  CHECK(again->model_fingerprint == task.model_fingerprint);
  CHECK(again->verification.vdaf.length() == 4096);
  CHECK(again->verification.verify_key == task.verification.verify_key);
}

TEST_CASE("task file: missing and wrong members are refused by name") {
  const auto document = nlohmann::json::parse(text_of(small_task()), nullptr, false);
  REQUIRE(document.is_object());
  for (const auto& [name, value] : document.items()) {
    auto changed = document;
    changed.erase(name);
    INFO(name);
    CHECK_FALSE(parse_task_file(changed.dump()).ok());
    changed[name] = nullptr;
    CHECK_FALSE(parse_task_file(changed.dump()).ok());
    changed[name] = -1;
    CHECK_FALSE(parse_task_file(changed.dump()).ok());
  }
  CHECK(parse_task_file("[]").error().code == ErrorCode::malformed);
  auto newer = document;
  newer["format"] = 2;
  CHECK(parse_task_file(newer.dump()).error().code == ErrorCode::unsupported_version);
}

TEST_CASE("task file: numbers are little-endian, and a key without an encoding is not written") {
  const auto document = nlohmann::json::parse(text_of(small_task()), nullptr, false);
  CHECK(document["model"] == "EDJUdpi63P4");
  AggregationTask task = small_task();
  task.collector.public_key.resize(70'000);
  CHECK_FALSE(task_file(task).ok());
}

TEST_CASE("task file: a bad file does not hide the others of its folder") {
  const TaskFolder folder;
  REQUIRE(make_private_file(folder.path / "tasks/b.json", text_of(small_task())));
  REQUIRE(make_private_file(folder.path / "tasks/a.json", "no task"));
  REQUIRE(make_private_file(folder.path / "tasks/c.json", text_of(small_task())));
  REQUIRE(make_private_file(folder.path / "tasks/other.txt", "no task"));
  std::vector<std::string> problems;
  CHECK(read_task_files(folder.path / "tasks", problems).size() == 1);
  CHECK(problems.size() == 2);
  problems.clear();
  CHECK(read_task_files(folder.path / "nowhere", problems).empty());
  CHECK(problems.empty());
}

TEST_CASE("private file: only its owner reads it, and it is never replaced") {
  const TaskFolder folder;
  const auto file = folder.path / "one";
  REQUIRE(make_private_file(file, "first"));
  CHECK_FALSE(make_private_file(file, "second").ok());
  CHECK(read_private_file(file).value() == "first");
  CHECK(std::filesystem::status(file).permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  CHECK(read_private_file(folder.path / "two").error().code == ErrorCode::missing);
}

TEST_CASE("keyring: the first start makes keys, later ones have the same") {
  const TaskFolder folder;
  SystemEntropy entropy;
  const auto first = open_keyring(folder.path / "sync/keys.json", entropy);
  REQUIRE(first.ok());
  const auto again = open_keyring(folder.path / "sync/keys.json", entropy);
  REQUIRE(again.ok());
  CHECK(first->shares.public_key == again->shares.public_key);
  CHECK(first->signing.public_key == again->signing.public_key);
  CHECK(first->shares.public_key != first->collector.public_key);
  const sync::TaskId task;
  sync::TaskId other;
  other.bytes[0] = std::byte{1};
  CHECK(first->derived("verify key", task) == again->derived("verify key", task));
  CHECK(first->derived("verify key", task) != first->derived("verify key", other));
  CHECK(first->derived("verify key", task) != first->derived("token", task));
  // A copy that others may read is refused until its owner closes it.
  const auto file = folder.path / "sync/keys.json";
  std::filesystem::permissions(file, std::filesystem::perms::group_read, std::filesystem::perm_options::add);
  const auto open = open_keyring(file, entropy);
  REQUIRE_FALSE(open.ok());
  CHECK(open.error().code == ErrorCode::invalid_argument);
  CHECK(open.error().detail.find("chmod 600") != std::string::npos);
  std::filesystem::permissions(file, std::filesystem::perms::group_read, std::filesystem::perm_options::remove);
  CHECK(open_keyring(file, entropy).ok());
  REQUIRE(make_private_file(folder.path / "bad.json", "{\"format\": 1}"));
  CHECK(open_keyring(folder.path / "bad.json", entropy).error().code == ErrorCode::malformed);
}

TEST_CASE("bearer token: the right token under the right scheme") {
  const std::string token = "secret";
  const auto hash = sha256(std::as_bytes(std::span(token)));
  CHECK(is_bearer_of("Bearer secret", hash));
  CHECK(is_bearer_of("bearer secret", hash));
  CHECK_FALSE(is_bearer_of("Bearer Secret", hash));
  CHECK_FALSE(is_bearer_of("Basic secret", hash));
  CHECK_FALSE(is_bearer_of("Bearer ", hash));
  CHECK_FALSE(is_bearer_of("secret", hash));
  CHECK_FALSE(is_bearer_of("", hash));
}
