// From a Keras network and its weights to a model, whatever container they are in.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/convert/float_tensor.hpp>
#include <sotto/convert/imported_model.hpp>
#include <sotto/convert/keras_network.hpp>

#include <string>

namespace sotto::convert {

// The variables of the three kinds of layer, by Keras's names.
enum class KerasVariable { embeddings, kernel, recurrent_kernel, bias };
[[nodiscard]] const char* variable_name(KerasVariable variable) noexcept;

// Where a container keeps a layer's variables.
class KerasWeights {
 public:
  virtual ~KerasWeights() = default;
  // The variable with exactly this shape. Errors name the layer and the variable.
  [[nodiscard]] virtual Result<FloatTensor> load(const KerasLayer& layer, KerasVariable variable,
                                                 const TensorShape& shape) = 0;
};

// `model` is the model's serialized configuration, `tool` what wrote it.
[[nodiscard]] Result<ImportedModel> import_keras_model(const Json& model, std::string tool, KerasWeights& weights);

}  // namespace sotto::convert
