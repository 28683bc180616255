// PyTorch state dicts in and out.
#include "../support/random_model.hpp"
#include "fixtures.hpp"

#include <sotto/convert/import.hpp>
#include <sotto/convert/torch_export.hpp>
#include <sotto/convert/torch_state_dict.hpp>
#include <sotto/model/internal/safetensors.hpp>
#include <sotto/model/model_file.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace sotto;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Tensor {
  TensorShape shape;
  std::vector<float> values;
};
using StateDict = std::map<std::string, Tensor>;

Tensor filled(std::uint64_t rows, std::uint64_t cols, float value) {
  return {{rows, cols}, std::vector<float>(rows * cols, value)};
}

// Embedding [5 × 3], LSTM of 2 units, Linear [5 × 2].
StateDict small() {
  return {{"e.weight", filled(5, 3, 0.1F)},
          {"r.weight_ih_l0", filled(8, 3, 0.2F)},
          {"r.weight_hh_l0", filled(8, 2, 0.3F)},
          {"r.bias_ih_l0", {{8}, std::vector<float>(8, 0.25F)}},
          {"r.bias_hh_l0", {{8}, std::vector<float>(8, 0.5F)}},
          {"h.weight", filled(5, 2, 0.4F)},
          {"h.bias", {{5}, std::vector<float>(5, 0.5F)}}};
}

Result<convert::ImportedModel> import(const StateDict& dict, const convert::TorchModules& modules = {}) {
  std::vector<NamedTensor> tensors;
  for (const auto& [name, tensor] : dict) {
    tensors.push_back({name, {TensorType::f32, tensor.shape, std::as_bytes(std::span(tensor.values))}});
  }
  return convert::import_torch_state_dict(write_safetensors({}, tensors), modules);
}

std::string refusal(const std::function<void(StateDict&)>& change, const convert::TorchModules& modules = {}) {
  StateDict dict = small();
  change(dict);
  const auto imported = import(dict, modules);
  REQUIRE_FALSE(imported.ok());
  return imported.error().detail;
}

}  // namespace

TEST_CASE("imported PyTorch models say what PyTorch says") {
  const std::string name =
      GENERATE("softmax", "stacked", "no_bias", "double", "half", "bfloat16", "binary", "tied", "two_models");
  CAPTURE(name);
  convert::ImportOptions options;
  if (name == "two_models") options.torch = {"b.embedding", "b.lstm", "b.linear.weight"};
  const auto file = convert::import_file(test::fixture("torch/" + name + ".safetensors"), options);
  REQUIRE(file.ok());
  CHECK(file.value().format == convert::SourceFormat::torch);
  const convert::ImportedModel& imported = file.value().imported;
  CHECK(test::largest_difference(imported.model, test::fixture_json("torch/" + name + ".json")) < 1e-5);
  CHECK(imported.model.info.architecture.tied_head == (name == "tied"));
  CHECK((imported.model.info.architecture.head == HeadKind::binary) == (name == "binary"));
  CHECK(imported.model.info.architecture.layers == (name == "stacked" ? 2U : 1U));
  CHECK(imported.notes.size() == (name == "double" || name == "binary" || name == "two_models" ? 1U : 0U));
}

TEST_CASE("PyTorch's LSTMs that Sotto cannot be are refused") {
  const auto [name, complaint] = GENERATE(table<std::string, std::string>({
      {"bidirectional", "LSTM 'lstm' is bidirectional"},
      {"projection", "LSTM 'lstm' projects its hidden state"},
  }));
  const auto file = convert::import_file(test::fixture("refused/torch_" + name + ".safetensors"), {});
  REQUIRE_FALSE(file.ok());
  CHECK_THAT(file.error().detail, ContainsSubstring(complaint));
  CHECK_THAT(file.error().detail, ContainsSubstring("torch_" + name + ".safetensors: "));
}

