// Why the registry has not done what a call asked for.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/serve/refusal.hpp>
#include <sotto/serve/registry.hpp>

#include <string>

namespace sotto::serve {

// `name` is the model's in the call. It may read a file: not for the server's threads.
[[nodiscard]] Refusal registry_refusal(Registry& registry, const std::string& name, const Error& error);

}  // namespace sotto::serve
