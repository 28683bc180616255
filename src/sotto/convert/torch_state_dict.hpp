// Reads PyTorch state dicts in safetensors with an nn.Embedding, an nn.LSTM and an nn.Linear. The names of the modules
// around them do not matter. A state dict does not describe the forward pass, so parts are recognized by name and
// shape. An ambiguous part is refused until the caller names it.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/convert/imported_model.hpp>

#include <cstddef>
#include <span>
#include <string>

namespace sotto::convert {

// The modules to read, by their prefix in the state dict ("encoder.items"). A name may be empty if there is only one
// candidate. If all three are named, other tensors are allowed and are skipped. If the embedding is named as the linear
// part, the head is tied to it.
struct TorchModules {
  std::string embedding;
  std::string lstm;
  std::string linear;
};

[[nodiscard]] Result<ImportedModel> import_torch_state_dict(std::span<const std::byte> file,
                                                            const TorchModules& modules);

}  // namespace sotto::convert
