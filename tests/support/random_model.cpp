#include "random_model.hpp"

#include <sotto/base/random.hpp>

#include <limits>
#include <string>

namespace sotto::test {
namespace {

ModelInfo random_info(const Architecture& architecture, std::uint64_t seed) {
  ModelInfo info;
  info.architecture = architecture;
  for (std::uint32_t i = 0; i < architecture.items; ++i) {
    info.catalogue.item_ids.push_back("item-" + std::to_string(i));
    info.catalogue.titles.push_back("Title \"" + std::to_string(i) + "\" ü");
    info.catalogue.prices.push_back(i % 3 == 0 ? std::numeric_limits<double>::quiet_NaN() : 0.25 * i);
  }
  info.catalogue.currency = "GBP";
  TrainingRecord& training = info.training;
  training.tool = "sotto test";
  training.log = {"log.csv", seed * 0x9e3779b97f4a7c15U, 0, 100, 10, -5, 1'700'000'000};
  training.split = {"leave-last-out", 80, 10, 10};
  training.seed = seed;
  training.epochs = 3;
  training.validation_ndcg10 = 0.125;
  training.seconds = 1.5;
  training.settings = R"({"window":10})";
  info.licence = "CC-BY-4.0";
  info.attribution = "Nobody (2024)";
  info.training_event_sketch = {1, 5, 4'000'000'000U};
  return info;
}

MatrixF32 random_matrix(std::uint32_t rows, std::uint32_t cols, float range, Random& random) {
  MatrixF32 matrix(rows, cols);
  for (float& v : matrix.values) v = range * (2.0F * random.uniform() - 1.0F);
  return matrix;
}

std::int8_t random_s8(Random& random) { return static_cast<std::int8_t>(static_cast<int>(random.below(256)) - 128); }

std::int32_t random_between(std::int32_t low, std::int32_t high, Random& random) {
  return low + static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(high - low)));
}

HistoryTerm random_history(Random& random) {
  HistoryTerm term;
  for (auto& v : term.age) v = random_between(-(1 << 19), 1 << 19, random);
  for (auto& v : term.count) v = random_between(-(1 << 19), 1 << 19, random);
  term.follow = random_between(-(1 << 19), 1 << 19, random);
  return term;
}

// Up to seven neighbors for each item.
CountExpert random_counts(std::uint32_t items, Random& random) {
  CountExpert expert;
  expert.begin = {0};
  for (std::uint32_t item = 0; item < items; ++item) {
    for (std::uint32_t neighbor = random.below(items); neighbor < items; neighbor += 1 + random.below(items)) {
      expert.neighbor.push_back(neighbor);
      expert.weight.push_back(static_cast<std::uint8_t>(1 + random.below(255)));
      if (expert.neighbor.size() - expert.begin.back() == 7) break;
    }
    expert.begin.push_back(static_cast<std::uint32_t>(expert.neighbor.size()));
    expert.multiplier.push_back(random_between(1, max_count_multiplier + 1, random));
  }
  for (auto& v : expert.decay) v = random_between(0, (1 << count_decay_bits) + 1, random);
  for (auto& v : expert.curve) v = random_between(-(1 << 19), 1 << 19, random);
  return expert;
}

MemoryTerm random_memory(std::uint32_t hidden_dim, Random& random) {
  MemoryTerm term;
  term.temperature = random_between(1 << 14, 1 << 17, random);
  for (auto& v : term.weight) v = random_between(-(1 << 16), 1 << 16, random);
  for (auto& v : term.recent) v = random_between(-(1 << 16), 1 << 16, random);
  term.direction.resize(adapter_rank_of(hidden_dim) * hidden_dim);
  for (auto& v : term.direction) v = random_s8(random);
  return term;
}

MatrixS8 random_s8_matrix(std::uint32_t rows, std::uint32_t cols, std::int32_t multiplier_high, Random& random) {
  MatrixS8 matrix(rows, cols);
  for (std::size_t i = 0; i < matrix.values.size(); ++i) matrix.values[i] = random_s8(random);
  for (auto& m : matrix.multiplier) m = random_between(1, multiplier_high, random);
  return matrix;
}

MatrixS4 random_s4_matrix(std::uint32_t rows, std::uint32_t cols, Random& random) {
  MatrixS4 matrix(rows, cols);
  for (std::uint32_t r = 0; r < rows; ++r) {
    for (std::uint32_t c = 0; c < cols; ++c) {
      matrix.set(r, c, random_between(weight_s4_min, weight_s4_max + 1, random));
    }
  }
  return matrix;
}

}  // namespace

FloatModel random_float_model(const Architecture& a, std::uint64_t seed) {
  Random random(seed);
  FloatModel model;
  model.info = random_info(a, seed);
  auto& w = model.weights;
  w.embedding = random_matrix(a.items, a.embedding_dim, 1.0F, random);
  for (std::uint32_t layer = 0; layer < a.layers; ++layer) {
    w.lstm.push_back({random_matrix(4 * a.hidden_dim, a.layer_input_dim(layer), 0.5F, random),
                      random_matrix(4 * a.hidden_dim, a.hidden_dim, 0.5F, random),
                      random_matrix(1, 4 * a.hidden_dim, 0.5F, random).values});
  }
  if (a.skip_connection) w.skip = random_matrix(a.hidden_dim, a.embedding_dim, 0.5F, random);
  w.head_kind = a.head;
  if (!a.tied_head) w.head = random_matrix(a.head_rows(), a.hidden_dim, 1.0F, random);
  w.head_bias = random_matrix(1, a.head_rows(), 2.0F, random).values;
  if (a.history_term) w.history = random_history(random);
  if (a.count_expert) w.counts = random_counts(a.items, random);
  if (a.memory_term) w.memory = random_memory(a.hidden_dim, random);
  return model;
}

FixedModel random_fixed_model(const Architecture& a, std::uint64_t seed, int head_bits) {
  Random random(seed);
  FixedModel model;
  model.info = random_info(a, seed);
  auto& w = model.weights;
  // Multipliers around those of real models: an int8 row becomes a 7-bit activation, a sum of D products a
  // gate pre-activation of a few units.
  const auto gate_multiplier = static_cast<std::int32_t>((1U << 25) / a.hidden_dim + 2);
  w.embedding = random_s8_matrix(a.items, a.embedding_dim, 1 << 24, random);
  if (head_bits == 4) w.head_s4 = random_s4_matrix(a.items, a.hidden_dim, random);
  if (head_bits == 4 && a.tied_head) w.embedding.values = {};
  for (std::uint32_t layer = 0; layer < a.layers; ++layer) {
    auto& l = w.lstm.emplace_back();
    l.input_weights = random_s8_matrix(4 * a.hidden_dim, a.layer_input_dim(layer), gate_multiplier, random);
    l.hidden_weights = random_s8_matrix(4 * a.hidden_dim, a.hidden_dim, gate_multiplier, random);
    for (std::uint32_t r = 0; r < 4 * a.hidden_dim; ++r) l.bias.push_back(random_between(-(1 << 25), 1 << 25, random));
    l.hidden_multiplier = random_between(1 << 14, 1 << 17, random);
    l.cell_bits = random_between(8, 14, random);
  }
  if (a.skip_connection) w.skip = random_s8_matrix(a.hidden_dim, a.embedding_dim, gate_multiplier, random);
  if (!a.tied_head && head_bits == 8) {
    w.head = WeightValues(std::size_t{a.head_rows()} * a.hidden_dim);
    for (std::size_t i = 0; i < w.head.size(); ++i) w.head[i] = random_s8(random);
  }
  for (std::uint32_t i = 0; i < a.head_rows(); ++i) {
    w.head_multiplier.push_back(random_between(1, 1 << 24, random));
    w.head_bias.push_back(random_between(-(1 << 19), 1 << 19, random));
  }
  if (a.history_term) w.history = random_history(random);
  if (a.count_expert) w.counts = random_counts(a.items, random);
  if (a.memory_term) w.memory = random_memory(a.hidden_dim, random);
  return model;
}

}  // namespace sotto::test
