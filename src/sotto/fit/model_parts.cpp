#include <sotto/fit/model_parts.hpp>

namespace sotto::fit {
namespace {

// Of the biases, which differ by some 10 logits, where the terms differ by tenths.
constexpr float bias_share = 1e-3F;

}  // namespace

FloatModel network_alone(const FloatModel& model) {
  FloatModel network = model;
  network.weights.history.reset();
  network.weights.counts.reset();
  network.info.architecture.history_term = false;
  network.info.architecture.count_expert = false;
  return network;
}

// The network has one unit whose weights are all 0. Its logits are the biases.
FloatModel counts_alone(const FloatModel& model) {
  FloatModel counts;
  counts.info = model.info;
  Architecture& architecture = counts.info.architecture;
  architecture.embedding_dim = architecture.hidden_dim = architecture.layers = 1;
  architecture.tied_head = true;
  architecture.skip_connection = false;
  FloatWeights& weights = counts.weights;
  weights.embedding = MatrixF32(architecture.items, 1);
  weights.lstm.push_back({MatrixF32(4, 1), MatrixF32(4, 1), std::vector<float>(4)});
  weights.head_bias = model.weights.head_bias;
  for (float& bias : weights.head_bias) bias *= bias_share;
  weights.history = model.weights.history;
  weights.counts = model.weights.counts;
  return counts;
}

std::vector<ModelPart> separate_parts(const FloatModel& model) {
  std::vector<ModelPart> parts;
  if (!model.weights.history && !model.weights.counts) return parts;
  parts.push_back({"lstm", network_alone(model)});
  parts.push_back({"counts", counts_alone(model)});
  return parts;
}

}  // namespace sotto::fit
