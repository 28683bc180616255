#include <sotto/base/hash.hpp>
#include <sotto/model/internal/checksum.hpp>

namespace sotto {

std::string model_checksum(std::string_view spec, const TensorBytes& tensors) {
  std::uint64_t hash = xxh64(std::as_bytes(std::span(spec)));
  for (const auto& [name, bytes] : tensors) hash = xxh64(bytes, hash);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = text.size(); i-- > 0; hash >>= 4) text[i] = digits[hash & 15];
  return text;
}

}  // namespace sotto
