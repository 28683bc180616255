// Which versions of a model answer now. A deployment is a value that never changes; another one takes its place.
#pragma once

#include <sotto/serve/loaded_model.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sotto::serve {

using ModelPointer = std::shared_ptr<const LoadedModel>;

struct Deployment {
  std::string name;
  ModelPointer current;
  ModelPointer previous;  // what rollback makes current; null before the first change
  ModelPointer candidate;  // null, or the version that `share` of the users get
  double share = 0;  // 0 … 1
  ModelPointer shadow;  // null, or a version that ranks for `shadow_share` of the requests, and is only measured
  double shadow_share = 0;

  // The version that a user gets, always the same one under one deployment. The share is decided by a hash of the
  // model's name and the user's id. Requests without a user get the current one.
  [[nodiscard]] const ModelPointer& for_user(std::string_view user) const noexcept;
  // Whether the shadow ranks for the request of this id.
  [[nodiscard]] bool is_shadowed(std::string_view request_id) const noexcept;
};

using DeploymentPointer = std::shared_ptr<const Deployment>;

// Gives models to whoever serves. May be used from several threads at a time.
class Models {
 public:
  virtual ~Models() = default;
  // The deployment of a model; of the only or first one for an empty name; null for an unknown name.
  [[nodiscard]] virtual DeploymentPointer deployment(std::string_view name) const = 0;
  // A version by its fingerprint, loaded if it is not in memory. It serves states that belong to an older version.
  // Fails with missing where the registry does not have it. May read a file: not for the server's threads.
  [[nodiscard]] virtual Result<ModelPointer> version(std::uint64_t fingerprint) = 0;
};

}  // namespace sotto::serve
