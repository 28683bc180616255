#include <sotto/measure/weight_pass.hpp>

#if defined(__x86_64__)
#include <sotto/measure/weight_pass_x86.hpp>
#endif

namespace sotto::measure {
namespace {

std::uint32_t plain_weight_pass(std::span<const std::int8_t> weights, std::uint8_t x) noexcept {
  std::uint32_t sum = 0;
  for (const std::int8_t w : weights) sum += static_cast<std::uint32_t>(std::int32_t{w} * std::int32_t{x});
  return sum;
}

}  // namespace

WeightPass weight_pass(std::string_view tier) noexcept {
#if defined(__x86_64__)
  if (tier == "avx2") return weight_pass_avx2;
  if (tier == "avx512-vnni") return weight_pass_avx512_vnni;
#else
  static_cast<void>(tier);
#endif
  return plain_weight_pass;
}

}  // namespace sotto::measure
