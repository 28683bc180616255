#include <sotto/serve/registry.hpp>

#include "model_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <thread>

using namespace sotto;
using namespace sotto::serve;
using test::added;
using test::ModelFolder;
using test::small_model_file;

TEST_CASE("a version is added, becomes current, and is there after a restart") {
  ModelFolder folder;
  std::string version;
  {
    const auto registry = folder.open();
    CHECK(registry->deployment("") == nullptr);
    version = added(*registry, "shop", small_model_file(1));
    CHECK(registry->deployment("shop") == nullptr);
    REQUIRE(registry->set_current("shop", version));
    CHECK(registry->deployment("shop")->current->version() == version);
    CHECK(registry->deployment("")->name == "shop");
    CHECK(registry->deployment("other") == nullptr);
    CHECK(folder.files() ==
          std::vector<std::string>{"shop/.lock", "shop/" + version + ".safetensors", "shop/deployment.json"});
  }
  const auto registry = folder.open();
  REQUIRE(registry->deployment("shop"));
  CHECK(registry->deployment("shop")->current->version() == version);
  CHECK(registry->deployment("shop")->previous == nullptr);
}

TEST_CASE("the same bytes again are fine") {
  ModelFolder folder;
  const auto registry = folder.open();
  const auto file = small_model_file(1);
  const auto first = registry->add("shop", file);
  const auto second = registry->add("shop", file);
  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->is_new);
  CHECK_FALSE(second->is_new);
  CHECK(first->version == second->version);
}

TEST_CASE("a damaged upload is refused and leaves nothing behind") {
  ModelFolder folder;
  const auto registry = folder.open();
  const auto file = small_model_file(1);
  for (std::size_t size = 0; size < file.size(); size += 1 + size / 8) {
    CAPTURE(size);
    const auto cut = registry->add("shop", std::span(file).first(size));
    REQUIRE_FALSE(cut);
    CHECK_FALSE(cut.error().detail.empty());
  }
  // A flipped bit of a weight makes another model; in the header it makes none. It never ends the program.
  int refused = 0;
  for (std::size_t at = 0; at < file.size(); at += 1 + file.size() / 400) {
    auto flipped = file;
    flipped[at] ^= std::byte{0x10};
    if (!registry->add("flipped", flipped)) ++refused;
  }
  CHECK(refused > 0);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "shop"));
  CHECK_FALSE(registry->add("shop", {}));
  CHECK(folder.metrics.models_refused.value() > static_cast<std::uint64_t>(refused));
}

TEST_CASE("no name of a model leaves the folder") {
  ModelFolder folder;
  const auto registry = folder.open();
  const auto file = small_model_file(1);
  for (const char* name : {"", "..", ".", "../shop", "a/b", ".hidden", "/etc", "a b"}) {
    CAPTURE(name);
    const auto refused = registry->add(name, file);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::invalid_argument);
    CHECK_FALSE(registry->set_current(name, "0123456789abcdef"));
    CHECK_FALSE(registry->open_delivery(name, "0123456789abcdef"));
  }
  CHECK(folder.files().empty());
  const std::string version = added(*registry, "shop", file);
  CHECK_FALSE(registry->open_delivery("shop", "../shop/" + version));
  CHECK_FALSE(registry->set_current("shop", "../" + version));
}

TEST_CASE("a file with another content than its name says is refused at the start") {
  ModelFolder folder;
  std::string version;
  {
    const auto registry = folder.open();
    version = added(*registry, "shop", small_model_file(1));
    REQUIRE(registry->set_current("shop", version));
  }
  const auto path = folder.path() / "shop" / (version + ".safetensors");
  test::write_bytes(path, small_model_file(2));
  auto opened = folder.try_open();
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == ErrorCode::mismatch);
  CHECK(opened.error().detail.find(path.string()) != std::string::npos);

  std::filesystem::resize_file(path, 100);
  CHECK_FALSE(folder.try_open());
  std::filesystem::remove(path);
  CHECK_FALSE(folder.try_open());
}

