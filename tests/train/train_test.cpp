#include "../data/temporary_folder.hpp"
#include "../support/small_logs.hpp"
#include "fingerprint.hpp"

#include <sotto/base/hash.hpp>
#include <sotto/data/files.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/train/checkpoint.hpp>
#include <sotto/train/train.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <atomic>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <thread>

namespace sotto::train {
namespace {

using test::fingerprint;

TrainOptions small_options() {
  TrainOptions options;
  options.embedding_dim = options.hidden_dim = 8;
  options.max_epochs = 3;
  return options;
}

Result<FloatModel> run(const data::Interactions& log, const TrainOptions& options, const TrainHooks& hooks = {},
                       data::SplitKind kind = data::SplitKind::leave_last_out) {
  return train(data::Split(log, kind), test::catalogue_of(log), options, hooks);
}

bool all_finite(const FloatModel& model) {
  const auto finite = [](const std::vector<float>& values) {
    return std::ranges::all_of(values, [](float value) { return std::isfinite(value); });
  };
  return finite(model.weights.embedding.values) && finite(model.weights.head_bias) &&
         finite(model.weights.lstm.front().hidden_weights.values);
}

TEST_CASE("training learns a tiny log by heart", "[train]") {
  const auto log = test::make_log({{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {9, 7, 5, 3, 1, 8, 6, 4, 2, 0}});
  TrainOptions options;
  options.embedding_dim = options.hidden_dim = 16;
  options.input_dropout = options.dropout = 0;
  options.max_epochs = 300;
  double loss = 1e9;
  TrainHooks hooks;
  hooks.on_progress = [&](const Progress& progress) { loss = progress.loss; };
  const auto model = run(log, options, hooks, data::SplitKind::none);
  REQUIRE(model.ok());
  // The same item is followed by different ones in the two users' histories: only the state can tell them apart.
  CHECK(loss < 0.05);
  CHECK(model->info.training.epochs == 300);
}

TEST_CASE("the same seed gives the same bytes on any number of threads", "[train]") {
  const auto log = test::walks(120, 40, 30);  // enough for several shards
  TrainOptions options = small_options();
  options.window = 2;
  options.negatives = GENERATE(choose_negatives, 12U);
  options.tied_head = GENERATE(true, false);
  options.threads = 1;
  const auto expected = run(log, options);
  REQUIRE(expected.ok());
  for (const std::uint32_t threads : {1U, 2U, 3U}) {
    options.threads = threads;
    const auto model = run(log, options);
    REQUIRE(model.ok());
    CHECK(fingerprint(*model) == fingerprint(*expected));
  }
  options.seed = 2;
  const auto other = run(log, options);
  REQUIRE(other.ok());
  CHECK(other->weights.embedding.values != expected->weights.embedding.values);
}

TEST_CASE("training finds the pattern of a log, with full and with sampled softmax", "[train]") {
  const auto log = test::walks(200, 30, 50);
  TrainOptions options;
  options.embedding_dim = options.hidden_dim = 16;
  options.max_epochs = 12;
  options.negatives = GENERATE(choose_negatives, 20U);
  options.layers = GENERATE(1U, 2U);
  const auto model = run(log, options);
  REQUIRE(model.ok());
  // Four of five steps go one item on; a random ranking of 50 items has 0.09.
  CHECK(model->info.training.validation_ndcg10 > 0.6);
  CHECK(model->info.training.split.validation_targets == 200);
}

TEST_CASE("a training that ends early walks the planned schedule up to there", "[train]") {
  const auto log = test::walks(60, 12, 20);
  const data::Split none(log, data::SplitKind::none);
  TrainOptions options;
  options.embedding_dim = options.hidden_dim = 8;
  options.max_epochs = 6;
  std::vector<double> losses;
  std::uint32_t shown_epochs = 0;
  const auto losses_of = [&](const TrainOptions& of) {
    losses.clear();
    TrainHooks hooks;
    hooks.on_progress = [&](const Progress& p) {
      CHECK_FALSE(p.validates);
      shown_epochs = p.max_epochs;
      if (p.events_done == p.events_per_epoch && losses.size() < p.epoch) losses.push_back(p.loss);
    };
    const auto model = train(none, test::catalogue_of(log), of, hooks);
    REQUIRE(model.ok());
    return model->info.training.epochs;
  };
  REQUIRE(losses_of(options) == 6);
  const std::vector<double> all = losses;
  REQUIRE(all.size() == 6);
  options.end_after_epoch = 4;
  CHECK(losses_of(options) == 4);
  CHECK(shown_epochs == 4);
  CHECK(losses == std::vector<double>(all.begin(), all.begin() + 4));
}

TEST_CASE("an epoch's progress has no validation figure before its own", "[train]") {
  const auto log = test::walks(20, 20, 10);
  TrainOptions options = small_options();
  options.max_epochs = 3;
  std::vector<Progress> seen;
  TrainHooks hooks;
  hooks.on_progress = [&](const Progress& progress) {
    seen.push_back(progress);
    if (progress.epoch == 2) std::this_thread::sleep_for(std::chrono::milliseconds(300));  // so that each step tells
  };
  REQUIRE(run(log, options, hooks).ok());
  const auto first_of_third = std::ranges::find(seen, 3U, &Progress::epoch);
  REQUIRE(first_of_third != seen.end());
  CHECK(first_of_third->validation == 0);
  CHECK(seen.back().validation > 0);
}

TEST_CASE("a stop request leaves usable weights", "[train]") {
  const auto log = test::walks(50, 30, 20);
  std::atomic<bool> stop{false};
  TrainHooks hooks;
  hooks.stop = &stop;
  SECTION("before the first step") { stop = true; }
  SECTION("after the first epoch") {
    hooks.on_progress = [&](const Progress& progress) { stop = progress.epoch == 1 && progress.validation > 0; };
  }
  TrainOptions options = small_options();
  options.max_epochs = 1000;
  options.patience = 1000;
  const auto model = run(log, options, hooks);
  REQUIRE(model.ok());
  CHECK(model->info.training.epochs <= 1);
  CHECK(all_finite(*model));
  CHECK(parse_float_model(serialize(*model)).ok());
}

TEST_CASE("training that was interrupted anywhere and resumed gives the same model", "[train]") {
  const auto log = test::walks(120, 40, 30);
  TrainOptions options = small_options();
  options.window = 2;
  options.negatives = GENERATE(choose_negatives, 12U);
  options.optimizer = GENERATE(OptimizerKind::adam, OptimizerKind::adagrad);
  options.average_weights = GENERATE(true, false);
  const auto whole = run(log, options);
  REQUIRE(whole.ok());

  const test::TemporaryFolder folder;
  TrainHooks hooks;
  hooks.checkpoint = folder.path() / "model.checkpoint";
  std::atomic<bool> stop = false;
  hooks.stop = &stop;
  // Stopped after a few milliseconds, wherever that is, until it has come to its end.
  Result<FloatModel> model = Error{};
  int runs = 0;
  bool finished = false;
  while (!finished) {
    stop = false;
    hooks.resume = runs > 0;
    std::jthread stopper([&stop, runs] {
      std::this_thread::sleep_for(std::chrono::milliseconds(3 + 7 * runs));
      stop = true;
    });
    model = run(log, options, hooks);
    REQUIRE(model.ok());
    ++runs;
    const auto checkpoint = parse_checkpoint(*data::read_file(hooks.checkpoint));
    REQUIRE(checkpoint.ok());
    finished = checkpoint->epoch > options.max_epochs;
  }
  CHECK(runs >= 2);
  CHECK(fingerprint(*model) == fingerprint(*whole));
  // The checkpoint of a training that has ended gives the model again.
  hooks.resume = true;
  const auto again = run(log, options, hooks);
  REQUIRE(again.ok());
  CHECK(fingerprint(*again) == fingerprint(*whole));
}

TEST_CASE("a checkpoint of something else or with a damaged byte is refused", "[train]") {
  const auto log = test::walks(120, 40, 30);
  TrainOptions options = small_options();
  const test::TemporaryFolder folder;
  TrainHooks hooks;
  hooks.checkpoint = folder.path() / "model.checkpoint";
  std::atomic<bool> stop = true;
  hooks.stop = &stop;
  REQUIRE(run(log, options, hooks).ok());
  stop = false;
  hooks.resume = true;
  const auto refused = [&](const data::Interactions& of, const TrainOptions& with, std::string_view why) {
    const auto model = run(of, with, hooks);
    REQUIRE_FALSE(model.ok());
    INFO(model.error().detail);
    CHECK(model.error().detail.find(why) != std::string::npos);
  };
  refused(test::walks(120, 40, 31), options, "another log");
  data::Interactions reordered = log;
  reordered.item.clear();
  reordered.timestamp.clear();
  reordered.user_ids = {};
  for (std::size_t user = 0; user < log.users(); ++user) {
    const std::size_t from = log.users() - 1 - user;
    reordered.user_ids.push_back(log.user_ids[from]);
    reordered.item.insert(reordered.item.end(), log.items_of(from).begin(), log.items_of(from).end());
    reordered.timestamp.insert(reordered.timestamp.end(), log.times_of(from).begin(), log.times_of(from).end());
    reordered.user_begin[user + 1] = reordered.item.size();
  }
  REQUIRE(data::identify(reordered).fingerprint == data::identify(log).fingerprint);
  refused(reordered, options, "users in another order");
  TrainOptions other = options;
  other.seed = 2;
  refused(log, other, "of seed 1");
  other = options;
  other.dropout = 0.3F;
  refused(log, other, "other settings");

  auto bytes = data::read_file(hooks.checkpoint);
  REQUIRE(bytes.ok());
  bytes->back() ^= std::byte{1};
  REQUIRE(data::write_file_atomically(hooks.checkpoint, *bytes).ok());
  refused(log, options, "checksum");
  std::filesystem::remove(hooks.checkpoint);
  refused(log, options, "cannot open");
}

TEST_CASE("a checkpoint that cannot be written ends training with the reason", "[train]") {
  const test::TemporaryFolder folder;
  TrainHooks hooks;
  hooks.checkpoint = folder.path() / "no such folder" / "model.checkpoint";
  const auto model = run(test::walks(20, 10, 5), small_options(), hooks);
  REQUIRE_FALSE(model.ok());
  CHECK(model.error().code == ErrorCode::io);
}

TEST_CASE("unusual logs train", "[train]") {
  TrainOptions options = small_options();
  const auto kind = GENERATE(data::SplitKind::leave_last_out, data::SplitKind::none);
  SECTION("one item") { CHECK(run(test::make_log({{0, 0, 0, 0}}), options, {}, kind).ok()); }
  SECTION("sessions of two events") {
    const auto model = run(test::make_log({{0, 1}, {1, 2}, {2, 0}}), options, {}, kind);
    REQUIRE(model.ok());
    CHECK(model->info.training.epochs == 3);  // nothing is held out: the last epoch's weights are kept
  }
  SECTION("one long user among short ones") {
    const auto log = test::make_log({test::random_walk(5000, 40, 1), {1}, {2, 3}, {4, 5, 6}});
    const auto model = run(log, options, {}, kind);
    REQUIRE(model.ok());
    CHECK(all_finite(*model));
  }
  SECTION("a catalogue above the full softmax's limit") {
    std::vector<ItemIndex> every_item_once;
    for (ItemIndex item = 0; item <= max_full_softmax_items; ++item) every_item_once.push_back(item);
    options.max_epochs = 1;
    const auto model = run(test::make_log({every_item_once, {1, 2, 3}}), options, {}, kind);
    REQUIRE(model.ok());
    CHECK(model->info.training.settings.find("sampled softmax") != std::string::npos);
    CHECK(all_finite(*model));
  }
}

TEST_CASE("what cannot be learned from or meant is refused in words", "[train]") {
  const auto good = test::walks(5, 10, 5);
  TrainOptions options = small_options();
  const auto refusal = [&](const data::Interactions& log) {
    const auto model = run(log, options);
    REQUIRE_FALSE(model.ok());
    return model.error().detail;
  };
  CHECK(refusal(test::make_log({{0}, {1}, {2}})).find("at least two") != std::string::npos);
  CHECK(refusal(test::make_log({})).find("at least two") != std::string::npos);
  SECTION("dimensions") {
    options.hidden_dim = 9;
    CHECK(refusal(good).find("tied") != std::string::npos);
    options.embedding_dim = 0;
    CHECK(refusal(good).find("embedding_dim") != std::string::npos);
  }
  SECTION("layers") {
    options.layers = 17;
    CHECK(refusal(good).find("layers 17") != std::string::npos);
  }
  SECTION("rates") {
    options.learning_rate = std::nanf("");
    CHECK(refusal(good).find("learning_rate") != std::string::npos);
    options = small_options();
    options.dropout = 1.0F;
    CHECK(refusal(good).find("dropout") != std::string::npos);
  }
  SECTION("a catalogue of another log") {
    Catalogue other = test::catalogue_of(good);
    other.item_ids.pop_back();
    const auto model = train(data::Split(good, data::SplitKind::none), other, options, {});
    REQUIRE_FALSE(model.ok());
    CHECK(model.error().code == ErrorCode::mismatch);
  }
}

TEST_CASE("progress runs from the first epoch to the last and ends with what was kept", "[train]") {
  std::vector<Progress> seen;
  TrainHooks hooks;
  hooks.on_progress = [&](const Progress& progress) { seen.push_back(progress); };
  const auto model = run(test::walks(50, 30, 20), small_options(), hooks);
  REQUIRE(model.ok());
  REQUIRE(seen.size() >= 3);
  CHECK(std::ranges::is_sorted(seen, {}, &Progress::epoch));
  CHECK(seen.back().epoch == 3);
  CHECK(seen.back().events_done == seen.back().events_per_epoch);
  CHECK(seen.back().best_validation == model->info.training.validation_ndcg10);
}

TEST_CASE("a training that diverges ends when it does, with its loss still finite", "[train]") {
  const auto log = test::walks(300, 40, 7);
  TrainOptions options = small_options();
  options.max_epochs = 50;
  options.learning_rate = 1;
  options.loss = GENERATE(Loss::cross_entropy, Loss::bpr_max);
  std::uint32_t epochs = 0;
  TrainHooks hooks;
  hooks.on_progress = [&](const Progress& progress) { epochs = progress.epoch; };
  const auto model = run(log, options, hooks);
  REQUIRE_FALSE(model.ok());
  CHECK(model.error().code == ErrorCode::out_of_range);
  INFO(model.error().detail);
  CHECK(model.error().detail.find("training diverges") != std::string::npos);
  CHECK(model.error().detail.find("learning_rate") != std::string::npos);
  CHECK(epochs <= 5);
}

TEST_CASE("BPR-max at its learning rate does not count as diverging, with few items and with many", "[train]") {
  TrainOptions options = small_options();
  options.max_epochs = 10;
  options.loss = Loss::bpr_max;
  options.learning_rate = GENERATE(0.002F, 0.03F);
  const ItemIndex items = GENERATE(3U, 40U, 400U);
  const auto model = run(test::walks(100, 40, items), options);
  INFO((model.ok() ? "" : model.error().detail));
  CHECK(model.ok());
}

}  // namespace
}  // namespace sotto::train
