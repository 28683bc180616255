#include <sotto/serve/readiness.hpp>

namespace sotto::serve {

std::vector<std::string> problems_of(const std::vector<DeploymentPointer>& deployments) {
  std::vector<std::string> problems;
  if (deployments.empty()) problems.emplace_back("There is no model. Upload one, or start with --model FILE.");
  for (const DeploymentPointer& deployment : deployments) {
    if (!deployment->current) problems.push_back("The model '" + deployment->name + "' has no current version.");
  }
  return problems;
}

}  // namespace sotto::serve