TEST_CASE("good bytes take the place of a damaged file") {
  ModelFolder folder;
  const auto file = small_model_file(1);
  const auto registry = folder.open();
  const std::string version = added(*registry, "shop", file);
  auto damaged = file;
  damaged.back() ^= std::byte{1};
  test::write_bytes(folder.path() / "shop" / (version + ".safetensors"), damaged);
  const auto again = registry->add("shop", file);
  REQUIRE(again);
  CHECK(again->is_new);
  CHECK(registry->open_delivery("shop", version));
}

TEST_CASE("candidate, shadow and rollback") {
  ModelFolder folder;
  const auto registry = folder.open();
  const std::string one = added(*registry, "shop", small_model_file(1));
  const std::string two = added(*registry, "shop", small_model_file(2));
  CHECK(registry->set_candidate("shop", two, 0.5).error().code == ErrorCode::invalid_argument);
  REQUIRE(registry->set_current("shop", one));
  REQUIRE(registry->set_candidate("shop", two, 0.5));
  REQUIRE(registry->set_shadow("shop", two, 0.25));
  auto now = registry->deployment("shop");
  CHECK(now->candidate->version() == two);
  CHECK(now->share == 0.5);
  CHECK(now->shadow->version() == two);
  CHECK(now->shadow_share == 0.25);

  REQUIRE(registry->set_current("shop", two));
  now = registry->deployment("shop");
  CHECK(now->current->version() == two);
  CHECK(now->previous->version() == one);
  CHECK(now->candidate == nullptr);
  CHECK(*registry->rollback("shop"));
  CHECK(registry->deployment("shop")->current->version() == one);

  CHECK(registry->rollback("other").error().code == ErrorCode::missing);
  CHECK(registry->set_current("shop", "0123456789abcdef").error().code == ErrorCode::missing);
  CHECK(registry->set_current("other", one).error().code == ErrorCode::missing);
  CHECK(registry->set_candidate("shop", two, 2).error().code == ErrorCode::invalid_argument);
  const auto record = registry->record("shop");
  REQUIRE(record);
  CHECK(record->history.size() == 5);
  CHECK(record->history.back().action == "rollback");
  CHECK(registry->versions("shop")->size() == 2);
}

TEST_CASE("a version that nobody uses leaves memory, and comes back when it is asked for") {
  ModelFolder folder;
  const auto registry = folder.open(0);
  const std::string one = added(*registry, "shop", small_model_file(1));
  const std::string two = added(*registry, "shop", small_model_file(2));
  const std::string three = added(*registry, "shop", small_model_file(3));
  REQUIRE(registry->set_current("shop", one));
  const std::weak_ptr<const LoadedModel> old = registry->deployment("shop")->current;
  const std::uint64_t fingerprint = old.lock()->fingerprint();
  const auto in_flight = registry->deployment("shop");
  REQUIRE(registry->set_current("shop", two));
  REQUIRE(registry->set_current("shop", three));
  CHECK(in_flight->current->version() == one);
  CHECK_FALSE(old.expired());
  const_cast<DeploymentPointer&>(in_flight).reset();
  CHECK(old.expired());

  const auto again = registry->version(fingerprint);
  REQUIRE(again);
  CHECK((*again)->version() == one);
  CHECK(registry->version(fingerprint + 1).error().code == ErrorCode::missing);
}

