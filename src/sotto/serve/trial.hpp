// The first recommendation of a version, before users get any.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/serve/loaded_model.hpp>

namespace sotto::serve {

// Lets a new user see an item and asks for a list, which reads all weights into memory. Fails with malformed where no
// item is recommended.
[[nodiscard]] Status try_recommendation(const LoadedModel& model);

}  // namespace sotto::serve
