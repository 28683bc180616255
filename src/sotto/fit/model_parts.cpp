#include <sotto/fit/model_parts.hpp>

#include <cmath>

namespace sotto::fit {

FloatModel network_alone(const FloatModel& model) {
  FloatModel network = model;
  network.weights.history.reset();
  network.weights.counts.reset();
  network.info.architecture.history_term = false;
  network.info.architecture.count_expert = false;
  return network;
}

// The network has one unit whose weights are all 0. Its logits are the biases, which are the log of popularity.
std::optional<FloatModel> counts_alone(const FloatModel& model, const data::Split& split, train::ThreadPool& pool,
                                       const FitHooks& hooks) {
  FloatModel counts;
  counts.info = model.info;
  Architecture& architecture = counts.info.architecture;
  architecture.embedding_dim = architecture.hidden_dim = architecture.layers = 1;
  architecture.tied_head = true;
  architecture.skip_connection = false;
  FloatWeights& weights = counts.weights;
  weights.embedding = MatrixF32(architecture.items, 1);
  weights.lstm.push_back({MatrixF32(4, 1), MatrixF32(4, 1), std::vector<float>(4)});
  for (const std::uint64_t count : data::training_counts(split)) {
    weights.head_bias.push_back(std::log(static_cast<float>(count) + 1.0F));
  }
  weights.history = model.weights.history;
  weights.counts = model.weights.counts;
  if (!fit_head_terms(counts, split, pool, hooks)) return std::nullopt;
  return counts;
}

}  // namespace sotto::fit
