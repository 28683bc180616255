// The name that a model's versions share, through every command that makes a model of something else.
#include "workplace.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cstdlib>
#include <string>
#include <vector>

using namespace sotto::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string lineage_of(const Workplace& place, const std::string& model) {
  const Finished inspected = place.run({"inspect", model, "--json"});
  CAPTURE(model, inspected.err);
  REQUIRE(inspected.code == 0);
  return parse(inspected.out)["lineage"];
}

}  // namespace

TEST_CASE("a model's lineage survives quantization and added items") {
  const Workplace place;
  REQUIRE(place.train({"--lineage", "the shop's"}).code == 0);
  write(place.path("items.csv"), "item_id,title\nfresh,A fresh item\n");
  for (const std::vector<std::string>& command : {
           std::vector<std::string>{"quantize", "--model", "m.float.safetensors", "--interactions", "log.csv", "--out",
                                    "quantized.safetensors", "--head-bits", "4"},
           {"extend", "--model", "quantized.safetensors", "--items", "items.csv", "--out", "extended.safetensors"},
       }) {
    const Finished finished = place.run(command);
    CAPTURE(finished.err);
    REQUIRE(finished.code == 0);
  }
  for (const char* model : {"m.safetensors", "m.float.safetensors", "quantized.safetensors", "extended.safetensors"})
    CHECK(lineage_of(place, model) == "the shop's");
}

TEST_CASE("an imported model can state its lineage") {
  const char* source = std::getenv("SOTTO_SOURCE_DIR");
  REQUIRE(source != nullptr);
  const Workplace place;
  const Finished imported = place.run({"import", std::string(source) + "/tests/convert/fixtures/keras/stacked.keras",
                                       "--out", "m.safetensors", "--lineage", "shop"});
  CAPTURE(imported.err);
  REQUIRE(imported.code == 0);
  CHECK(lineage_of(place, "m.safetensors") == "shop");
}

TEST_CASE("a training that is resumed keeps its lineage") {
  const Workplace place;
  const std::vector<std::string> training = {
      "train",      "--interactions", "log.csv",   "--out", "m.safetensors",   "--epochs", "300",
      "--patience", "1000",           "--threads", "1",     "--embedding-dim", "8",        "--hidden-dim",
      "8"};
  const auto with = [&training](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = training;
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  };
  const ::pid_t child = place.start(with({"--lineage", "shop"}));
  while (!fs::exists(place.path("m.checkpoint"))) {
    REQUIRE(::waitpid(child, nullptr, WNOHANG) == 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  REQUIRE(::kill(child, SIGINT) == 0);
  REQUIRE(place.wait(child).code == 130);
  CHECK(lineage_of(place, "m.safetensors") == "shop");

  const Finished refused = place.run(with({"--resume"}));
  CHECK(refused.code == 1);
  CHECK_THAT(refused.err, ContainsSubstring("the checkpoint is of lineage 'shop' instead of ''; give the options"));
  const Finished resumed = place.run(with({"--resume", "--lineage", "shop"}));
  CAPTURE(resumed.err);
  REQUIRE(resumed.code == 0);
  CHECK(lineage_of(place, "m.safetensors") == "shop");
  CHECK(lineage_of(place, "m.float.safetensors") == "shop");
}