TEST_CASE("PyTorch's other recurrent layers are called what they are") {
  CHECK_THAT(refusal([](StateDict& d) {
               d["r.weight_ih_l0"] = filled(6, 3, 0.2F);
               d["r.weight_hh_l0"] = filled(6, 2, 0.2F);
             }),
             ContainsSubstring("module 'r' is a GRU (three rows for each hidden unit); train an LSTM"));
  CHECK_THAT(refusal([](StateDict& d) {
               d["r.weight_ih_l0"] = filled(2, 3, 0.2F);
               d["r.weight_hh_l0"] = filled(2, 2, 0.2F);
             }),
             ContainsSubstring("module 'r' is a plain RNN"));
  // With the linear layer that such an LSTM has, which is wider than the hidden state.
  CHECK_THAT(refusal([](StateDict& d) {
               d["r.weight_ih_l0_reverse"] = filled(8, 3, 0.2F);
               d["h.weight"] = filled(5, 4, 0.2F);
             }),
             ContainsSubstring("LSTM 'r' is bidirectional"));
}

TEST_CASE("the two biases of PyTorch's gates are added") {
  const auto imported = import(small());
  REQUIRE(imported.ok());
  CHECK(imported.value().model.weights.lstm[0].bias == std::vector<float>(8, 0.75F));
}

TEST_CASE("modules that could be meant in two ways must be named") {
  CHECK_THAT(refusal([](StateDict& d) { d["e2.weight"] = filled(7, 3, 1); }),
             ContainsSubstring("the Embedding could be any of 'e', 'e2': name the one to take with --embedding"));
  CHECK_THAT(refusal([](StateDict& d) { d["h2.weight"] = filled(5, 2, 1); }),
             ContainsSubstring("the Linear could be any of 'h', 'h2'"));
  CHECK_THAT(refusal([](StateDict& d) { d["r2.weight_ih_l0"] = filled(8, 3, 1); }),
             ContainsSubstring("the LSTM could be any of 'r', 'r2'"));
  CHECK_THAT(refusal([](StateDict&) {}, {"x", "", ""}), ContainsSubstring("--embedding 'x': there is no such module"));
  CHECK_THAT(refusal([](StateDict&) {}, {"", "x", ""}), ContainsSubstring("--lstm 'x': there is no such module"));

  // Embedding and Linear of one width without a bias are alike.
  StateDict square = small();
  square["r.weight_ih_l0"] = filled(8, 2, 0.2F);
  square["e.weight"] = filled(5, 2, 0.1F);
  square.erase("h.bias");
  const auto alike = import(square);
  REQUIRE_FALSE(alike.ok());
  CHECK_THAT(alike.error().detail, ContainsSubstring("the Embedding could be any of 'e', 'h'"));
  CHECK(import(square, {"e", "", ""}).ok());
  CHECK(import(square, {"", "", "h"}).ok());
  square.erase("h.weight");
  const auto tied = import(square, {"e", "r", "e"});
  REQUIRE(tied.ok());
  CHECK(tied.value().model.info.architecture.tied_head);
}

TEST_CASE("a tensor of an unknown layer is not passed over unasked") {
  const auto add_norm = [](StateDict& d) { d["norm.weight"] = {{2}, {1, 1}}; };
  CHECK_THAT(refusal(add_norm), ContainsSubstring("tensor 'norm.weight' belongs to neither"));
  StateDict dict = small();
  add_norm(dict);
  const auto imported = import(dict, {"e", "r", "h"});
  REQUIRE(imported.ok());
  CHECK_THAT(imported.value().notes.front(), ContainsSubstring("passed over 1 tensors"));
}

