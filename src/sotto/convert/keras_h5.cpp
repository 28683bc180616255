#include <sotto/convert/hdf5_file.hpp>
#include <sotto/convert/keras_h5.hpp>
#include <sotto/convert/keras_model.hpp>

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace sotto::convert {
namespace {

constexpr const char* config_attribute = "model_config";
constexpr const char* version_attribute = "keras_version";
constexpr const char* weights_group = "/model_weights";

// "lstm/lstm_cell/kernel:0" is a kernel, and so is "kernel".
bool is_variable(std::string_view path, std::string_view variable) {
  const std::string_view last = path.substr(path.rfind('/') + 1);  // npos + 1 is 0
  return last == variable || (last.starts_with(variable) && last.substr(variable.size()) == ":0");
}

class H5Weights : public KerasWeights {
 public:
  explicit H5Weights(const Hdf5File& file) : file_(file) {}

  Result<FloatTensor> load(const KerasLayer& layer, KerasVariable variable, const TensorShape& shape) override {
    const auto where = [&](const Error& error) {
      return Error{error.code, fmt::format("{}, {}: {}", layer.in_words(), variable_name(variable), error.detail)};
    };
    const std::string group = fmt::format("{}/{}", weights_group, layer.name);
    auto paths = file_.datasets_below(group);
    if (!paths) return where(paths.error());
    std::erase_if(*paths, [&](const std::string& path) { return !is_variable(path, variable_name(variable)); });
    if (paths->size() != 1) {
      return where({paths->empty() ? ErrorCode::missing : ErrorCode::malformed,
                    fmt::format("{} datasets of that name in '{}', expected one", paths->size(), group)});
    }
    auto tensor = file_.floats(group + "/" + paths->front(), shape);
    if (!tensor) return where(tensor.error());
    return tensor;
  }

 private:
  const Hdf5File& file_;
};

}  // namespace

Result<ImportedModel> import_keras_h5(std::span<const std::byte> bytes) {
  const auto file = Hdf5File::open(bytes);
  if (!file) return file.error();
  if (!file->has_attribute("/", config_attribute)) {
    return Error{ErrorCode::unsupported,
                 fmt::format("the HDF5 file has no attribute '{}': if it holds weights alone (save_weights), save the "
                             "whole model",
                             config_attribute)};
  }
  auto text = file->text_attribute("/", config_attribute);
  if (!text) return std::move(text).error();
  const Json config = Json::parse(*text, nullptr, false);
  if (config.is_discarded()) {
    return Error{ErrorCode::malformed, fmt::format("attribute '{}' is not JSON", config_attribute)};
  }
  std::string tool = "Keras";
  if (file->has_attribute("/", version_attribute)) {
    const auto version = file->text_attribute("/", version_attribute);
    if (!version) return version.error();
    tool += " " + version.value();
  }
  H5Weights weights(file.value());
  return import_keras_model(config, std::move(tool), weights);
}

}  // namespace sotto::convert
