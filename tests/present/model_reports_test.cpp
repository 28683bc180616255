// What is told of models: made by training, made from another model, described from their file, summed up as by Keras.
#include <sotto/model/model_file.hpp>
#include <sotto/present/conversion_report.hpp>
#include <sotto/present/model_description.hpp>
#include <sotto/present/model_summary.hpp>
#include <sotto/present/training_report.hpp>

#include "../support/random_model.hpp"

#include <nlohmann/json.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace sotto;

namespace {

constexpr Architecture architecture{.items = 20, .embedding_dim = 4, .hidden_dim = 8, .layers = 1};

nlohmann::json parsed(const report::Json& document) {
  return nlohmann::json::parse(document.indented_text(), nullptr, false);
}

}  // namespace

TEST_CASE("a training as text and as JSON") {
  present::TrainingReport report;
  report.model_file = "m.safetensors";
  report.model_bytes = 1500;
  report.float_model_file = "m.float.safetensors";
  report.float_model_bytes = 6000;
  report.interrupted = true;
  report.rows.rows = 10;
  report.rows.rows_refused = 1;
  report.architecture = architecture;
  report.training.tool = "sotto 0.1.0";
  report.training.vocabulary = {.max_items = 20, .oov_item = "<oov>"};
  report.training.split.kind = "temporal";
  report.training.split.validation_targets = 5;
  report.training.epochs = 3;
  report.training.validation_ndcg10 = 0.25;
  report.training.seconds = 2;
  report.training.settings = R"({"window": 64})";
  report.peak_memory_bytes = 5'000'000;
  const auto json = parsed(to_json(report));
  CHECK(json["model"] == "m.safetensors");
  CHECK(json["model_bytes"] == 1500);
  CHECK(json["float_model"] == "m.float.safetensors");
  CHECK(json["float_model_bytes"] == 6000);
  CHECK(json["interrupted"] == true);
  CHECK(json["rows"]["refused"] == 1);
  CHECK(json["architecture"]["head"] == "softmax");
  CHECK(json["seconds"] == 2.0);
  CHECK(json["peak_memory_bytes"] == 5'000'000);
  CHECK(json["training"]["vocabulary"] == nlohmann::json{{"max_items", 20}, {"oov_item", "<oov>"}});
  CHECK(json["training"]["settings"]["window"] == 64);
  const std::string text = to_text(report);
  CHECK(text.ends_with("\nvalidation NDCG@10 0.2500 over 5 targets, of the network's best epoch\n"));
  CHECK_FALSE(json.contains("validation"));
  CHECK(text.find("peak memory 5.00 MB\n") != std::string::npos);
  CHECK(text.find("float model: m.float.safetensors (6.0 kB)\n") != std::string::npos);
}

TEST_CASE("quantization, import and export as text and as JSON") {
  const present::QuantizationReport quantized{.model_file = "m",
                                              .model_bytes = 1500,
                                              .float_model_file = "f",
                                              .float_model_bytes = 6000,
                                              .head_bits = 4,
                                              .architecture = architecture};
  CHECK(parsed(to_json(quantized))["head_bits"] == 4);
  CHECK(parsed(to_json(quantized))["float_model_bytes"] == 6000);
  CHECK(to_text(quantized).find("\nfixed-point model: m (1.5 kB), from f (6.0 kB)\n") != std::string::npos);

  const present::ImportReport imported{.model_file = "m",
                                       .model_bytes = 1500,
                                       .source_file = "model.keras",
                                       .format = "keras",
                                       .made_by = "Keras 3",
                                       .architecture = architecture,
                                       .padding_rows = 1,
                                       .notes = {"index 0 is padding"}};
  CHECK(parsed(to_json(imported))["made_by"] == "Keras 3");
  CHECK(parsed(to_json(imported))["padding_rows_left_out"] == 1);
  CHECK(parsed(to_json(imported))["notes"][0] == "index 0 is padding");
  CHECK(to_text(imported).find("\nfloat model: m (1.5 kB), from model.keras (keras, Keras 3)\n") != std::string::npos);

  const present::ExportReport exported{.state_dict_file = "t",
                                       .state_dict_bytes = 6000,
                                       .format = "safetensors-torch",
                                       .model_file = "f",
                                       .architecture = architecture,
                                       .dropped = {"count-expert"}};
  CHECK(parsed(to_json(exported))["state_dict_bytes"] == 6000);
  CHECK(parsed(to_json(exported))["dropped"] == nlohmann::json{"count-expert"});
  CHECK(to_text(exported).find("\nsafetensors-torch: t (6.0 kB), from f\n") != std::string::npos);
}

TEST_CASE("a model file is described by what is in it") {
  const auto file = serialize(test::random_fixed_model(architecture, 1));
  const auto description = present::describe_model(file, 3);
  REQUIRE(description.ok());
  const auto json = parsed(to_json(*description));
  CHECK(json["kind"] == "fixed");
  CHECK(json["file_bytes"] == file.size());
  CHECK(json["fingerprint"].get<std::string>().size() == 16);
  CHECK(json["architecture"]["hidden_dim"] == 8);
  CHECK(json["tensors"].size() > 3);
  for (const auto& tensor : json["tensors"]) {
    CHECK(tensor["shape"].is_array());
    CHECK(tensor["bytes"] > 0);
  }
  CHECK(json["number_formats"]["accumulators"] == "int32");
  CHECK(json["catalogue"]["size"] == 20);
  CHECK(json["catalogue"]["items"].size() == 3);
  CHECK(json["training"].contains("log"));
  CHECK(to_text(*description).find("\ncatalogue: 20 items\n") != std::string::npos);

  const auto of_float = present::describe_model(serialize(test::random_float_model(architecture, 1)), 100);
  REQUIRE(of_float.ok());
  CHECK(parsed(to_json(*of_float))["kind"] == "float");
  CHECK(parsed(to_json(*of_float))["catalogue"]["items"].size() == 20);
  CHECK_FALSE(present::describe_model(std::span(file).first(100), 3).ok());
}

TEST_CASE("layers are listed as Keras lists them") {
  const std::string summary = present::keras_summary(
      {.items = 10'000, .embedding_dim = 16, .hidden_dim = 128, .layers = 2, .head = HeadKind::binary}, 50);
  CHECK(summary.find("embedding (Embedding)           (None, 50, 16)                   160,000\n") !=
        std::string::npos);
  CHECK(summary.find("lstm (LSTM)                     (None, 50, 128)                   74,240\n") !=
        std::string::npos);
  CHECK(summary.find("lstm_1 (LSTM)                   (None, 128)                      131,584\n") !=
        std::string::npos);
  CHECK(summary.find("dense (Dense)                   (None, 1)                            129\n") !=
        std::string::npos);
  CHECK(summary.find("Total params: 365,953 (1429.50 KB)\n") != std::string::npos);
}