TEST_CASE("a state dict whose shapes do not fit is refused") {
  CHECK_THAT(refusal([](StateDict& d) { d.erase("r.weight_hh_l0"); }),
             ContainsSubstring("'r.weight_hh_l0' is missing"));
  CHECK_THAT(refusal([](StateDict& d) { d.erase("r.bias_hh_l0"); }), ContainsSubstring("'r.bias_hh_l0' is missing"));
  CHECK_THAT(refusal([](StateDict& d) { d.erase("e.weight"); }), ContainsSubstring("no Embedding"));
  CHECK_THAT(refusal([](StateDict& d) { d.erase("h.weight"); }), ContainsSubstring("no Linear"));
  CHECK_THAT(refusal([](StateDict& d) { d.erase("r.weight_ih_l0"); }), ContainsSubstring("no LSTM"));
  CHECK_THAT(refusal([](StateDict& d) { d["r.weight_ih_l0"] = filled(7, 3, 1); }), ContainsSubstring("four rows"));
  CHECK_THAT(refusal([](StateDict& d) { d["r.weight_hh_l0"] = filled(8, 3, 1); }), ContainsSubstring("expected"));
  CHECK_THAT(refusal([](StateDict& d) { d["h.weight"] = filled(4, 2, 1); }),
             ContainsSubstring("tensor 'h.weight' has 4 rows, expected 5"));
  CHECK_THAT(refusal([](StateDict& d) { d["h.bias"] = {{4}, std::vector<float>(4)}; }),
             ContainsSubstring("the head's bias has 4 values, expected 5"));
  CHECK_THAT(refusal([](StateDict& d) { d["e.weight"].values[4] = std::numeric_limits<float>::infinity(); }),
             ContainsSubstring("the embedding has inf at row 1, column 1"));
  CHECK_THAT(refusal([](StateDict& d) {
               d["r.weight_ih_l1"] = filled(12, 2, 1);
               d["r.weight_hh_l1"] = filled(12, 3, 1);
             }),
             ContainsSubstring("LSTM layer 1"));
}

TEST_CASE("a Sotto model is not imported") {
  const auto bytes =
      serialize(test::random_float_model({.items = 5, .embedding_dim = 3, .hidden_dim = 2, .layers = 1}, 1));
  const auto imported = convert::import_torch_state_dict(bytes, {});
  REQUIRE_FALSE(imported.ok());
  CHECK_THAT(imported.error().detail, ContainsSubstring("a Sotto model already"));
}

TEST_CASE("an exported model comes back as it was") {
  const bool tied = GENERATE(false, true);
  const HeadKind head = GENERATE(HeadKind::softmax, HeadKind::binary);
  if (tied && head == HeadKind::binary) return;
  const Architecture architecture{
      .items = 7, .embedding_dim = tied ? 4U : 3U, .hidden_dim = 4, .layers = 2, .tied_head = tied, .head = head};
  const FloatModel model = test::random_float_model(architecture, 3);
  const auto exported = convert::export_torch_state_dict(model, {});
  REQUIRE(exported.ok());
  const auto imported = convert::import_torch_state_dict(exported.value(), {});
  REQUIRE(imported.ok());
  const FloatModel& again = imported.value().model;
  CHECK(again.info.architecture == architecture);
  CHECK(again.weights.embedding.values == model.weights.embedding.values);
  CHECK(again.weights.lstm[1].input_weights.values == model.weights.lstm[1].input_weights.values);
  CHECK(again.weights.lstm[1].hidden_weights.values == model.weights.lstm[1].hidden_weights.values);
  CHECK(again.weights.lstm[1].bias == model.weights.lstm[1].bias);
  CHECK(again.weights.head.values == model.weights.head.values);
  CHECK(again.weights.head_bias == model.weights.head_bias);
}

TEST_CASE("what PyTorch's modules cannot hold is not exported") {
  const auto refused = [](const Architecture& architecture, const convert::DroppedParts& dropped) {
    const auto exported = convert::export_torch_state_dict(test::random_float_model(architecture, 1), dropped);
    REQUIRE_FALSE(exported.ok());
    return exported.error().detail;
  };
  Architecture a{.items = 7, .embedding_dim = 3, .hidden_dim = 4, .layers = 1};
  a.skip_connection = true;
  CHECK_THAT(refused(a, {true, true}), ContainsSubstring("has a skip connection"));
  a.skip_connection = false;
  a.history_term = true;
  CHECK_THAT(refused(a, {}), ContainsSubstring("--drop history-term"));
  a.count_expert = true;
  CHECK_THAT(refused(a, {.history_term = true}), ContainsSubstring("--drop count-expert"));
  CHECK(convert::export_torch_state_dict(test::random_float_model(a, 1), {true, true}).ok());
}
