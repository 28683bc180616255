// Reads Keras's own format, which is the default since Keras 3 and exists since Keras 2.13. A .keras file is a ZIP
// archive of config.json, metadata.json and model.weights.h5.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/convert/imported_model.hpp>

#include <cstddef>
#include <span>

namespace sotto::convert {

[[nodiscard]] Result<ImportedModel> import_keras_archive(std::span<const std::byte> file);

}  // namespace sotto::convert
