#include <sotto/base/hash.hpp>
#include <sotto/model/internal/checksum.hpp>
#include <sotto/model/internal/hex64.hpp>

namespace sotto {

std::string model_checksum(std::string_view spec, const TensorBytes& tensors) {
  std::uint64_t hash = xxh64(std::as_bytes(std::span(spec)));
  for (const auto& [name, bytes] : tensors) hash = xxh64(bytes, hash);
  return hex64(hash);
}

}  // namespace sotto
