// A model's layers as Keras prints them.
#pragma once

#include <sotto/model/spec.hpp>

#include <cstdint>
#include <string>

namespace sotto::cli {

// The table of `Model.summary()`: layer, output shape, parameters. `window`: events of a training window, shown as the
// length of sequences.
[[nodiscard]] std::string keras_summary(const Architecture& architecture, std::uint32_t window);

}  // namespace sotto::cli
