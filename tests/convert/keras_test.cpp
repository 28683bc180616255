// Keras's two containers, and which networks are refused.
#include "../data/temporary_folder.hpp"
#include "fixtures.hpp"

#include <sotto/convert/import.hpp>
#include <sotto/convert/keras_archive.hpp>
#include <sotto/convert/keras_h5.hpp>
#include <sotto/convert/keras_network.hpp>
#include <sotto/convert/zip_archive.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <zip.h>

#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

using namespace sotto;
using Catch::Matchers::ContainsSubstring;

namespace {

using Files = std::vector<std::pair<std::string, std::vector<std::byte>>>;

std::vector<std::byte> bytes_of(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

// The files of a .keras archive, so that a test can change one of them.
Files unzip(const std::string& name) {
  const auto bytes = test::fixture_bytes(name);
  const auto archive = convert::ZipArchive::open(bytes);
  REQUIRE(archive.ok());
  Files files;
  for (const char* file : {"metadata.json", "config.json", "model.weights.h5"}) {
    files.emplace_back(file, archive.value().read(file).value());
  }
  return files;
}

std::vector<std::byte> archive_of(const Files& files) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "model.keras";
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE, nullptr);
  REQUIRE(archive != nullptr);
  for (const auto& [name, bytes] : files) {
    zip_source_t* source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    REQUIRE(zip_file_add(archive, name.c_str(), source, 0) >= 0);
  }
  REQUIRE(zip_close(archive) == 0);
  return data::read_file(path).value();
}

// The softmax fixture with its configuration changed.
Result<convert::ImportedModel> import_with(const std::function<void(nlohmann::json&)>& change) {
  Files files = unzip("keras/softmax.keras");
  auto config = test::fixture_json("keras/softmax.json");
  const auto& text = files[1].second;
  config = nlohmann::json::parse(reinterpret_cast<const char*>(text.data()),
                                 reinterpret_cast<const char*>(text.data()) + text.size(), nullptr, false);
  change(config);
  files[1].second = bytes_of(config.dump());
  return convert::import_keras_archive(archive_of(files));
}

nlohmann::json& layer_config(nlohmann::json& model, std::size_t layer) {
  return model["config"]["layers"][layer]["config"];  // 1 is the embedding, 2 the LSTM, 3 the dense layer
}

}  // namespace

TEST_CASE("imported Keras models say what Keras says") {
  const std::string name = GENERATE("softmax", "stacked", "binary", "masked", "per_step", "keras2_stacked",
                                    "keras2_masked", "keras2_per_step");
  const std::string suffix = GENERATE(".keras", ".h5");
  CAPTURE(name, suffix);
  const auto file = convert::import_file(test::fixture("keras/" + name + suffix), {});
  REQUIRE(file.ok());
  CHECK(file.value().format == (suffix == ".h5" ? convert::SourceFormat::keras_h5 : convert::SourceFormat::keras));
  const convert::ImportedModel& imported = file.value().imported;
  CHECK(test::largest_difference(imported.model, test::fixture_json("keras/" + name + ".json")) < 1e-5);

  const Architecture& a = imported.model.info.architecture;
  const bool stacked = name.ends_with("stacked");
  const bool padded = name.ends_with("masked") || name == "binary";
  CHECK(a.items == (padded ? 19U : 20U));
  CHECK(a.embedding_dim == (stacked ? 5U : 4U));
  CHECK(a.hidden_dim == 6);
  CHECK(a.layers == (stacked ? 2U : 1U));
  CHECK_FALSE(a.tied_head);
  CHECK((a.head == HeadKind::binary) == (name == "binary"));
  CHECK(imported.padding_rows == (padded ? 1U : 0U));
  CHECK(imported.notes.size() == (padded ? 1U : 0U));
  CHECK(imported.model.info.catalogue.item_ids.front() == (padded ? "1" : "0"));
  CHECK(imported.model.info.catalogue.item_ids.back() == "19");
  CHECK(imported.model.info.training.tool == (name.starts_with("keras2") ? "Keras 2.21.0" : "Keras 3.15.1"));
}

TEST_CASE("both containers of one Keras model give the same weights") {
  const auto archive = convert::import_keras_archive(test::fixture_bytes("keras/stacked.keras"));
  const auto h5 = convert::import_keras_h5(test::fixture_bytes("keras/stacked.h5"));
  REQUIRE(archive.ok());
  REQUIRE(h5.ok());
  const FloatWeights& a = archive.value().model.weights;
  const FloatWeights& b = h5.value().model.weights;
  CHECK(a.embedding.values == b.embedding.values);
  CHECK(a.head.values == b.head.values);
  CHECK(a.lstm[1].hidden_weights.values == b.lstm[1].hidden_weights.values);
  CHECK(a.lstm[1].bias == std::vector<float>(24));  // use_bias=False
}

