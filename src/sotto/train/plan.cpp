#include <sotto/train/plan.hpp>

#include <sotto/train/epoch_stream.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

namespace sotto::train {
namespace {

// The lanes of one shard. They are few enough to spread a step over several cores, and enough for matrix products.
constexpr std::size_t lanes_per_shard = 4;
// Each shard has its own gradient. More shards would cost memory and save no time.
constexpr std::size_t max_shards = 16;
// Small logs use smaller batches until an epoch has this many steps.
constexpr std::size_t wanted_steps_per_epoch = 150;
// The number of epochs gives about this many steps in the training, within bounds.
constexpr std::size_t wanted_steps = 1500;
constexpr std::size_t min_epochs = 12;
constexpr std::size_t max_epochs = 100;
constexpr std::size_t default_negatives = 1024;

Error refuse(std::string detail) { return {ErrorCode::invalid_argument, std::move(detail)}; }

std::optional<Error> check_options(const TrainOptions& o) {
  const auto dimension = [](std::uint32_t value) { return value >= 1 && value <= max_dim; };
  if (!dimension(o.embedding_dim))
    return refuse(fmt::format("embedding_dim {} is not in 1 … {}", o.embedding_dim, max_dim));
  if (!dimension(o.hidden_dim)) return refuse(fmt::format("hidden_dim {} is not in 1 … {}", o.hidden_dim, max_dim));
  if (o.layers < 1 || o.layers > max_layers)
    return refuse(fmt::format("layers {} is not in 1 … {}", o.layers, max_layers));
  if (o.tied_head && o.embedding_dim != o.hidden_dim) {
    return refuse(fmt::format("a tied head needs embedding_dim ({}) and hidden_dim ({}) to be equal", o.embedding_dim,
                              o.hidden_dim));
  }
  if ((o.head == HeadKind::binary) != (o.loss == Loss::binary))
    return refuse("a binary head is trained with the binary loss, and no other head is");
  if (o.head == HeadKind::binary && (o.tied_head || o.skip_connection))
    return refuse("a binary head can neither be tied nor have a skip connection");
  if (o.head == HeadKind::binary && (o.window < 2 || o.batch_windows < 2))
    return refuse("a binary head needs windows of at least 2 events and batches of at least 2 windows");
  if (o.loss != Loss::cross_entropy && o.negatives == every_item)
    return refuse("only cross-entropy can take every item as a negative");
  for (const float rate : {o.input_dropout, o.dropout, o.id_dropout}) {
    if (!(rate >= 0 && rate <= 0.95F)) return refuse(fmt::format("dropout {} is not in 0 … 0.95", rate));
  }
  if (!(o.learning_rate > 0 && o.learning_rate <= 1))
    return refuse(fmt::format("learning_rate {} is not in 0 … 1", o.learning_rate));
  if (!(o.weight_decay >= 0 && o.weight_decay <= 1))
    return refuse(fmt::format("weight_decay {} is not in 0 … 1", o.weight_decay));
  if (!(o.clip_norm >= 0) || !std::isfinite(o.clip_norm))
    return refuse(fmt::format("clip_norm {} is not a norm", o.clip_norm));
  if (!(o.negative_alpha >= 0 && o.negative_alpha <= 1))
    return refuse(fmt::format("negative_alpha {} is not in 0 … 1", o.negative_alpha));
  if (o.batch_windows < 1 || o.batch_windows > 65536)
    return refuse(fmt::format("batch_windows {} is not in 1 … 65536", o.batch_windows));
  if (o.window < 1 || o.window > 65536) return refuse(fmt::format("window {} is not in 1 … 65536", o.window));
  return std::nullopt;
}

std::optional<Error> check_log(const data::Split& split, const Catalogue& catalogue, std::size_t positions) {
  if (catalogue.item_ids != split.log().item_ids) {
    return Error{ErrorCode::mismatch, fmt::format("the catalogue's {} items are not the log's {} in the same order",
                                                  catalogue.item_ids.size(), split.log().item_ids.size())};
  }
  if (catalogue.size() > max_items) {
    return Error{ErrorCode::out_of_range,
                 fmt::format("{} items are more than the {} that a model can have", catalogue.size(), max_items)};
  }
  if (positions == 0) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("nothing to learn from: a next-item model needs users with at least two training "
                             "events, and none of the log's {} users has them",
                             split.log().users())};
  }
  return std::nullopt;
}

std::optional<Error> check_features(const ItemFeatures& features, const Catalogue& catalogue,
                                    const TrainOptions& options) {
  if (features.empty()) return std::nullopt;
  if (features.begin.size() != std::size_t{catalogue.size()} + 1) {
    return Error{ErrorCode::mismatch, fmt::format("features of {} items for a catalogue of {}",
                                                  features.begin.size() - 1, catalogue.size())};
  }
  if (options.head == HeadKind::softmax && !options.tied_head) {
    return refuse("item features need a tied head or a binary one: a free head's rows are learned from events alone");
  }
  return std::nullopt;
}

