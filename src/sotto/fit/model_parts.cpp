#include <sotto/fit/model_parts.hpp>

#include <cmath>
#include <utility>

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

std::optional<std::vector<ModelPart>> separate_parts(const FloatModel& model, const data::Split& split,
                                                     bool log_matches_training, std::uint32_t threads,
                                                     const FitHooks& hooks) {
  std::vector<ModelPart> parts;
  if (!model.weights.history && !model.weights.counts) return parts;
  parts.push_back({"lstm", network_alone(model)});
  // Counts are by the model's item indices, which a log with its rows in another order does not share.
  if (!log_matches_training || split.log().item_ids != model.info.catalogue.item_ids ||
      data::validation_targets(split).size() < min_head_term_targets) {
    return parts;
  }
  train::ThreadPool pool(threads);
  auto counts = counts_alone(model, split, pool, hooks);
  if (!counts) return std::nullopt;
  parts.push_back({"counts", *std::move(counts)});
  return parts;
}

}  // namespace sotto::fit
