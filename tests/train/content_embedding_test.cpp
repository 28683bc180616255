#include "../data/temporary_folder.hpp"
#include "../support/small_logs.hpp"
#include "fingerprint.hpp"

#include <sotto/base/hash.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/runtime/float_session.hpp>
#include <sotto/train/content_embedding.hpp>
#include <sotto/train/train.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <atomic>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

namespace sotto::train {
namespace {

using test::fingerprint;

ItemFeatures features_of(const std::vector<data::ItemText>& items) {
  data::ItemTexts texts;
  texts.items = items;
  return text_features(texts);
}

// The columns of one item with their values.
std::vector<std::pair<std::uint32_t, float>> row(const ItemFeatures& features, std::size_t item) {
  std::vector<std::pair<std::uint32_t, float>> entries;
  for (std::uint64_t i = features.begin[item]; i < features.begin[item + 1]; ++i) {
    entries.emplace_back(features.column[i], features.value[i]);
  }
  return entries;
}

double total(const ItemFeatures& features, std::size_t item) {
  double sum = 0;
  for (const auto& [column, value] : row(features, item)) sum += std::abs(static_cast<double>(value));
  return sum;
}

constexpr ItemIndex shelf_items = 20;  // of each of two shelves; even items are on one, odd items on the other

// Users who stay on their shelf, walking from item to item.
data::Interactions shelf_log() {
  std::vector<std::vector<ItemIndex>> users;
  for (std::uint64_t u = 0; u < 120; ++u) {
    std::vector<ItemIndex> events;
    for (const ItemIndex item : test::random_walk(12, shelf_items, u + 1)) {
      events.push_back(2 * item + static_cast<ItemIndex>(u % 2));
    }
    users.push_back(events);
  }
  auto log = test::make_log(users);
  // Two that nobody has touched, one for each shelf.
  log.item_ids.resize(2 * shelf_items);
  log.item_ids.insert(log.item_ids.end(), {"new candle", "new bag"});
  return log;
}

ItemFeatures shelf_features() {
  std::vector<data::ItemText> items;
  for (ItemIndex item = 0; item < 2 * shelf_items + 2; ++item) {
    const bool bag = item % 2 == 1;
    items.push_back(
        {(bag ? "lunch bag number " : "scented candle number ") + std::to_string(item), bag ? "Bags" : "Candles"});
  }
  return features_of(items);
}

TrainOptions content_options() {
  TrainOptions options;
  options.embedding_dim = options.hidden_dim = 16;
  options.max_epochs = 8;
  return options;
}

TEST_CASE("texts become hashed words, n-grams and categories that share 1", "[train][content]") {
  const auto features =
      features_of({{"Red apple", "Fruit"}, {"", ""}, {"RED  Äpple!", "fruit"}, {"apple", ""}, {"", "A|B"}});
  CHECK(row(features, 0) == row(features, 2));  // case and accents make no difference
  CHECK_FALSE(features.describes(1));
  for (const std::size_t item : {0U, 3U, 4U}) CHECK(std::abs(total(features, item) - 1) < 1e-5);
  CHECK(row(features, 4).size() == 2);
  // "apple": a word, and <apple> has 5, 4 and 3 n-grams of 3, 4 and 5 characters.
  CHECK(row(features, 3).size() == 1 + 5 + 4 + 3);
  // Not even an invalid text or a very long one is too much.
  std::string long_text;
  for (int i = 0; i < 20'000; ++i) long_text += "word" + std::to_string(i) + " ";
  const auto odd = features_of({{"\xff\xfe", "\xff"}, {long_text, ""}, {"東京 タワー", ""}});
  CHECK_FALSE(odd.describes(0));
  CHECK(std::abs(total(odd, 1) - 1) < 1e-3);
  CHECK(odd.describes(2));
}

TEST_CASE("given vectors keep their direction", "[train][content]") {
  const auto features = vector_features({.dimension = 3, .values = {3, -1, 0, 0, 0, 0}, .described = 1});
  CHECK(features.columns == 3);
  CHECK(row(features, 0) == std::vector<std::pair<std::uint32_t, float>>{{0, 0.75F}, {1, -0.25F}, {2, 0.0F}});
  CHECK_FALSE(features.describes(1));
}

// Sums are linear in the parameters, so ⟨gradient, sums⟩ = ⟨gradient of the parameters, parameters⟩.
TEST_CASE("the content's gradient is the adjoint of its sums", "[train][content]") {
  constexpr std::size_t items = 42;
  const auto features = shelf_features();
  const Architecture architecture{.items = items, .embedding_dim = 20, .hidden_dim = 20, .tied_head = true};
  const ParameterLayout layout = make_layout(architecture, items, features.columns);
  std::vector<std::uint64_t> counts(items, 3);
  counts[7] = 0;
  ContentEmbedding content(layout, features, counts, 0.5, 1);
  CHECK(content.untouched(7));
  CHECK_FALSE(content.untouched(6));
  Random random(5);
  std::vector<float> buffer(content.buffer_size());
  for (float& value : buffer) value = random.uniform() - 0.5F;
  ThreadPool pool(2);

  const std::vector<std::uint32_t> rows =
      GENERATE(std::vector<std::uint32_t>{}, std::vector<std::uint32_t>{9, 7, 0, 41});
  content.compose_for_step(buffer, rows, 3, pool);
  const ParameterLayout gradient_layout = make_layout(architecture, rows.empty() ? items : rows.size());
  std::vector<float> gradient(gradient_layout.size);
  for (float& value : gradient) value = random.uniform() - 0.5F;
  const std::size_t width = layout.embedding.cols;
  const auto at = [&](std::size_t row) { return gradient.data() + gradient_layout.embedding.offset + row * width; };
  double of_sums = 0;
  for (std::size_t row = 0; row < gradient_layout.embedding.rows; ++row) {
    const std::size_t item = rows.empty() ? row : rows[row];
    const float* sum = buffer.data() + content.reading_layout().embedding.offset + item * width;
    for (std::size_t i = 0; i < width; ++i) of_sums += static_cast<double>(sum[i]) * static_cast<double>(at(row)[i]);
  }
  std::vector<float> content_gradient(layout.content.size());
  content.backward(gradient_layout, rows, gradient.data(), content_gradient, pool);
  double of_parameters = 0;
  bool some_without_own = false;
  for (std::size_t row = 0; row < gradient_layout.embedding.rows; ++row) {
    const std::size_t item = rows.empty() ? row : rows[row];
    const float* own = buffer.data() + layout.embedding.offset + item * width;
    some_without_own = some_without_own || at(row)[0] == 0.0F;
    for (std::size_t i = 0; i < width; ++i)
      of_parameters += static_cast<double>(own[i]) * static_cast<double>(at(row)[i]);
  }
  for (std::size_t i = 0; i < content_gradient.size(); ++i) {
    of_parameters += static_cast<double>(buffer[layout.content.offset + i]) * static_cast<double>(content_gradient[i]);
  }
  CHECK(std::abs(of_sums - of_parameters) < 1e-3);
  if (rows.empty()) CHECK(some_without_own);
}

TEST_CASE("an item that nobody has touched is recommended by what is written about it", "[train][content]") {
  const auto log = shelf_log();
  const data::Split split(log, data::SplitKind::leave_last_out);
  TrainOptions options = content_options();
  options.negatives = GENERATE(choose_negatives, 12U);
  const auto model = train(split, test::catalogue_of(log), options, {}, shelf_features());
  REQUIRE(model.ok());
  FloatSession session(model->weights);
  std::size_t right = 0;
  for (std::size_t user = 0; user < log.users(); ++user) {
    session.reset();
    for (const ItemIndex item : log.items_of(user)) session.observe(item);
    std::vector<float> scores(log.item_ids.size());
    session.network_scores(scores);
    const bool bags = user % 2 == 1;
    if ((scores[2 * shelf_items + 1] > scores[2 * shelf_items]) == bags) ++right;
  }
  CHECK(right > log.users() * 9 / 10);
}

TEST_CASE("training with content gives the same bytes on any number of threads and after an interruption",
          "[train][content]") {
  const auto log = shelf_log();
  const data::Split split(log, data::SplitKind::leave_last_out);
  const auto features = shelf_features();
  TrainOptions options = content_options();
  options.negatives = GENERATE(choose_negatives, 12U);
  options.threads = 1;
  const auto expected = train(split, test::catalogue_of(log), options, {}, features);
  REQUIRE(expected.ok());
  options.threads = 3;
  const auto threaded = train(split, test::catalogue_of(log), options, {}, features);
  REQUIRE(threaded.ok());
  CHECK(fingerprint(*threaded) == fingerprint(*expected));

  std::atomic<bool> stop = false;
  const test::TemporaryFolder folder;
  TrainHooks hooks;
  hooks.checkpoint = folder.path() / "model.checkpoint";
  hooks.stop = &stop;
  hooks.on_progress = [&](const Progress& progress) { stop = progress.epoch == 3; };
  REQUIRE(train(split, test::catalogue_of(log), options, hooks, features).ok());
  hooks.resume = true;
  hooks.stop = nullptr;
  const auto other =
      train(split, test::catalogue_of(log), options, hooks, features_of(std::vector<data::ItemText>(42)));
  REQUIRE_FALSE(other.ok());
  CHECK(other.error().code == ErrorCode::mismatch);
  const auto resumed = train(split, test::catalogue_of(log), options, hooks, features);
  REQUIRE(resumed.ok());
  CHECK(fingerprint(*resumed) == fingerprint(*expected));
}

TEST_CASE("features that fit no model are refused", "[train][content]") {
  const auto log = shelf_log();
  const data::Split split(log, data::SplitKind::leave_last_out);
  TrainOptions options = content_options();
  CHECK_FALSE(train(split, test::catalogue_of(log), options, {}, features_of({{"one", ""}})).ok());
  options.tied_head = false;
  const auto free_head = train(split, test::catalogue_of(log), options, {}, shelf_features());
  REQUIRE_FALSE(free_head.ok());
  CHECK(free_head.error().detail.find("tied") != std::string::npos);
}

}  // namespace
}  // namespace sotto::train
