#include <sotto/train/weights.hpp>

#include <sotto/train/orthogonal.hpp>
#include <sotto/train/seeds.hpp>

#include <algorithm>
#include <cmath>

namespace sotto::train {
namespace {

constexpr float embedding_deviation = 0.1F;
constexpr float keras_embedding_bound = 0.05F;

void fill_uniform(std::span<float> values, float bound, Random& random) {
  for (float& value : values) value = bound * (2 * random.uniform() - 1);
}

std::span<float> part(std::span<float> parameters, const Block& block) {
  return parameters.subspan(block.offset, block.size());
}

MatrixF32 matrix(std::span<const float> parameters, const Block& block) {
  MatrixF32 result(static_cast<std::uint32_t>(block.rows), static_cast<std::uint32_t>(block.cols));
  std::ranges::copy(parameters.subspan(block.offset, block.size()), result.values.begin());
  return result;
}

}  // namespace

AlignedBuffer<float> initial_parameters(const ParameterLayout& layout, std::span<const std::uint64_t> item_count,
                                        Conventions conventions, std::uint64_t seed) {
  const bool keras = conventions == Conventions::keras;
  AlignedBuffer<float> buffer(layout.size);
  const std::span<float> parameters = buffer.span();
  Random random = stream_of(seed, Purpose::initial_weights, 0);
  const auto fill_matrix = [&](const Block& block) {
    const auto cols = static_cast<float>(block.cols);
    const float bound = keras ? std::sqrt(6.0F / (static_cast<float>(block.rows) + cols)) : 1.0F / std::sqrt(cols);
    fill_uniform(part(parameters, block), bound, random);
  };
  for (std::size_t l = 0; l < layout.layers; ++l) {
    fill_matrix(layout.lstm[l].input_weights);
    const Block& hidden_weights = layout.lstm[l].hidden_weights;
    if (keras) {
      fill_orthogonal(part(parameters, hidden_weights), hidden_weights.cols, random);
    } else {
      fill_matrix(hidden_weights);
    }
    std::ranges::fill(part(parameters, layout.lstm[l].bias).subspan(layout.hidden_dim, layout.hidden_dim), 1.0F);
  }
  if (layout.skip.rows != 0) fill_matrix(layout.skip);
  const float bound = embedding_deviation * std::sqrt(3.0F);
  fill_uniform(part(parameters, layout.embedding), keras ? keras_embedding_bound : bound, random);
  std::ranges::fill(part(parameters, layout.norm_gain), embedding_deviation);
  if (!layout.item_head) {
    fill_matrix(layout.head);
    return buffer;
  }
  if (!layout.tied_head && keras) fill_matrix(layout.head);
  if (!layout.tied_head && !keras) fill_uniform(part(parameters, layout.head), bound, random);

  // The bias is log((count + 1) / mean). Items without events have finite biases, and the biases stay near 0.
  double mean = 0;
  for (const std::uint64_t count : item_count)
    mean += static_cast<double>(count + 1) / static_cast<double>(item_count.size());
  const auto bias = part(parameters, layout.head_bias);
  for (std::size_t item = 0; item < item_count.size(); ++item) {
    bias[item] = static_cast<float>(std::log(static_cast<double>(item_count[item] + 1) / mean));
  }
  return buffer;
}

FloatWeights export_weights(const ParameterLayout& layout, std::span<const float> parameters) {
  FloatWeights weights;
  weights.embedding = matrix(parameters, layout.embedding);
  for (std::size_t l = 0; l < layout.layers; ++l) {
    weights.lstm.push_back({matrix(parameters, layout.lstm[l].input_weights),
                            matrix(parameters, layout.lstm[l].hidden_weights),
                            matrix(parameters, layout.lstm[l].bias).values});
  }
  if (layout.skip.rows != 0) weights.skip = matrix(parameters, layout.skip);
  weights.head_kind = layout.item_head ? HeadKind::softmax : HeadKind::binary;
  if (!layout.tied_head) weights.head = matrix(parameters, layout.head);
  weights.head_bias = matrix(parameters, layout.head_bias).values;
  return weights;
}

}  // namespace sotto::train
