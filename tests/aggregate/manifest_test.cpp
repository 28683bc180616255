#include "../support/hex.hpp"
#include "fixed_entropy.hpp"

#include <sotto/aggregate/manifest_json.hpp>
#include <sotto/aggregate/signed_document.hpp>
#include <sotto/aggregate/task_list.hpp>
#include <sotto/base/base64url.hpp>
#include <sotto/sync/task_configuration.hpp>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <functional>

namespace sotto::aggregate {
namespace {

SigningKeyPair manifest_keys(int seed) {
  auto keys = signing_key_pair(sync::Bytes(32, static_cast<std::byte>(seed)));
  REQUIRE(keys.ok());
  return std::move(*keys);
}

void put_configuration(sync::Manifest& manifest) {
  sync::TaskConfiguration task;
  const sync::Sha256 info = task_info(manifest);
  task.task_info.assign(info.begin(), info.end());
  task.leader_aggregator_endpoint = manifest.leader;
  task.helper_aggregator_endpoint = manifest.helper;
  task.min_batch_size = manifest.min_batch;
  task.vdaf_configuration = *sync::HistogramConfiguration{manifest.slots.count, 66}.encode();
  manifest.task.configuration = *task.encode();
}

sync::Manifest shop_manifest() {
  sync::Manifest manifest;
  manifest.version = 12;
  manifest.model = {"shop", 0x0123'4567'89ab'cdef};
  manifest.task.id.bytes.fill(std::byte{0x42});
  manifest.slots.file = {"slots.bin", {}};
  manifest.slots.file.sha256.fill(std::byte{0xee});
  manifest.noise_thousandths = 8500;
  manifest.expires = 1'800'000'000;
  manifest.leader = "https://l.example/dap/";
  manifest.helper = "https://h.example/dap";
  manifest.operators = {true, "One operator runs both."};
  manifest.trend = sync::TrendReference{3, {"trend.bin", {}}, 300};
  put_configuration(manifest);
  return manifest;
}

ManifestExpectations shop_expectations() { return {manifest_keys(1).public_key, 12, 1'790'000'000}; }

// The body of a signed manifest after a change, signed again.
Result<sync::Manifest> verify_changed(const std::function<void(nlohmann::json&)>& change) {
  auto body = nlohmann::json::parse(*manifest_json(shop_manifest()));
  change(body);
  const auto envelope = sign_document("manifest", body.dump(), manifest_keys(1));
  REQUIRE(envelope.ok());
  return verify_manifest(*envelope, shop_expectations());
}

TEST_CASE("a task's parameters have their pinned text and hash") {
  const auto manifest = shop_manifest();
  CHECK(sync::task_parameters(manifest) ==
        "sotto private sync 1\n"
        "model 0123456789abcdef\n"
        "slots_sha256 eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\n"
        "slots 4096\n"
        "noise_thousandths 8500\n"
        "reports_per_28_days 4\n"
        "min_batch 2000\n"
        "expires 1800000000\n");
  const std::string hash = "0cc87d1e9ab11d6236bf607e2ef02c3b575a3e93f42b316fff2faac3c9e78543";
  CHECK(test::to_hex(task_info(manifest)) == hash);
  CHECK(test::to_hex(sync::TaskConfiguration::decode(manifest.task.configuration)->task_info) == hash);
}

TEST_CASE("a signed manifest comes back") {
  const auto manifest = shop_manifest();
  const auto envelope = sign_manifest(manifest, manifest_keys(1));
  REQUIRE(envelope.ok());
  const auto verified = verify_manifest(*envelope, shop_expectations());
  REQUIRE(verified.ok());
  CHECK(*verified == manifest);

  auto without_trend = manifest;
  without_trend.trend.reset();
  CHECK(*parse_manifest(*manifest_json(without_trend)) == without_trend);
}

TEST_CASE("another key, a changed body and a changed signature are refused") {
  const auto envelope = *sign_manifest(shop_manifest(), manifest_keys(1));
  auto other = shop_expectations();
  other.key = manifest_keys(2).public_key;
  const auto wrong_key = verify_manifest(envelope, other);
  CHECK(wrong_key.error().code == ErrorCode::mismatch);
  CHECK(wrong_key.error().detail.find("another key") != std::string::npos);

  // The other key's own signature does not help, nor does its envelope under the pinned key's name.
  auto forged = nlohmann::json::parse(*sign_manifest(shop_manifest(), manifest_keys(2)));
  forged["key"] = to_base64url(shop_expectations().key);
  const auto bad_signature = verify_manifest(forged.dump(), shop_expectations());
  CHECK(bad_signature.error().detail.find("signature") != std::string::npos);

  auto changed = nlohmann::json::parse(envelope);
  auto body = *from_base64url(changed["manifest"].get<std::string>());
  body.push_back(std::byte{' '});
  changed["manifest"] = to_base64url(body);
  CHECK(verify_manifest(changed.dump(), shop_expectations()).error().code == ErrorCode::mismatch);
}

TEST_CASE("an expired manifest and an older version are refused") {
  const auto envelope = *sign_manifest(shop_manifest(), manifest_keys(1));
  auto later = shop_expectations();
  later.now = 1'800'000'000;
  CHECK(verify_manifest(envelope, later).error().detail.find("expired") != std::string::npos);
  later.now -= 1;
  CHECK(verify_manifest(envelope, later).ok());
  later.min_version = 13;
  CHECK(verify_manifest(envelope, later).error().detail.find("went down") != std::string::npos);
}

TEST_CASE("manifests of another form are refused") {
  CHECK(verify_changed([](auto&) {}).ok());
  CHECK(verify_changed([](auto& body) { body["more"] = 1; }).ok());
  CHECK(verify_changed([](auto& body) { body["format"] = 2; }).error().code == ErrorCode::unsupported_version);
  CHECK(verify_changed([](auto& body) { body["kind"] = "sotto-tasks"; }).error().code == ErrorCode::mismatch);
  CHECK(verify_changed([](auto& body) { body.erase("noise"); }).error().code == ErrorCode::missing);
  CHECK(verify_changed([](auto& body) { body["slots"] = 4096; }).error().code == ErrorCode::missing);
  CHECK(verify_changed([](auto& body) { body["version"] = -1; }).error().code == ErrorCode::wrong_type);
  CHECK(verify_changed([](auto& body) { body["version"] = 1e300; }).error().code == ErrorCode::wrong_type);
  CHECK(verify_changed([](auto& body) { body["version"] = 0; }).error().code == ErrorCode::out_of_range);
  CHECK(verify_changed([](auto& body) { body["reports"] = 0; }).error().code == ErrorCode::out_of_range);
  CHECK(verify_changed([](auto& body) { body["noise"] = 8.00001; }).error().code == ErrorCode::out_of_range);
  CHECK(verify_changed([](auto& body) { body["trend"]["prior"] = 0.901; }).error().code == ErrorCode::out_of_range);
  CHECK(verify_changed([](auto& body) { body["model"]["fingerprint"] = "xyz"; }).error().code == ErrorCode::malformed);
  CHECK(verify_changed([](auto& body) { body["task"]["id"] = "AA"; }).error().code == ErrorCode::malformed);
  CHECK(verify_changed([](auto& body) { body["trend"].erase("sha256"); }).error().code == ErrorCode::missing);
  for (const char* text : {"", "null", "[]", "{}", "{\"manifest\":\"\"}", "{\"manifest\":1,\"signature\":\"\"}"}) {
    CHECK(verify_manifest(text, shop_expectations()).error().code == ErrorCode::malformed);
  }
  CHECK(verify_manifest(std::string(max_signed_document_bytes + 1, ' '), shop_expectations()).error().code ==
        ErrorCode::out_of_range);
}

TEST_CASE("every parameter is bound to the task's configuration") {
  const std::vector<std::function<void(sync::Manifest&)>> changes{
      [](auto& m) { m.model.fingerprint ^= 1; },
      [](auto& m) { m.slots.count = 4095; },
      [](auto& m) { m.slots.file.sha256[0] ^= std::byte{1}; },
      [](auto& m) { m.noise_thousandths -= 1; },
      [](auto& m) { m.reports_per_28_days += 1; },
      [](auto& m) { m.min_batch -= 1; },
      [](auto& m) { m.expires += 1; },
      [](auto& m) { m.leader += "x"; },
      [](auto& m) { m.helper += "x"; }};
  for (const auto& change : changes) {
    auto manifest = shop_manifest();
    change(manifest);
    CHECK(sign_manifest(manifest, manifest_keys(1)).error().code == ErrorCode::mismatch);
  }
  // What may change while the task runs.
  auto manifest = shop_manifest();
  manifest.version = 99;
  manifest.trend->version = 4;
  manifest.trend->prior_thousandths = 1;
  CHECK(check_manifest(manifest).ok());

  sync::TaskConfiguration task = *sync::TaskConfiguration::decode(manifest.task.configuration);
  task.batch_mode = sync::BatchMode::time_interval;
  manifest.task.configuration = *task.encode();
  CHECK(check_manifest(manifest).error().code == ErrorCode::unsupported);
}

TaskList shop_tasks() {
  const auto manifest = shop_manifest();
  return {4, {{manifest.task.id, manifest.task.configuration, manifest.model.fingerprint, manifest.expires}}};
}

TEST_CASE("the helper's list of tasks comes back, signed by the helper's key") {
  const auto envelope = sign_task_list(shop_tasks(), manifest_keys(3));
  REQUIRE(envelope.ok());
  const auto list = verify_task_list(*envelope, manifest_keys(3).public_key, 4);
  REQUIRE(list.ok());
  CHECK(*list == shop_tasks());
  CHECK(verify_task_list(*envelope, manifest_keys(1).public_key, 4).error().code == ErrorCode::mismatch);
  CHECK(verify_task_list(*envelope, manifest_keys(3).public_key, 5).error().code == ErrorCode::out_of_range);
  // One key for both, as a single operator may have, does not turn one document into the other.
  CHECK_FALSE(verify_manifest(*envelope, {manifest_keys(3).public_key, 0, 0}).ok());
  const auto renamed = sign_document("manifest", *task_list_json(shop_tasks()), manifest_keys(3));
  CHECK(verify_manifest(*renamed, {manifest_keys(3).public_key, 0, 0}).error().code == ErrorCode::mismatch);
}

TEST_CASE("a manifest's task must be on the helper's list as it is") {
  const auto manifest = shop_manifest();
  const std::uint64_t now = 1'790'000'000;
  CHECK(check_listed(shop_tasks(), manifest, now).ok());
  CHECK(check_listed({4, {}}, manifest, now).error().code == ErrorCode::missing);
  CHECK(check_listed(shop_tasks(), manifest, manifest.expires).error().code == ErrorCode::out_of_range);
  auto changed = shop_tasks();
  changed.tasks[0].configuration.back() ^= std::byte{1};
  CHECK(check_listed(changed, manifest, now).error().code == ErrorCode::mismatch);
  changed = shop_tasks();
  changed.tasks[0].expires += 1;
  CHECK(check_listed(changed, manifest, now).error().code == ErrorCode::mismatch);
}

TEST_CASE("lists of tasks of another form are refused") {
  auto list = shop_tasks();
  list.tasks.push_back(list.tasks[0]);
  CHECK(task_list_json(list).error().code == ErrorCode::mismatch);
  list = shop_tasks();
  list.tasks[0].configuration.pop_back();
  CHECK_FALSE(task_list_json(list).ok());
  list = shop_tasks();
  list.version = 0;
  CHECK(task_list_json(list).error().code == ErrorCode::out_of_range);

  const auto changed = [](const std::function<void(nlohmann::json&)>& change) {
    auto body = nlohmann::json::parse(*task_list_json(shop_tasks()));
    change(body);
    const auto parsed = parse_task_list(body.dump());
    return parsed.ok() ? ErrorCode{} : parsed.error().code;
  };
  CHECK(changed([](auto&) {}) == ErrorCode{});
  CHECK(changed([](auto& body) { body["format"] = 9; }) == ErrorCode::unsupported_version);
  CHECK(changed([](auto& body) { body["tasks"] = 9; }) == ErrorCode::wrong_type);
  CHECK(changed([](auto& body) { body["tasks"][0] = 9; }) == ErrorCode::wrong_type);
  CHECK(changed([](auto& body) { body["tasks"][0].erase("model"); }) == ErrorCode::missing);
  CHECK(changed([](auto& body) { body["tasks"][0]["id"] = "?"; }) == ErrorCode::malformed);
}

}  // namespace
}  // namespace sotto::aggregate
