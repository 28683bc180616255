#include <sotto/base/hash.hpp>
#include <sotto/serve/deployment.hpp>

#include <span>

namespace sotto::serve {
namespace {

// Uniform over [0, 1), the same on every server.
double position(std::string_view model, std::string_view who, std::uint64_t seed) noexcept {
  std::string text(model);
  text += '\0';  // neither part has one, so no two pairs give the same text
  text += who;
  const std::uint64_t hash = xxh64(std::as_bytes(std::span(text)), seed);
  return static_cast<double>(hash >> 11) * 0x1p-53;
}

}  // namespace

const ModelPointer& Deployment::for_user(std::string_view user) const noexcept {
  if (!candidate || user.empty()) return current;
  return position(name, user, 0) < share ? candidate : current;
}

bool Deployment::is_shadowed(std::string_view request_id) const noexcept {
  // The other seed keeps the two choices apart where a client uses users' ids as request ids.
  return shadow && position(name, request_id, 1) < shadow_share;
}

}  // namespace sotto::serve
