// The layers of a model in the form in which Keras prints them.
#pragma once

#include <sotto/model/spec.hpp>

#include <cstdint>
#include <string>

namespace sotto::present {

// The table of Keras's `Model.summary()`: layer, output shape, parameters. `window` is the number of events in a
// training window; the table shows it as the length of sequences.
[[nodiscard]] std::string keras_summary(const Architecture& architecture, std::uint32_t window);

}  // namespace sotto::present
