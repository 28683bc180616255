#include "../data/temporary_folder.hpp"
#include "../support/small_logs.hpp"
#include "fingerprint.hpp"
#include "finite_differences.hpp"

#include <sotto/base/hash.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/train/item_vectors.hpp>
#include <sotto/train/layer_norm.hpp>
#include <sotto/train/train.hpp>

#include <Eigen/SVD>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <atomic>
#include <cmath>
#include <filesystem>
#include <vector>

namespace sotto::train {
namespace {

using test::fingerprint;

constexpr std::size_t items = 42;

ItemFeatures candle_and_bag_features() {
  data::ItemTexts texts;
  for (std::size_t item = 0; item < items; ++item) texts.items.push_back({item % 2 == 0 ? "candle" : "bag", "Shelf"});
  return text_features(texts);
}

TrainOptions normalized_options() {
  TrainOptions options;
  options.embedding_dim = options.hidden_dim = 16;
  options.max_epochs = 4;
  options.layer_norm = true;
  return options;
}

TEST_CASE("a normalised vector has the gain's and the bias's moments", "[train][norm]") {
  std::vector<double> vector{3, -1, 4, 1, -5, 9};
  const std::vector<double> gain(6, 2), bias(6, 0.5);
  std::vector<double> normalized(6);
  const double scale = layer_norm_forward(gain.data(), bias.data(), 6, vector.data(), normalized.data());
  double mean = 0, square = 0;
  for (const double value : vector) mean += value / 6;
  for (const double value : vector) square += (value - mean) * (value - mean) / 6;
  CHECK(std::abs(mean - 0.5) < 1e-12);
  CHECK(std::abs(square - 4) < 1e-3);
  CHECK(scale > 0);
  std::vector<double> zero(6, 0.0);  // of an item that nothing is known of yet
  layer_norm_forward(gain.data(), bias.data(), 6, zero.data(), normalized.data());
  CHECK(zero == bias);
}

TEST_CASE("layer normalisation's gradient is that of central differences", "[train][norm]") {
  const std::size_t width = GENERATE(1U, 2U, 7U, 16U);
  Random random(31);
  std::vector<double> vector = test::random_values(width, 0.3, random);
  const auto gain = test::random_values(width, 1, random);
  const auto bias = test::random_values(width, 1, random);
  const auto weight = test::random_values(width, 1, random);
  std::vector<double> normalized(width);
  const auto loss = [&] {
    std::vector<double> out = vector;
    layer_norm_forward(gain.data(), bias.data(), width, out.data(), normalized.data());
    double sum = 0;
    for (std::size_t i = 0; i < width; ++i) sum += weight[i] * out[i] * out[i];
    return sum;
  };
  std::vector<double> gradient = vector;
  const double scale = layer_norm_forward(gain.data(), bias.data(), width, gradient.data(), normalized.data());
  for (std::size_t i = 0; i < width; ++i) gradient[i] *= 2 * weight[i];
  layer_norm_backward(gain.data(), normalized.data(), scale, width, gradient.data());
  CHECK(test::gradient_error(vector.data(), gradient.data(), width, width, loss) < 1e-7);
}

// Along random directions: vectors of all items with content's sums before and without, all rows or a step's.
TEST_CASE("the item vectors' gradient is that of central differences in every parameter", "[train][norm]") {
  const auto features = GENERATE(true, false) ? candle_and_bag_features() : ItemFeatures{};
  const auto rows = GENERATE(std::vector<std::uint32_t>{}, std::vector<std::uint32_t>{9, 7, 0, 41});
  const Architecture architecture{.items = items, .embedding_dim = 20, .hidden_dim = 20, .tied_head = true};
  const ParameterLayout layout = make_layout(architecture, items, features.columns, true);
  ItemVectors vectors(layout, features, std::vector<std::uint64_t>(items, 3), 0.5, 1);
  Random random(5);
  std::vector<float> buffer(vectors.buffer_size());
  for (float& value : buffer) value = random.uniform() - 0.5F;
  ThreadPool pool(2);
  const ParameterLayout gradient_layout = make_layout(architecture, rows.empty() ? items : rows.size());
  std::vector<float> weight(gradient_layout.size);
  for (float& value : weight) value = random.uniform() - 0.5F;
  const std::size_t width = layout.embedding.cols;
  const std::size_t count = gradient_layout.embedding.rows;
  const auto loss = [&] {
    vectors.compose_for_step(buffer, rows, 3, pool);
    double sum = 0;
    for (std::size_t row = 0; row < count; ++row) {
      const float* vector =
          buffer.data() + vectors.reading_layout().embedding.offset + (rows.empty() ? row : rows[row]) * width;
      const float* of_row = weight.data() + gradient_layout.embedding.offset + row * width;
      for (std::size_t i = 0; i < width; ++i) sum += static_cast<double>(of_row[i]) * static_cast<double>(vector[i]);
    }
    return sum;
  };
  loss();
  std::vector<float> gradient = weight;
  std::vector<float> shared(layout.size - layout.shared_begin);
  vectors.backward(buffer, gradient_layout, rows, gradient.data(), shared, pool);

  struct Part {
    std::size_t offset, size;
    const float* gradient;
  };
  std::vector<Part> parts;
  for (std::size_t row = 0; row < count; ++row) {
    parts.push_back({layout.embedding.offset + (rows.empty() ? row : rows[row]) * width, width,
                     gradient.data() + gradient_layout.embedding.offset + row * width});
  }
  parts.push_back({layout.shared_begin, shared.size(), shared.data()});
  for (int direction = 0; direction < 5; ++direction) {
    constexpr float step = 0x1p-8F;
    std::vector<float> along(layout.size);
    double expected = 0;
    for (const Part& part : parts) {
      for (std::size_t i = 0; i < part.size; ++i) {
        along[part.offset + i] = random.uniform() - 0.5F;
        expected += static_cast<double>(along[part.offset + i]) * static_cast<double>(part.gradient[i]);
      }
    }
    const std::vector<float> kept = buffer;
    const auto moved = [&](float by) {
      for (std::size_t i = 0; i < along.size(); ++i) buffer[i] = kept[i] + by * along[i];
      return loss();
    };
    const double numeric = (moved(step) - moved(-step)) / (2 * static_cast<double>(step));
    buffer = kept;
    CHECK(std::abs(numeric - expected) < 1e-2 * (1 + std::abs(expected)));
  }
}

TEST_CASE("training with layer normalisation gives the same bytes on any threads and after an interruption",
          "[train][norm]") {
  const auto log = test::walks(120, 30, items);
  const data::Split split(log, data::SplitKind::leave_last_out);
  const auto features = GENERATE(true, false) ? candle_and_bag_features() : ItemFeatures{};
  TrainOptions options = normalized_options();
  options.negatives = GENERATE(choose_negatives, 12U);
  options.threads = 1;
  const auto expected = train(split, test::catalogue_of(log), options, {}, features);
  REQUIRE(expected.ok());
  CHECK(expected->info.training.settings.find("\"layer_norm\":true") != std::string::npos);
  options.threads = 3;
  const auto threaded = train(split, test::catalogue_of(log), options, {}, features);
  REQUIRE(threaded.ok());
  CHECK(fingerprint(*threaded) == fingerprint(*expected));

  std::atomic<bool> stop = false;
  const test::TemporaryFolder folder;
  TrainHooks hooks;
  hooks.checkpoint = folder.path() / "model.checkpoint";
  hooks.stop = &stop;
  hooks.on_progress = [&](const Progress& progress) { stop = progress.epoch == 2; };
  REQUIRE(train(split, test::catalogue_of(log), options, hooks, features).ok());
  hooks.resume = true;
  hooks.stop = nullptr;
  options.layer_norm = false;
  const auto other = train(split, test::catalogue_of(log), options, hooks, features);
  REQUIRE_FALSE(other.ok());
  CHECK(other.error().code == ErrorCode::mismatch);
  options.layer_norm = true;
  const auto resumed = train(split, test::catalogue_of(log), options, hooks, features);
  REQUIRE(resumed.ok());
  CHECK(fingerprint(*resumed) == fingerprint(*expected));
}

// A normalized vector's values have the sum 0, so what comes out lies on one hyperplane for all items.
double distance_from_hyperplane(const MatrixF32& table) {
  Eigen::MatrixXd points(table.rows, table.cols + 1);
  for (std::uint32_t row = 0; row < table.rows; ++row) {
    for (std::uint32_t col = 0; col < table.cols; ++col) points(row, col) = static_cast<double>(table.row(row)[col]);
    points(row, table.cols) = 1;
  }
  const Eigen::VectorXd singular_values = Eigen::JacobiSVD<Eigen::MatrixXd>(points).singularValues();
  return singular_values(singular_values.size() - 1) / singular_values(0);
}

TEST_CASE("the model file holds the normalised vectors and nothing else of it", "[train][norm]") {
  const auto log = test::walks(120, 30, items);
  const data::Split split(log, data::SplitKind::leave_last_out);
  TrainOptions options = normalized_options();
  const auto with = train(split, test::catalogue_of(log), options, {});
  options.layer_norm = false;
  const auto without = train(split, test::catalogue_of(log), options, {});
  REQUIRE(with.ok());
  REQUIRE(without.ok());
  CHECK(with->info.architecture == without->info.architecture);
  CHECK(parse_float_model(serialize(*with)).ok());
  CHECK(distance_from_hyperplane(with->weights.embedding) < 1e-6);
  CHECK(distance_from_hyperplane(without->weights.embedding) > 1e-4);
}

}  // namespace
}  // namespace sotto::train
