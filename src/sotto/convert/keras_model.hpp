// Builds a model from a Keras network and its weights, for every container.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/convert/float_tensor.hpp>
#include <sotto/convert/imported_model.hpp>
#include <sotto/convert/keras_network.hpp>

#include <string>

namespace sotto::convert {

// Keras's names of the variables in the three kinds of layers.
enum class KerasVariable { embeddings, kernel, recurrent_kernel, bias };
[[nodiscard]] const char* variable_name(KerasVariable variable) noexcept;

// Gives access to a layer's variables in a container.
class KerasWeights {
 public:
  virtual ~KerasWeights() = default;
  // Returns the variable if it has exactly this shape. Errors name the layer and the variable.
  [[nodiscard]] virtual Result<FloatTensor> load(const KerasLayer& layer, KerasVariable variable,
                                                 const TensorShape& shape) = 0;
};

// `model` is the model's serialized configuration; `tool` names the program that wrote it.
[[nodiscard]] Result<ImportedModel> import_keras_model(const Json& model, std::string tool, KerasWeights& weights);

}  // namespace sotto::convert