TEST_CASE("Keras networks that Sotto cannot be are refused by the layer's name") {
  const auto [name, complaint] = GENERATE(table<std::string, std::string>({
      {"gru", "layer 'gru' ('GRU') stands where an LSTM is expected"},
      {"gru", "Sotto computes LSTM cells only: train the model with LSTM in its place"},
      {"bidirectional", "it reads sequences from their end as well, which cannot be done event by event"},
      {"bidirectional", "layer 'bidirectional' ('Bidirectional') stands where an LSTM"},
      {"convolution", "layer 'conv1d' ('Conv1D') stands where an LSTM is expected"},
      {"hard_sigmoid", "has recurrent_activation = 'hard_sigmoid'; Sotto computes 'sigmoid' only"},
      {"tfjs_hard_sigmoid", "has recurrent_activation = 'hard_sigmoid'"},
      {"relu", "has activation = 'relu'; Sotto computes 'tanh' only"},
      {"go_backwards", "has go_backwards = true"},
      {"two_sizes", "has 7 units, the LSTM before it 6"},
      {"hidden_dense", "('Dense') comes after the Dense that should be the last layer"},
      {"few_outputs", "has 7 units, expected 20, one for each row of layer 'embedding"},
      {"sigmoid_outputs", "has activation 'sigmoid'; Sotto's scores are logits"},
      {"no_embedding", "('LSTM') stands where an Embedding is expected"},
      {"two_inputs", "more than one input"},
      {"side_branch", "('Add') does not have exactly one input"},
  }));
  CAPTURE(name);
  const auto model = test::fixture_json("refused/" + name + ".json");
  const auto network = convert::read_keras_network(model);
  REQUIRE_FALSE(network.ok());
  CHECK_THAT(network.error().detail, ContainsSubstring(complaint));
}

TEST_CASE("a softmax over another axis than the items' is refused, and a fixed length without a mask is noted") {
  using Json = nlohmann::json;
  const auto layer = [](const char* class_name, const char* name, Json config) {
    config["name"] = name;
    return Json{{"class_name", class_name}, {"config", config}};
  };
  const auto model = [&](bool sequences, const Json& axis, bool mask, const Json& length) {
    return Json{{"class_name", "Sequential"},
                {"config",
                 {{"layers",
                   {layer("InputLayer", "input", {{"batch_shape", {nullptr, length}}}),
                    layer("Embedding", "embedding", {{"input_dim", 20U}, {"output_dim", 4U}, {"mask_zero", mask}}),
                    layer("LSTM", "lstm",
                          {{"units", 6U},
                           {"activation", "tanh"},
                           {"recurrent_activation", "sigmoid"},
                           {"return_sequences", sequences}}),
                    layer("Dense", "dense", {{"units", 20U}, {"activation", "linear"}}),
                    layer("Softmax", "softmax", {{"axis", axis}})}}}}};
  };
  for (const bool sequences : {false, true}) {
    CAPTURE(sequences);
    CHECK(convert::read_keras_network(model(sequences, -1, false, nullptr)).ok());
    CHECK(convert::read_keras_network(model(sequences, sequences ? 2 : 1, false, nullptr)).ok());
    const auto refused = convert::read_keras_network(model(sequences, sequences ? 1 : 0, false, nullptr));
    REQUIRE_FALSE(refused.ok());
    CHECK_THAT(refused.error().detail, ContainsSubstring("layer 'softmax' ('Softmax') has axis = "));
  }
  const auto notes = [&](bool mask, const Json& length) {
    const auto network = convert::read_keras_network(model(false, -1, mask, length));
    REQUIRE(network.ok());
    return network.value().notes;
  };
  CHECK(notes(true, 50U).empty());
  CHECK(notes(false, nullptr).empty());
  REQUIRE(notes(false, 50U).size() == 1);
  CHECK_THAT(notes(false, 50U).front(), ContainsSubstring("fixes the length of sequences to 50, and no layer masks"));
}

