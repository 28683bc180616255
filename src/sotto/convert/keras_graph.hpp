// The layers of a Keras model in the order in which data passes through them. Keras writes a Sequential model as a list
// and a functional one as a graph. Sotto can represent only a chain of layers.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/convert/json_fields.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace sotto::convert {

struct KerasLayer {
  std::string class_name;  // "LSTM"
  std::string name;  // "lstm_3", as the user or Keras named it
  std::size_t occurrence = 0;  // number of earlier layers of the class in the model's list
  const Json* config = nullptr;

  [[nodiscard]] std::string in_words() const;  // "layer 'lstm_3' (LSTM)"
};

struct KerasChain {
  std::vector<KerasLayer> layers;
  bool masks_zero_in_graph = false;  // a NotEqual(input, 0) feeds the LSTMs' masks, which is mask_zero in Keras 3
};

// `model` is the model's serialized form, {"class_name": …, "config": …}, and must outlive the result.
[[nodiscard]] Result<KerasChain> order_keras_layers(const Json& model);

}  // namespace sotto::convert
