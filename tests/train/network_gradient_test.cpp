#include "finite_differences.hpp"

#include <sotto/train/gradient_shard.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

namespace sotto::train {
namespace {

// Packs the parameters as they are now, as a step does.
double gradient_of(const ParameterLayout& layout, const std::vector<double>& parameters, std::vector<double>& gradient,
                   const ShardStep& step, const Dropout& dropout, ShardScratch<double>& scratch,
                   ShardScratch<double>& candidates) {
  PackedLayers<double> packed(layout.layers);
  for (std::size_t l = 0; l < layout.layers; ++l) {
    packed.pack_forward(layout, l, parameters.data());
    packed.pack_backward(layout, l, parameters.data());
  }
  return shard_gradient(layout, parameters.data(), packed, layout, gradient.data(), step, dropout, scratch, candidates);
}

struct NetworkCase {
  Architecture architecture;
  std::size_t steps, lanes;
  Dropout dropout;
  std::size_t negatives;
};

Architecture shape(std::uint32_t items, std::uint32_t embedding, std::uint32_t hidden, std::uint32_t layers,
                   bool skip) {
  return {.items = items,
          .embedding_dim = embedding,
          .hidden_dim = hidden,
          .layers = layers,
          .tied_head = embedding == hidden,
          .skip_connection = skip};
}

NetworkCase free_head(NetworkCase c) {
  c.architecture.tied_head = false;
  return c;
}

struct Data {
  std::vector<std::uint8_t> starts;
  std::vector<std::uint32_t> input, target, negative;
  std::vector<float> weight, negative_log_count, target_log_count;

  Data(const NetworkCase& c, Random& random) {
    const std::size_t positions = c.steps * c.lanes;
    input = test::random_items(positions, c.architecture.items, random);
    target = test::random_items(positions, c.architecture.items, random);
    negative = test::random_items(c.negatives, c.architecture.items, random);
    for (std::size_t p = 0; p < positions; ++p) {
      starts.push_back(random.below(4) == 0 ? 1 : 0);
      weight.push_back(0.5F + random.uniform());
      target_log_count.push_back(random.uniform());
    }
    for (std::size_t n = 0; n < c.negatives; ++n) negative_log_count.push_back(random.uniform());
  }

