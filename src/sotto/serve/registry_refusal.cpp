#include <sotto/serve/answer.hpp>
#include <sotto/serve/registry_refusal.hpp>

namespace sotto::serve {

Refusal registry_refusal(Registry& registry, const std::string& name, const Error& error) {
  switch (error.code) {
    case ErrorCode::missing:
      if (!registry.record(name)) return {404, "unknown_model", "There is no model of this name."};
      return {404, "unknown_version", "The model does not have this version."};
    case ErrorCode::invalid_argument: return {400, "bad_value", sentence(error.detail)};
    case ErrorCode::io:
    case ErrorCode::interrupted:
      return {503, "store_unavailable", "The server cannot read or write its models now. Try again later.",
              error.detail};
    default:
      return {500, "store_damaged", "A file of the models cannot be read. The server's log says more.", error.detail};
  }
}

}  // namespace sotto::serve
