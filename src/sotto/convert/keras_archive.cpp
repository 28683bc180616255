#include <sotto/convert/hdf5_file.hpp>
#include <sotto/convert/keras_archive.hpp>
#include <sotto/convert/keras_model.hpp>
#include <sotto/convert/zip_archive.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace sotto::convert {
namespace {

constexpr const char* config_name = "config.json";
constexpr const char* metadata_name = "metadata.json";
constexpr const char* weights_name = "model.weights.h5";

// model.weights.h5 addresses a layer by its class and place, not by its name: layers/lstm, layers/lstm_1. Variables
// have numbers. Those of an LSTM are within its cell. Those of a TimeDistributed are within the layer that it wraps.
class ArchiveWeights : public KerasWeights {
 public:
  explicit ArchiveWeights(const Hdf5File& file) : file_(file) {}

  Result<FloatTensor> load(const KerasLayer& layer, KerasVariable variable, const TensorShape& shape) override {
    const bool is_lstm = layer.class_name == "LSTM";
    const std::string group = group_of(layer);
    const std::string named = "/" + group + "/vars";
    if (file_.has_attribute(named, "name")) {
      auto name = file_.text_attribute(named, "name");
      if (!name) return in_layer(layer, variable, name.error());
      if (*name != layer.name) {
        return in_layer(layer, variable,
                        {ErrorCode::mismatch,
                         fmt::format("the weights in '{}' are those of layer {}", group, data::in_quotes(*name))});
      }
    }
    const char* owner = is_lstm ? "/cell" : layer.class_name == "TimeDistributed" ? "/layer" : "";
    const std::string path = fmt::format("/{}{}/vars/{}", group, owner, place(is_lstm, variable));
    auto tensor = file_.floats(path, shape);
    if (!tensor) return in_layer(layer, variable, tensor.error());
    return tensor;
  }

 private:
  // LSTM becomes lstm, and TimeDistributed becomes time_distributed.
  static std::string group_of(const KerasLayer& layer) {
    std::string name;
    bool after_lower = false;
    for (const char c : layer.class_name) {
      const bool upper = c >= 'A' && c <= 'Z';
      if (upper && after_lower) name += '_';
      name += upper ? static_cast<char>(c - 'A' + 'a') : c;
      after_lower = c >= 'a' && c <= 'z';
    }
    return layer.occurrence == 0 ? "layers/" + name : fmt::format("layers/{}_{}", name, layer.occurrence);
  }

  static int place(bool is_lstm, KerasVariable variable) {
    switch (variable) {
      case KerasVariable::embeddings:
      case KerasVariable::kernel: return 0;
      case KerasVariable::recurrent_kernel: return 1;
      case KerasVariable::bias: return is_lstm ? 2 : 1;
    }
    return 0;
  }

  static Error in_layer(const KerasLayer& layer, KerasVariable variable, const Error& error) {
    return {error.code,
            fmt::format("{}, {}: in {}, {}", layer.in_words(), variable_name(variable), weights_name, error.detail)};
  }

  const Hdf5File& file_;
};

Result<Json> read_json(const ZipArchive& archive, const char* name) {
  auto bytes = archive.read(name);
  if (!bytes) return std::move(bytes).error();
  const auto* text = reinterpret_cast<const char*>(bytes->data());
  Json json = Json::parse(text, text + bytes->size(), nullptr, false);
  if (json.is_discarded()) return Error{ErrorCode::malformed, fmt::format("{} in the archive is not JSON", name)};
  return json;
}

}  // namespace

Result<ImportedModel> import_keras_archive(std::span<const std::byte> file) {
  auto archive = ZipArchive::open(file);
  if (!archive) return std::move(archive).error();
  if (!archive->contains(config_name)) {
    return Error{ErrorCode::unsupported,
                 fmt::format("the ZIP archive has no {}, so it is not a .keras file; of a PyTorch model save the state "
                             "dict with safetensors.torch.save_file",
                             config_name)};
  }
  const auto config = read_json(*archive, config_name);
  if (!config) return config.error();
  std::string tool = "Keras";
  if (archive->contains(metadata_name)) {
    const auto metadata = read_json(*archive, metadata_name);
    if (!metadata) return metadata.error();
    if (const std::string* version = find_string(*metadata, "keras_version")) tool += " " + *version;
  }
  auto weights_bytes = archive->read(weights_name);
  if (!weights_bytes) return std::move(weights_bytes).error();
  auto weights_file = Hdf5File::open(*weights_bytes);
  if (!weights_file) {
    return Error{weights_file.error().code, fmt::format("{}: {}", weights_name, weights_file.error().detail)};
  }
  *weights_bytes = {};  // HDF5 has a copy
  ArchiveWeights weights(*weights_file);
  return import_keras_model(*config, std::move(tool), weights);
}

}  // namespace sotto::convert