  [[nodiscard]] ShardStep step(const NetworkCase& c, std::uint64_t dropout_seed) const {
    return {.steps = c.steps,
            .lanes = c.lanes,
            .starts = starts.data(),
            .input = input.data(),
            .input_row = input.data(),
            .target = target.data(),
            .target_row = target.data(),
            .weight = weight.data(),
            .dropout_seed = dropout_seed,
            .negatives = c.negatives,
            .negative = negative.data(),
            .negative_row = negative.data(),
            .negative_log_count = negative_log_count.data(),
            .target_log_count = target_log_count.data()};
  }
};

TEST_CASE("the whole network's gradient is that of central differences", "[train]") {
  const Dropout none{};
  const Dropout some{0.2, 0.4};
  const NetworkCase c = GENERATE_COPY(
      NetworkCase{shape(1, 1, 1, 1, false), 1, 1, none, 0}, NetworkCase{shape(2, 1, 1, 1, true), 3, 1, none, 0},
      NetworkCase{shape(13, 5, 5, 1, true), 7, 3, none, 0}, NetworkCase{shape(13, 5, 5, 1, true), 7, 3, some, 0},
      NetworkCase{shape(11, 3, 3, 2, false), 5, 2, some, 0}, NetworkCase{shape(11, 3, 3, 3, true), 5, 2, some, 0},
      NetworkCase{shape(17, 3, 5, 2, true), 5, 3, some, 0}, NetworkCase{shape(17, 7, 5, 1, false), 5, 3, none, 0},
      free_head(NetworkCase{shape(7, 3, 3, 3, true), 5, 2, some, 0}),
      NetworkCase{shape(13, 5, 5, 2, true), 5, 3, some, 6}, NetworkCase{shape(17, 3, 5, 1, true), 5, 3, none, 9});
  CAPTURE(c.architecture.items, c.architecture.embedding_dim, c.architecture.hidden_dim, c.architecture.layers,
          c.architecture.tied_head, c.architecture.skip_connection, c.dropout.output, c.negatives);
  Random random(21);
  const ParameterLayout layout = make_layout(c.architecture, c.architecture.items);
  std::vector<double> parameters = test::random_values(layout.size, 0.8, random);
  const Data first(c, random), second(c, random);

  // The gradient of the second of two windows. Backpropagation ends at the state carried over from the first,
  // which therefore is kept as it was when a parameter is moved.
  ShardScratch<double> scratch, unused_candidates;
  std::vector<double> gradient(layout.size), unused(layout.size);
  reset_state(layout, c.lanes, scratch);
  gradient_of(layout, parameters, unused, first.step(c, 1), c.dropout, scratch, unused_candidates);
  std::vector<LstmState<double>> carried;
  for (const auto& layer : scratch.layers) carried.push_back(layer.state);
  const auto run = [&](std::vector<double>& into) {
    for (std::size_t l = 0; l < carried.size(); ++l) scratch.layers[l].state = carried[l];
    return gradient_of(layout, parameters, into, second.step(c, 2), c.dropout, scratch, unused_candidates);
  };
  run(gradient);
  CHECK(test::gradient_error(parameters.data(), gradient.data(), layout.size, 1000, [&] { return run(unused); }) <
        1e-7);
}

// Two candidates from each history, with and without dropout; the gradient goes through the histories' last states.
TEST_CASE("a binary head's gradient is that of central differences, through candidates and histories", "[train]") {
  const std::uint32_t layers = GENERATE(1U, 2U);
  const Dropout dropout = GENERATE(Dropout{}, Dropout{0.2, 0.4});
  const Architecture architecture{
      .items = 11, .embedding_dim = 3, .hidden_dim = 4, .layers = layers, .head = HeadKind::binary};
  Random random(23);
  const ParameterLayout layout = make_layout(architecture, architecture.items);
  std::vector<double> parameters = test::random_values(layout.size, 0.8, random);
  constexpr std::size_t lanes = 3;
  constexpr std::size_t steps = 4;
  const auto input = test::random_items(lanes * steps, 11, random);
  const auto candidate = test::random_items(2 * lanes, 11, random);
  std::vector<std::uint8_t> starts(lanes * steps, 0);
  for (std::size_t lane = 0; lane < lanes; ++lane) starts[lane] = starts[lane * lanes + lane] = 1;
  const std::vector<std::uint8_t> candidate_starts(2 * lanes, 0);
  const std::vector<float> label{1, 0, 1, 0, 1, 0};
  const std::vector<float> weight{1, 0.5F, 2, 1, 0, 0};  // the last lane is padding
  ShardStep step;
  step.steps = steps;
  step.lanes = lanes;
  step.starts = starts.data();
  step.input = step.input_row = input.data();
  step.dropout_seed = 3;
  step.loss = Loss::binary;
  step.candidates = 2;
  step.candidate_starts = candidate_starts.data();
  step.candidate = step.candidate_row = candidate.data();
  step.label = label.data();
  step.candidate_weight = weight.data();
  ShardScratch<double> histories, candidates;
  std::vector<double> gradient(layout.size), unused(layout.size);
  const auto run = [&](std::vector<double>& into) {
    reset_state(layout, lanes, histories);
    return gradient_of(layout, parameters, into, step, dropout, histories, candidates);
  };
  run(gradient);
  CHECK(test::gradient_error(parameters.data(), gradient.data(), layout.size, 1000, [&] { return run(unused); }) <
        1e-7);
}

TEST_CASE("a gradient with rows for a step's items only holds the full gradient's rows", "[train]") {
  const NetworkCase c{shape(29, 4, 4, 1, true), 6, 2, Dropout{0.1, 0.1}, 5};
  Random random(22);
  const ParameterLayout layout = make_layout(c.architecture, c.architecture.items);
  const std::vector<double> parameters = test::random_values(layout.size, 0.8, random);
  const Data data(c, random);
  ShardScratch<double> scratch, unused_candidates;
  std::vector<double> full(layout.size);
  reset_state(layout, c.lanes, scratch);
  gradient_of(layout, parameters, full, data.step(c, 1), c.dropout, scratch, unused_candidates);

  // Rows in reverse order of the items: any assignment must do.
  const auto rows = [&](std::vector<std::uint32_t> items) {
    for (auto& item : items) item = 28 - item;
    return items;
  };
  const auto input_row = rows(data.input), target_row = rows(data.target), negative_row = rows(data.negative);
  ShardStep step = data.step(c, 1);
  step.input_row = input_row.data();
  step.target_row = target_row.data();
  step.negative_row = negative_row.data();
  std::vector<double> mapped(layout.size);
  reset_state(layout, c.lanes, scratch);
  gradient_of(layout, parameters, mapped, step, c.dropout, scratch, unused_candidates);
  const auto a = matrix_of(full.data(), layout.embedding);
  const auto b = matrix_of(mapped.data(), layout.embedding);
  for (Index item = 0; item < 29; ++item) CHECK((a.row(item) - b.row(28 - item)).cwiseAbs().maxCoeff() < 1e-14);
}

}  // namespace
}  // namespace sotto::train
