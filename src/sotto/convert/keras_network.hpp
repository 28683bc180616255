// Reads the network from a Keras model's configuration: an embedding, LSTM layers of one size and a dense head. Any
// other layer is refused, and the error names it.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/convert/keras_graph.hpp>
#include <sotto/model/spec.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace sotto::convert {

struct KerasNetwork {
  struct Embedding {
    KerasLayer layer;
    std::uint32_t rows = 0;
    std::uint32_t dim = 0;
    bool mask_zero = false;  // row 0 is padding
  };
  struct Lstm {
    KerasLayer layer;
    bool has_bias = true;
  };
  struct Dense {
    KerasLayer layer;
    std::uint32_t units = 0;
    bool has_bias = true;
  };

  Embedding embedding;
  std::vector<Lstm> lstm;
  std::uint32_t lstm_units = 0;
  Dense dense;
  HeadKind head_kind = HeadKind::softmax;
  std::vector<std::string> notes;
};

// `model` must outlive the result.
[[nodiscard]] Result<KerasNetwork> read_keras_network(const Json& model);

}  // namespace sotto::convert