TEST_CASE("another server's change of the shared folder is taken over") {
  ModelFolder folder;
  const auto here = folder.open();
  const auto there = folder.open();
  const std::string one = added(*there, "shop", small_model_file(1));
  REQUIRE(there->set_current("shop", one));
  CHECK(here->deployment("shop") == nullptr);
  here->poll();
  REQUIRE(here->deployment("shop"));
  CHECK(here->deployment("shop")->current->version() == one);

  const std::string two = added(*here, "shop", small_model_file(2));
  REQUIRE(here->set_current("shop", two));
  // The other server has not looked yet, and yet its change keeps this one.
  REQUIRE(there->set_candidate("shop", one, 0.5));
  CHECK(there->deployment("shop")->current->version() == two);
  here->poll();
  CHECK(here->deployment("shop")->candidate->version() == one);

  // What it cannot understand changes nothing.
  const std::string text = "{\"format\": 1, \"current\"";
  test::write_bytes(folder.path() / "shop" / "deployment.json", std::as_bytes(std::span(text)));
  here->poll();
  CHECK(here->deployment("shop")->current->version() == two);
  CHECK(folder.lines.str().find("its deployment stays as it was") != std::string::npos);
}

TEST_CASE("a change that another server made a moment ago is there after the same change here") {
  ModelFolder folder;
  const auto here = folder.open();
  const auto there = folder.open();
  const std::string one = added(*there, "shop", small_model_file(1));
  REQUIRE(there->set_current("shop", one));
  REQUIRE(here->set_current("shop", one));
  CHECK(here->deployment("shop") != nullptr);
}

TEST_CASE("the registry notices changes by itself") {
  ModelFolder folder;
  RegistryOptions options;
  options.folder = folder.path();
  options.poll = std::chrono::milliseconds(1);
  auto polling = Registry::open(options, folder.log, folder.metrics, [] { return std::int64_t{0}; });
  REQUIRE(polling);
  {
    const auto there = folder.open();
    REQUIRE(there->set_current("shop", added(*there, "shop", small_model_file(1))));
  }
  while ((*polling)->deployment("shop") == nullptr) std::this_thread::yield();
  CHECK((*polling)->deployment("shop")->current != nullptr);
}

TEST_CASE("a file becomes the model of its name, and a restart takes no later choice back") {
  ModelFolder folder;
  const auto file = folder.beside("shop.safetensors");
  const auto odd = folder.beside("my model.safetensors");
  test::write_bytes(file, small_model_file(1));
  test::write_bytes(odd, small_model_file(1));
  std::string one;
  std::string two;
  {
    const auto registry = folder.open();
    const auto imported = registry->import_file(file);
    REQUIRE(imported);
    one = imported->version;
    CHECK(imported->name == "shop");
    CHECK(imported->current == one);
    CHECK(registry->deployment("shop")->current->version() == one);
    CHECK(registry->import_file(odd)->name == "default");
    two = added(*registry, "shop", small_model_file(2));
    REQUIRE(registry->set_current("shop", two));
  }
  const auto registry = folder.open();
  const auto again = registry->import_file(file);
  REQUIRE(again);
  CHECK(again->current == two);
  CHECK(registry->deployment("shop")->current->version() == two);
  CHECK(folder.lines.str().find("stays current") != std::string::npos);

  test::write_bytes(file, small_model_file(3));
  const auto changed = registry->import_file(file);
  REQUIRE(changed);
  CHECK(registry->deployment("shop")->current->version() == changed->version);
  CHECK(registry->import_file(folder.beside("none.safetensors")).error().code == ErrorCode::io);
}

TEST_CASE("readers see whole deployments while versions change") {
  ModelFolder folder;
  const auto registry = folder.open();
  const std::string one = added(*registry, "shop", small_model_file(1));
  const std::string two = added(*registry, "shop", small_model_file(2));
  REQUIRE(registry->set_current("shop", one));
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0};
  std::atomic<int> reads{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        const auto seen = registry->deployment("shop");
        const std::string& version = seen->current->version();
        const std::string& other = version == one ? two : one;
        if (version != one && version != two) ++wrong;
        if (seen->previous && seen->previous->version() != other) ++wrong;
        if (seen->current->catalogue().size() != 12) ++wrong;
        ++reads;
      }
    });
  }
  for (int i = 0; i < 50; ++i) CHECK(registry->set_current("shop", i % 2 == 0 ? two : one));
  while (reads < 1000) std::this_thread::yield();
  done = true;
  for (std::thread& reader : readers) reader.join();
  CHECK(wrong == 0);
}

