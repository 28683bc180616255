// Finds the float model that a fixed-point model was quantized from.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/float_model.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace sotto::app {

struct FloatOriginal {
  std::optional<FloatModel> model;
  std::string absence;  // one clause that says why there is no model; empty if there is one
};

// Loads the file `named`, and returns an error if it does not hold the original of `fixed`. If `named` is empty, looks
// beside the fixed-point model, where a file that is not the original counts as absent. `fixed_file` holds `fixed`.
[[nodiscard]] Result<FloatOriginal> find_float_original(const std::filesystem::path& fixed_file, const ModelInfo& fixed,
                                                        const std::filesystem::path& named);

}  // namespace sotto::app
