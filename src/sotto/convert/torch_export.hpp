// Exports a float model as a PyTorch state dict in safetensors, for an nn.Embedding, nn.LSTM and nn.Linear with the
// names embedding, lstm and linear.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/float_model.hpp>

#include <cstddef>
#include <vector>

namespace sotto::convert {

// Parts of the head that PyTorch's three modules cannot hold. Dropping them does not change the network's own scores.
struct DroppedParts {
  bool history_term = false;
  bool count_expert = false;
};

// Refuses models that the format cannot represent: models with a skip connection, and models with a history term or a
// count expert that may not be dropped.
[[nodiscard]] Result<std::vector<std::byte>> export_torch_state_dict(const FloatModel& model,
                                                                     const DroppedParts& dropped);

}  // namespace sotto::convert