TEST_CASE("codings are prepared once, and made again where they are damaged") {
  ModelFolder folder;
  folder.prepare_encodings = true;
  std::string version;
  {
    const auto registry = folder.open();
    version = added(*registry, "shop", small_model_file(1));
    REQUIRE(registry->set_current("shop", version));
    registry->finish_encodings();
    const auto delivery = registry->delivery("shop", version);
    REQUIRE(delivery);
    REQUIRE(delivery->representations.size() == 3);
    CHECK(delivery->representations[0].tag == "\"" + version + "\"");
    CHECK(delivery->representations[1].tag == "\"" + version + "-br\"");
    CHECK(delivery->representations[2].tag == "\"" + version + "-zstd\"");
  }
  const auto before = folder.files();
  CHECK(before.size() == 5);
  for (const std::string& name : before) {
    if (name.ends_with(".br")) std::filesystem::resize_file(folder.path() / name, 10);
  }
  const auto registry = folder.open();
  CHECK(registry->delivery("shop", version)->representations.size() == 2);
  registry->finish_encodings();
  CHECK(registry->delivery("shop", version)->representations.size() == 3);
  CHECK(folder.files() == before);
}

TEST_CASE("what a crash left is removed when it is old") {
  ModelFolder folder;
  const auto old = folder.path() / "shop" / "0123456789abcdef.safetensors.a1B2c3";
  const auto young = folder.path() / "shop" / "deployment.json.a1B2c3";
  const auto foreign = folder.path() / "shop" / "notes.txt.backup";
  for (const auto& file : {old, young, foreign}) test::write_bytes(file, {});
  const auto two_days = std::chrono::hours(48);
  for (const auto& file : {old, foreign}) {
    std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now() - two_days);
  }
  const auto registry = folder.open();
  CHECK_FALSE(std::filesystem::exists(old));
  CHECK(std::filesystem::exists(young));
  CHECK(std::filesystem::exists(foreign));
}

TEST_CASE("a rollback without a previous version changes nothing") {
  ModelFolder folder;
  const auto registry = folder.open();
  const std::string version = added(*registry, "shop", small_model_file(1));
  REQUIRE(registry->set_current("shop", version));
  const auto before = registry->record("shop");
  const auto rolled_back = registry->rollback("shop");
  REQUIRE(rolled_back);
  CHECK_FALSE(*rolled_back);
  CHECK(*registry->record("shop") == *before);
}

TEST_CASE("a removed version gets no role on any server of the folder, until it is added again") {
  ModelFolder folder;
  const auto registry = folder.open();
  const auto other = folder.open();
  const std::string one = added(*registry, "shop", small_model_file(1));
  const std::string two = added(*registry, "shop", small_model_file(2));
  REQUIRE(registry->set_current("shop", one));
  CHECK_FALSE(*registry->remove("shop", one));
  CHECK(registry->remove("shop", "0123456789abcdef").error().code == ErrorCode::missing);
  CHECK(registry->remove("../shop", two).error().code == ErrorCode::missing);
  other->poll();
  CHECK(*other->remove("shop", two));
  const std::uint64_t fingerprint = std::stoull(two, nullptr, 16);
  CHECK(other->version(fingerprint).error().code == ErrorCode::missing);
  CHECK(registry->set_current("shop", two).error().code == ErrorCode::missing);
  CHECK(registry->set_candidate("shop", two, 0.5).error().code == ErrorCode::missing);
  CHECK(registry->versions("shop")->size() == 1);
  CHECK(added(*registry, "shop", small_model_file(2)) == two);
  CHECK(registry->set_current("shop", two));
}
