// Reads Keras's older format, a whole model in one HDF5 file. The attribute model_config has the configuration. The
// group /model_weights has the weights, by the layers' names.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/convert/imported_model.hpp>

#include <cstddef>
#include <span>

namespace sotto::convert {

[[nodiscard]] Result<ImportedModel> import_keras_h5(std::span<const std::byte> file);

}  // namespace sotto::convert
