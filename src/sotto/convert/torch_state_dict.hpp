// PyTorch state dicts in safetensors: nn.Embedding, nn.LSTM and nn.Linear, whatever the modules around them are called.
// A state dict says nothing of the forward pass, so that parts are recognized by name and shape, and whatever could be
// meant in two ways is refused until it is named.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/convert/imported_model.hpp>

#include <cstddef>
#include <span>
#include <string>

namespace sotto::convert {

// The modules to take, by their prefix in the state dict ("encoder.items"); empty where there is only one candidate. If
// all three are named, other tensors may be there and are passed over. Naming the embedding as the linear part ties the
// head to it.
struct TorchModules {
  std::string embedding;
  std::string lstm;
  std::string linear;
};

[[nodiscard]] Result<ImportedModel> import_torch_state_dict(std::span<const std::byte> file,
                                                            const TorchModules& modules);

}  // namespace sotto::convert
