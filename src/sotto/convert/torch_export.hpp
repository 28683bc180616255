// A Sotto float model as a PyTorch state dict in safetensors, for nn.Embedding, nn.LSTM and nn.Linear called embedding,
// lstm and linear.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/float_model.hpp>

#include <cstddef>
#include <vector>

namespace sotto::convert {

// Parts of the head that PyTorch's three modules cannot hold and that may be left out: the network's own scores stay as
// they are.
struct DroppedParts {
  bool history_term = false;
  bool count_expert = false;
};

// Refuses what cannot be represented: a skip connection, and a history term or a count expert unless dropped.
[[nodiscard]] Result<std::vector<std::byte>> export_torch_state_dict(const FloatModel& model,
                                                                     const DroppedParts& dropped);

}  // namespace sotto::convert