const char* loss_name(const Plan& plan) {
  switch (plan.loss) {
    case Loss::cross_entropy: return plan.negatives == 0 ? "full softmax" : "sampled softmax";
    case Loss::bpr_max: return "bpr-max";
    case Loss::binary: return "binary cross-entropy";
  }
  return "";
}

const char* schedule_name(Schedule schedule) {
  switch (schedule) {
    case Schedule::linear: return "linear";
    case Schedule::cosine: return "cosine";
    case Schedule::constant: return "constant";
  }
  return "";
}

// Returns the double that prints like the float: 0.1, not 0.10000000149011612.
double as_written(float value) { return std::strtod(fmt::format("{}", value).c_str(), nullptr); }

}  // namespace

Result<Plan> make_plan(const data::Split& split, const Catalogue& catalogue, const TrainOptions& options,
                       const ItemFeatures& features) {
  if (auto error = check_options(options)) return *std::move(error);
  if (auto error = check_features(features, catalogue, options)) return *std::move(error);
  Plan plan;
  plan.positions = count_positions(split);
  if (auto error = check_log(split, catalogue, plan.positions)) return *std::move(error);

  plan.architecture = {.items = catalogue.size(),
                       .embedding_dim = options.embedding_dim,
                       .hidden_dim = options.hidden_dim,
                       .layers = options.layers,
                       .tied_head = options.tied_head,
                       .skip_connection = options.skip_connection,
                       .head = options.head};
  plan.loss = options.loss;
  plan.negative_alpha = static_cast<double>(options.negative_alpha);
  plan.draws_untouched = features.empty();
  plan.window = options.window;
  if (options.head == HeadKind::binary) {
    plan.lanes = options.batch_windows / 2;  // a lane is a target: two windows that differ in the candidate
    plan.steps_per_epoch = (plan.positions + plan.lanes - 1) / plan.lanes;
    plan.positions *= 2;
  } else {
    plan.lanes =
        std::clamp<std::size_t>(plan.positions / (plan.window * wanted_steps_per_epoch), 1, options.batch_windows);
    const std::size_t lane_length = (plan.positions + plan.lanes - 1) / plan.lanes;
    plan.steps_per_epoch = (lane_length + plan.window - 1) / plan.window;
  }
  plan.shards = std::min((plan.lanes + lanes_per_shard - 1) / lanes_per_shard, max_shards);
  plan.max_epochs =
      options.max_epochs != 0
          ? options.max_epochs
          : static_cast<std::uint32_t>(std::clamp(wanted_steps / plan.steps_per_epoch, min_epochs, max_epochs));
  if (options.head == HeadKind::binary) {
    plan.negatives = 0;
  } else if (options.negatives == choose_negatives) {
    const bool full = options.loss == Loss::cross_entropy && catalogue.size() <= max_full_softmax_items;
    plan.negatives = full ? 0 : default_negatives;
  } else if (options.negatives != every_item) {
    plan.negatives = options.negatives;
  }
  return plan;
}

TrainOptions keras_classic() {
  TrainOptions options;
  options.embedding_dim = 16;
  options.hidden_dim = 128;
  options.layers = 2;
  options.tied_head = false;
  options.skip_connection = false;
  options.head = HeadKind::binary;
  options.loss = Loss::binary;
  options.schedule = Schedule::constant;
  options.conventions = Conventions::keras;
  options.input_dropout = 0;
  options.dropout = 0;
  options.learning_rate = 1e-3F;
  options.clip_norm = 0;
  options.average_weights = false;
  options.window = 50;
  return options;
}

std::string settings_json(const TrainOptions& options, const Plan& plan, const ItemFeatures& features) {
  nlohmann::json settings = {
      {"input_dropout", as_written(options.input_dropout)},
      {"dropout", as_written(options.dropout)},
      {"learning_rate", as_written(options.learning_rate)},
      {"weight_decay", as_written(options.weight_decay)},
      {"clip_norm", as_written(options.clip_norm)},
      {"batch_windows", plan.lanes},
      {"window", plan.window},
      {"loss", loss_name(plan)},
      {"optimiser", options.optimizer == OptimizerKind::adam ? "adam" : "adagrad"},
      {"schedule", schedule_name(options.schedule)},
      {"average_weights", options.average_weights},
      {"negatives", plan.negatives},
      {"negative_alpha", as_written(options.negative_alpha)},
      {"max_epochs", plan.max_epochs},
      {"patience", options.patience},
  };
  if (options.conventions == Conventions::keras) settings["conventions"] = "keras";
  if (options.layer_norm) settings["layer_norm"] = true;
  if (!features.empty()) {
    settings["item_features"] = {{"columns", features.columns},
                                 {"entries", features.column.size()},
                                 {"fingerprint", fmt::format("{:016x}", features.fingerprint())},
                                 {"id_dropout", as_written(options.id_dropout)}};
  }
  return settings.dump();
}

}  // namespace sotto::train
