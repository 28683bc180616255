#include <sotto/convert/keras_model.hpp>
#include <sotto/convert/tfjs_model.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace sotto::convert {
namespace {

// Tells whether "sequential/lstm/lstm_cell/kernel" is the kernel of layer "lstm". The layer's name must be one of the
// steps, and the variable's name the last one.
bool is_variable_of(std::string_view path, std::string_view layer, std::string_view variable) {
  const std::size_t last = path.rfind('/');
  if (last == std::string_view::npos || path.substr(last + 1) != variable) return false;
  const std::string_view owner = path.substr(0, last);
  for (std::size_t found = owner.find(layer); found != std::string_view::npos; found = owner.find(layer, found + 1)) {
    const std::size_t end = found + layer.size();
    if ((found == 0 || owner[found - 1] == '/') && (end == owner.size() || owner[end] == '/')) return true;
  }
  return false;
}

class ShardedWeights : public KerasWeights {
 public:
  explicit ShardedWeights(const TfjsWeights& weights) : weights_(weights) {}

  Result<FloatTensor> load(const KerasLayer& layer, KerasVariable variable, const TensorShape& shape) override {
    const auto where = [&](const Error& error) {
      return Error{error.code, fmt::format("{}, {}: {}", layer.in_words(), variable_name(variable), error.detail)};
    };
    auto names = weights_.names();
    std::erase_if(names,
                  [&](std::string_view name) { return !is_variable_of(name, layer.name, variable_name(variable)); });
    if (names.size() != 1) {
      return where({names.empty() ? ErrorCode::missing : ErrorCode::malformed,
                    fmt::format("{} weights in weightsManifest are called so, expected one", names.size())});
    }
    auto tensor = weights_.load(names.front(), shape);
    if (!tensor) return where(tensor.error());
    return tensor;
  }

 private:
  const TfjsWeights& weights_;
};

// TensorFlow.js writes {class_name, config}. Its converter writes {model_config: {class_name, config}, keras_version,
// …}.
const Json& network_of(const Json& topology) {
  const Json* inner = find_field(topology, "model_config");
  return inner == nullptr ? topology : *inner;
}

}  // namespace

std::vector<std::string> tfjs_shards(std::string_view model_json) {
  std::vector<std::string> shards;
  const Json file = Json::parse(model_json.begin(), model_json.end(), nullptr, false);
  const Json* manifest = find_field(file, "weightsManifest");
  if (manifest == nullptr || !manifest->is_array()) return shards;
  for (const Json& group : *manifest) {
    const Json* paths = find_field(group, "paths");
    if (paths == nullptr || !paths->is_array()) continue;
    for (const Json& path : *paths) {
      if (path.is_string()) shards.push_back(path.get<std::string>());
    }
  }
  return shards;
}

Result<ImportedModel> import_tfjs_model(std::string_view model_json, const ReadShard& read_shard) {
  const Json file = Json::parse(model_json.begin(), model_json.end(), nullptr, false);
  if (!file.is_object()) return Error{ErrorCode::malformed, "model.json is not a valid JSON object"};
  const std::string* format = find_string(file, "format");
  if (format != nullptr && *format != "layers-model") {
    return Error{ErrorCode::unsupported,
                 fmt::format("model.json has format {}; a layers-model is expected: convert the Keras model with "
                             "--output_format=tfjs_layers_model",
                             data::in_quotes(*format))};
  }
  const Json* topology = find_field(file, "modelTopology");
  const Json* manifest = find_field(file, "weightsManifest");
  if (topology == nullptr || manifest == nullptr) {
    return Error{ErrorCode::missing, fmt::format("model.json has no {}: this is not a TensorFlow.js layers model",
                                                 topology == nullptr ? "modelTopology" : "weightsManifest")};
  }
  std::string tool;
  for (const char* field : {"generatedBy", "convertedBy"}) {
    if (const std::string* by = find_string(file, field)) tool += (tool.empty() ? "" : ", ") + *by;
  }
  if (tool.empty()) tool = "TensorFlow.js";
  const auto weights = TfjsWeights::read(*manifest, read_shard);
  if (!weights) return weights.error();
  ShardedWeights sharded(weights.value());
  return import_keras_model(network_of(*topology), std::move(tool), sharded);
}

}  // namespace sotto::convert
