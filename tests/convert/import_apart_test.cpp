// An importer in a process of its own: what comes back, and what is said when it does not come back.
#include "fixtures.hpp"

#include <sotto/convert/import_apart.hpp>
#include <sotto/convert/keras_archive.hpp>
#include <sotto/model/model_file.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <functional>
#include <vector>

using namespace sotto;
using namespace sotto::convert;
using Catch::Matchers::ContainsSubstring;

namespace {

Error error_of(const std::function<Result<ImportedModel>()>& import) {
  const auto imported =
      import_apart(import, {.processor_time = std::chrono::seconds(1), .memory_bytes = std::uint64_t{2} << 30});
  REQUIRE_FALSE(imported.ok());
  return imported.error();
}

}  // namespace

TEST_CASE("an import apart gives the same model and notes") {
  const auto bytes = test::fixture_bytes("keras/masked.keras");
  const auto import = [&] { return import_keras_archive(bytes); };
  const auto here = import();
  const auto apart = import_apart(import);
  REQUIRE(here.ok());
  REQUIRE(apart.ok());
  CHECK(serialize(apart.value().model) == serialize(here.value().model));
  CHECK(apart.value().padding_rows == 1);
  CHECK_FALSE(apart.value().notes.empty());
  CHECK(apart.value().notes == here.value().notes);
}

TEST_CASE("an import's error comes back from apart") {
  const Error error = error_of([] { return Error{ErrorCode::wrong_shape, "layer 'ö' has shape [1]"}; });
  CHECK(error.code == ErrorCode::wrong_shape);
  CHECK(error.detail == "layer 'ö' has shape [1]");
}

TEST_CASE("an import that crashes or never ends is an error") {
  const Error crashed = error_of([]() -> Result<ImportedModel> {
    std::raise(SIGKILL);
    return Error{ErrorCode::io, "not reached"};
  });
  CHECK(crashed.code == ErrorCode::malformed);
  CHECK_THAT(crashed.detail, ContainsSubstring("crashed (signal 9)"));

  const Error endless = error_of([]() -> Result<ImportedModel> {
    for (;;) static_cast<void>(std::clock());
  });
  CHECK(endless.code == ErrorCode::malformed);
  CHECK_THAT(endless.detail, ContainsSubstring("did not come to an end within 1 s of processor time"));
}

TEST_CASE("an import that takes more memory than it may is an error") {
  if (!import_memory_is_limited()) SKIP("this build's sanitizer takes all addresses");
  const Error greedy = error_of([]() -> Result<ImportedModel> {
    std::vector<std::vector<char>> all;
    for (;;) all.emplace_back().reserve(std::size_t{1} << 28);
  });
  CHECK(greedy.code == ErrorCode::malformed);
  CHECK_THAT(greedy.detail, ContainsSubstring("more than 2048 MB of memory"));
}
