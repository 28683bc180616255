#include <sotto/numeric/formats.hpp>
#include <sotto/personal/memory_prediction.hpp>

namespace sotto {
namespace {

constexpr float never = -1e9F;  // a logit whose probability is 0

}  // namespace

void to_probabilities(const Kernels& kernels, std::span<const std::int32_t> scores, float temperature,
                      std::span<float> probabilities) noexcept {
  scale_scores(scores, temperature * score_unit, probabilities.first(scores.size()));
  std::ranges::fill(probabilities.subspan(scores.size()), never);
  kernels.softmax_f32(probabilities.data(), probabilities.size());
}

}  // namespace sotto
