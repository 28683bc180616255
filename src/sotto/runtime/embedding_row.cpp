#include <sotto/runtime/embedding_row.hpp>

namespace sotto {

// Here and below there are two loops, each without a branch.
void EmbeddingRow::copy_to(std::int16_t* out) const noexcept {
  if (stride_s4_ == 0) {
    for (std::size_t c = 0; c < size_; ++c) out[c] = static_cast<std::int8_t>(bytes_[c]);
    return;
  }
  for (std::size_t c = 0; c < size_; ++c) out[c] = static_cast<std::int16_t>(weight_s4(bytes_, stride_s4_, c));
}

// In 4-bit rows, the weights behind the last column are 0.
std::int32_t EmbeddingRow::dot(const EmbeddingRow& other) const noexcept {
  std::int32_t sum = 0;
  if (stride_s4_ == 0) {
    for (std::size_t c = 0; c < size_; ++c) {
      sum += std::int32_t{static_cast<std::int8_t>(bytes_[c])} * static_cast<std::int8_t>(other.bytes_[c]);
    }
    return sum;
  }
  constexpr std::int32_t zero = weight_s4_zero_point;
  for (std::size_t c = 0; c < stride_s4_; ++c) {
    sum += ((bytes_[c] & 15) - zero) * ((other.bytes_[c] & 15) - zero);
    sum += ((bytes_[c] >> 4) - zero) * ((other.bytes_[c] >> 4) - zero);
  }
  return sum;
}

}  // namespace sotto
