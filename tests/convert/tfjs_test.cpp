// TensorFlow.js's model.json and its shards.
#include "fixtures.hpp"

#include <sotto/base/internal/half_precision.hpp>
#include <sotto/convert/import.hpp>
#include <sotto/convert/tfjs_model.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

using namespace sotto;
using Catch::Matchers::ContainsSubstring;

namespace {

using Json = nlohmann::json;

// The stacked fixture with model.json or the shards changed; the error's text.
std::string refusal(const std::function<void(Json&)>& change, std::ptrdiff_t shard_growth = 0) {
  Json model = test::fixture_json("tfjs/stacked/model.json");
  change(model);
  const auto imported = convert::import_tfjs_model(model.dump(), [&](const std::string& path) {
    auto bytes = test::fixture_bytes("tfjs/stacked/" + path);
    if (path == "group1-shard2of2.bin") bytes.resize(static_cast<std::size_t>(std::ssize(bytes) + shard_growth));
    return Result<std::vector<std::byte>>(std::move(bytes));
  });
  REQUIRE_FALSE(imported.ok());
  return imported.error().detail;
}

Json& weight(Json& model, std::size_t index) { return model["weightsManifest"][0]["weights"][index]; }

}  // namespace

TEST_CASE("imported TensorFlow.js models say what TensorFlow.js says") {
  const std::string name = GENERATE("softmax", "stacked", "binary", "uint8", "uint16", "float16");
  CAPTURE(name);
  const auto file = convert::import_file(test::fixture("tfjs/" + name), {});
  REQUIRE(file.ok());
  CHECK(file.value().format == convert::SourceFormat::tfjs);
  const convert::ImportedModel& imported = file.value().imported;
  CHECK(test::largest_difference(imported.model, test::fixture_json("tfjs/" + name + ".json")) < 1e-5);
  CHECK(imported.model.info.training.tool == "TensorFlow.js tfjs-layers v4.22.0");
  CHECK((imported.model.info.architecture.head == HeadKind::binary) == (name == "binary"));
  CHECK(imported.padding_rows == (name == "binary" ? 1U : 0U));
  // The file itself means the same as its folder.
  CHECK(convert::import_file(test::fixture("tfjs/" + name) / "model.json", {}).ok());
}

TEST_CASE("a Keras model that TensorFlow.js's converter converted says what Keras says") {
  const auto file = convert::import_file(test::fixture("tfjs/converted"), {});
  REQUIRE(file.ok());
  const FloatModel& model = file.value().imported.model;
  CHECK(test::largest_difference(model, test::fixture_json("keras/stacked.json")) < 1e-5);
  CHECK(model.info.training.tool == "keras v3.15.1, TensorFlow.js Converter v4.22.0");
}

TEST_CASE("shards outside the folder of model.json are refused") {
  const std::string path = GENERATE("../secret.bin", "/etc/passwd", "a/../../secret.bin", "..", "C:\\secret.bin",
                                    "https://example.org/w.bin", "a\\..\\..\\secret", "");
  CAPTURE(path);
  CHECK_THAT(refusal([&](Json& m) { m["weightsManifest"][0]["paths"][1] = path; }),
             ContainsSubstring("leads out of the folder"));
}

TEST_CASE("a TensorFlow.js model whose parts do not fit is refused") {
  CHECK_THAT(refusal([](Json&) {}, -1),
             ContainsSubstring("weight 'dense_Dense2/bias' of shape [20] needs 80 bytes from"));
  CHECK_THAT(refusal([](Json&) {}, 1), ContainsSubstring("bytes, the weights in them"));
  CHECK_THAT(refusal([](Json& m) { weight(m, 0)["shape"] = {20, 1ULL << 62}; }), ContainsSubstring("size overflows"));
  CHECK_THAT(refusal([](Json& m) { weight(m, 0)["shape"] = {20, 1ULL << 40}; }), ContainsSubstring("have only"));
  CHECK_THAT(refusal([](Json& m) { weight(m, 0)["shape"] = {20, -5}; }), ContainsSubstring("not a whole number"));
  CHECK_THAT(
      refusal([](Json& m) { weight(m, 0)["shape"] = {5, 20}; }),
      ContainsSubstring("embeddings: weight 'embedding_Embedding2/embeddings' has shape [5, 20], expected [20, 5]"));
  CHECK_THAT(refusal([](Json& m) { weight(m, 0)["dtype"] = "int32"; }), ContainsSubstring("expected float32"));
  CHECK_THAT(refusal([](Json& m) { weight(m, 0)["dtype"] = "string"; }), ContainsSubstring("has dtype 'string'"));
  CHECK_THAT(refusal([](Json& m) { weight(m, 0)["name"] = "other"; }),
             ContainsSubstring("layer 'embedding_Embedding2' ('Embedding'), embeddings: 0 weights"));
  CHECK_THAT(refusal([](Json& m) { weight(m, 1)["name"] = weight(m, 2)["name"]; }),
             ContainsSubstring("is there twice"));
  CHECK_THAT(refusal([](Json& m) { weight(m, 0)["quantization"] = {{"dtype", "uint8"}, {"scale", 1}}; }),
             ContainsSubstring("no number 'min'"));
  CHECK_THAT(refusal([](Json& m) { weight(m, 0)["quantization"] = {{"dtype", "uint4"}}; }),
             ContainsSubstring("uint8, uint16 or float16 is expected"));
  CHECK_THAT(refusal([](Json& m) { m["format"] = "graph-model"; }), ContainsSubstring("a layers-model is expected"));
  CHECK_THAT(refusal([](Json& m) { m.erase("weightsManifest"); }), ContainsSubstring("no weightsManifest"));
  CHECK_THAT(refusal([](Json& m) { m["modelTopology"] = nullptr; }), ContainsSubstring("no modelTopology"));
  CHECK_THAT(refusal([](Json& m) { m["weightsManifest"] = 7; }), ContainsSubstring("not a list"));
}

TEST_CASE("a missing shard is named") {
  const auto missing = convert::import_tfjs_model(test::fixture_json("tfjs/stacked/model.json").dump(),
                                                  [](const std::string& path) -> Result<std::vector<std::byte>> {
                                                    return data::read_file(test::fixture("tfjs/no-such-folder") / path);
                                                  });
  REQUIRE_FALSE(missing.ok());
  CHECK_THAT(missing.error().detail, ContainsSubstring("group1-shard1of2.bin"));
}

TEST_CASE("half precision is widened exactly") {
  using sotto::half_to_float;
  CHECK(half_to_float(0x3C00) == 1.0F);
  CHECK(half_to_float(0xC000) == -2.0F);
  CHECK(half_to_float(0x7BFF) == 65504.0F);
  CHECK(half_to_float(0x0400) == std::ldexp(1.0F, -14));  // the smallest normal one
  CHECK(half_to_float(0x0001) == std::ldexp(1.0F, -24));  // the smallest of all
  CHECK(std::signbit(half_to_float(0x8000)));
  CHECK(std::isinf(half_to_float(0x7C00)));
  CHECK(std::isnan(half_to_float(0x7C01)));
  CHECK(sotto::bfloat16_to_float(0x3F80) == 1.0F);
  CHECK(sotto::bfloat16_to_float(0xC2F7) == -123.5F);
}