TEST_CASE("a Keras configuration that contradicts itself or the weights is refused") {
  using Json = nlohmann::json;
  const auto refusal = [](const std::function<void(Json&)>& change) {
    const auto imported = import_with(change);
    REQUIRE_FALSE(imported.ok());
    return imported.error().detail;
  };
  CHECK(import_with([](Json&) {}).ok());
  CHECK_THAT(refusal([](Json& m) { layer_config(m, 1)["output_dim"] = 5; }),
             ContainsSubstring("layer 'embedding' ('Embedding'), embeddings: in model.weights.h5, dataset "
                               "'/layers/embedding/vars/0' has shape [20, 4], expected [20, 5]"));
  CHECK_THAT(refusal([](Json& m) { layer_config(m, 1)["input_dim"] = 1ULL << 40; }),
             ContainsSubstring("input_dim = '1099511627776', expected a whole number of 1 … 16777216"));
  CHECK_THAT(refusal([](Json& m) { layer_config(m, 2)["units"] = -6; }), ContainsSubstring("units = '-6'"));
  CHECK_THAT(refusal([](Json& m) { layer_config(m, 2)["units"] = 7; }), ContainsSubstring("expected [4, 28]"));
  CHECK_THAT(refusal([](Json& m) { layer_config(m, 2)["use_bias"] = "yes"; }),
             ContainsSubstring("use_bias = '\"yes\"'"));
  CHECK_THAT(refusal([](Json& m) { layer_config(m, 2)["return_state"] = true; }), ContainsSubstring("return_state"));
  CHECK_THAT(refusal([](Json& m) { layer_config(m, 2)["activation"] = {{"class_name", "function"}}; }),
             ContainsSubstring("which is not one of Keras's own"));
  CHECK_THAT(refusal([](Json& m) { layer_config(m, 2)["name"] = "other"; }),
             ContainsSubstring("are those of layer 'lstm"));
  CHECK_THAT(refusal([](Json& m) { m["config"]["layers"][2]["module"] = "my.layers"; }),
             ContainsSubstring("is a class of 'my.layers', not one of Keras's"));
  CHECK_THAT(refusal([](Json& m) { m["config"]["layers"].push_back(m["config"]["layers"][3]); }),
             ContainsSubstring("comes after the Dense"));
  CHECK_THAT(refusal([](Json& m) { m["config"]["layers"].erase(3); }),
             ContainsSubstring("the model ends where a Dense is expected"));
  CHECK_THAT(refusal([](Json& m) { m["class_name"] = "MyModel"; }), ContainsSubstring("the model is a 'MyModel'"));
  CHECK_THAT(refusal([](Json& m) { m = Json::array(); }), ContainsSubstring("not a Keras model"));
}

TEST_CASE("a .keras file that is cut off, incomplete or damaged is refused") {
  const auto refusal = [](const std::vector<std::byte>& file) {
    const auto imported = convert::import_keras_archive(file);
    REQUIRE_FALSE(imported.ok());
    return imported.error().detail;
  };
  auto whole = test::fixture_bytes("keras/softmax.keras");
  for (std::size_t size = 0; size < whole.size(); size += 101) {
    CHECK_THAT(refusal({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}),
               ContainsSubstring("ZIP archive"));
  }
  const Files files = unzip("keras/softmax.keras");
  CHECK_THAT(refusal(archive_of({files[0], files[1]})), ContainsSubstring("no file 'model.weights.h5'"));
  CHECK_THAT(refusal(archive_of({files[0], files[2]})), ContainsSubstring("has no config.json"));
  CHECK_THAT(refusal(archive_of({files[0], {"config.json", bytes_of("{")}, files[2]})), ContainsSubstring("not JSON"));
  const std::vector<std::byte> cut(files[2].second.begin(), files[2].second.begin() + 5000);
  CHECK_THAT(refusal(archive_of({files[0], files[1], {"model.weights.h5", cut}})),
             ContainsSubstring("the HDF5 file cannot be read, it is cut off"));
  // Stored uncompressed, so that a changed byte of the weights must be caught by the archive's checksum.
  whole[whole.size() / 2] ^= std::byte{1};
  CHECK_THAT(refusal(whole), ContainsSubstring("is damaged"));
  // 64 MB of zeros in some kilobytes.
  CHECK_THAT(
      refusal(archive_of({files[0], files[1], {"model.weights.h5", std::vector<std::byte>(std::size_t{64} << 20)}})),
      ContainsSubstring("claims 67108864 bytes from"));
}

TEST_CASE("a Keras .h5 file that is cut off or of another kind is refused") {
  const auto whole = test::fixture_bytes("keras/softmax.h5");
  for (std::size_t size = 0; size < whole.size(); size += 499) {
    const auto imported = convert::import_keras_h5(std::span(whole).first(size));
    REQUIRE_FALSE(imported.ok());
    CHECK_THAT(imported.error().detail, ContainsSubstring("HDF5 file"));
  }
  const auto weights_alone = convert::import_keras_h5(unzip("keras/softmax.keras")[2].second);
  REQUIRE_FALSE(weights_alone.ok());
  CHECK_THAT(weights_alone.error().detail, ContainsSubstring("no attribute 'model_config'"));
}

TEST_CASE("weights that are not simply in the .h5 file are refused") {
  const auto [name, complaint] = GENERATE(table<std::string, std::string>({
      {"compressed", "is compressed, incomplete or stored outside the file"},
      {"external_data", "is compressed, incomplete or stored outside the file"},
      {"external_link", "0 datasets of that name"},
      {"soft_link", "0 datasets of that name"},
  }));
  const auto imported = convert::import_keras_h5(test::fixture_bytes("refused/" + name + ".h5"));
  REQUIRE_FALSE(imported.ok());
  CHECK_THAT(imported.error().detail, ContainsSubstring("('Dense'), kernel: "));
  CHECK_THAT(imported.error().detail, ContainsSubstring(complaint));
}
