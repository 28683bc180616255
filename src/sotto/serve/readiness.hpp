// What keeps the server from answering.
#pragma once

#include <sotto/serve/deployment.hpp>

#include <string>
#include <vector>

namespace sotto::serve {

// Sentences for people, one for each model without a current version, or one where there is no model at all.
[[nodiscard]] std::vector<std::string> problems_of(const std::vector<DeploymentPointer>& deployments);

}  // namespace sotto::serve
