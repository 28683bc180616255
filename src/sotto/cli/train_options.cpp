#include <sotto/app/file_lock.hpp>
#include <sotto/cli/head_bits.hpp>
#include <sotto/cli/train_options.hpp>
#include <sotto/pipeline/training_output.hpp>
#include <sotto/train/quantize.hpp>

namespace sotto::cli {
namespace {

// The lock of a file beside the model.
template <std::filesystem::path (*beside)(const std::filesystem::path&)>
std::filesystem::path lock_of(const std::filesystem::path& model) {
  return app::FileLock::beside(beside(model));
}

void add_shape_options(Command train, TrainOptions& options) {
  const std::string group = "The model";
  auto& t = options.model.training;
  train.option("--embedding-dim", t.embedding_dim, "numbers per item, 1 … 4096")
      .range(1U, max_dim)
      .type("N")
      .shows_default()
      .group(group);
  train.option("--hidden-dim", t.hidden_dim, "units of each LSTM layer, 1 … 4096")
      .range(1U, max_dim)
      .type("N")
      .shows_default()
      .group(group);
  train.option("--layers", t.layers, "LSTM layers, 1 … 16")
      .range(1U, max_layers)
      .type("N")
      .shows_default()
      .group(group);
  train
      .choice<HeadKind>("--head", t.head, {{"softmax", HeadKind::softmax}, {"binary", HeadKind::binary}},
                        "what the model tells: which item comes next, or of a candidate whether it does (sigmoid)")
      .group(group);
  train
      .flag("--free-head", options.model.free_head,
            "give the head a table of its own; without it, it shares the embedding's where both dimensions are equal")
      .group(group);
  add_head_bits(train, options.model.head_bits, head_bits_description).group(group);
  train
      .flag("--no-history-term", options.model.no_history_term,
            "leave out what the user's own recent events add to the scores (when, how often, what followed)")
      .group(group);
  train
      .flag("--no-memory-term", options.model.no_memory_term,
            "leave out what learning on the device begins with: which of their past items users return to, and when")
      .group(group);
  train
      .flag("--no-final-training", options.model.no_final_training,
            "keep the network that was validated; without it: train once more, with the validation's events as well")
      .group(group);
  train
      .option("--count-neighbours", options.model.count_neighbors,
              "items that followed it in the log, kept for each item by the count expert; 0: no count expert")
      .range(0U, 1000U)
      .type("N")
      .shows_default()
      .group(group);
  train
      .flag("--no-skip-connection", options.model.no_skip_connection,
            "leave out the way from the last item to the head")
      .group(group);
}

void add_training_options(Command train, TrainOptions& options) {
  const std::string group = "Training";
  auto& t = options.model.training;
  train
      .option(
          "--split", options.split,
          "what is held out: each user's last two events, the last two tenths of the log's time, each user's last two "
          "sessions, or nothing (then the model cannot be evaluated on this log)")
      .one_of({"leave-last-out", "temporal", "last-session", "none"})
      .type("leave-last-out|temporal|last-session|none")
      .shows_default()
      .group(group);
  train
      .option("--epochs", t.max_epochs,
              "maximum number of passes over the training events, 1 … 10000; 0: chosen from the log's size")
      .range(0U, 10'000U)
      .type("N")
      .shows_default()
      .group(group);
  train.option("--patience", t.patience, "epochs without a better validation figure before training ends, 1 … 10000")
      .range(1U, 10'000U)
      .type("N")
      .shows_default()
      .group(group);
  train
      .choice<train::Loss>("--loss", t.loss,
                           {{"cross-entropy", train::Loss::cross_entropy}, {"bpr-max", train::Loss::bpr_max}},
                           "what a softmax head is trained with; a binary head has its own")
      .group(group);
  train
      .option("--negatives", t.negatives,
              "items drawn for each step as negatives; 0: chosen from the loss and the catalogue's size (all items "
              "under cross-entropy up to 20,000)")
      .range(0U, 1'000'000U)
      .type("N")
      .shows_default()
      .group(group);
  train.option("--negative-alpha", t.negative_alpha, "negatives are drawn from popularity to this power, 0 … 1")
      .range(0.0F, 1.0F)
      .type("X")
      .shows_default()
      .group(group);
  train
      .choice<train::OptimizerKind>("--optimiser", t.optimizer,
                                    {{"adam", train::OptimizerKind::adam}, {"adagrad", train::OptimizerKind::adagrad}},
                                    "how weights move")
      .group(group);
  train
      .choice<train::Schedule>("--schedule", t.schedule,
                               {{"linear", train::Schedule::linear},
                                {"cosine", train::Schedule::cosine},
                                {"constant", train::Schedule::constant}},
                               "how the learning rate falls over the planned epochs")
      .group(group);
  train.option("--weight-decay", t.weight_decay, "decoupled, per unit of learning rate, 0 … 1")
      .range(0.0F, 1.0F)
      .type("X")
      .shows_default()
      .group(group);
  train.option("--clip-norm", t.clip_norm, "largest norm of a step's gradient; 0: no clipping")
      .range(0.0F, 1e6F)
      .type("X")
      .shows_default()
      .group(group);
  train.option("--input-dropout", t.input_dropout, "share of embedding values dropped in training, 0 … 0.95")
      .range(0.0F, 0.95F)
      .type("X")
      .shows_default()
      .group(group);
  train.option("--learning-rate", t.learning_rate, "the optimizer's step size at the start, above 0 up to 1")
      .range(1e-8F, 1.0F)
      .type("X")
      .shows_default()
      .group(group);
  train.option("--dropout", t.dropout, "share of hidden values dropped in training, 0 … 0.95")
      .range(0.0F, 0.95F)
      .type("X")
      .shows_default()
      .group(group);
  train
      .option("--id-dropout", t.id_dropout,
              "share of the items with content that are known by it alone in a step, 0 … 0.95")
      .range(0.0F, 0.95F)
      .type("X")
      .shows_default()
      .group(group);
  train
      .flag("--layer-norm", t.layer_norm,
            "normalize the items' vectors, with a learned gain and bias; the model file holds what comes out")
      .group(group);
  train.option("--window", t.window, "events that a gradient reaches back, 1 … 65536")
      .range(1U, 65'536U)
      .type("N")
      .shows_default()
      .group(group);
  train.option("--batch", t.batch_windows, "windows per optimizer step, 1 … 65536")
      .range(1U, 65'536U)
      .type("N")
      .shows_default()
      .group(group);
  train.option("--seed", t.seed, "start of all random numbers, 0 … 2^64 - 1; the same seed gives the same model")
      .type("N")
      .shows_default()
      .group(group);
  train.option("--threads", t.threads, "processor threads, 0: all; no effect on the result")
      .range(0U, 1024U)
      .type("N")
      .shows_default()
      .group(group);
}

}  // namespace

void TrainOptions::add_to(Command command) {
  log.add_to(command);
  log.add_strict_to(command);
  content.add_to(command);
  command
      .option("--out", out,
              "fixed-point model to write; the float model goes beside it, with '.float' before the extension")
      .required()
      .type("MODEL")
      .writes(app::FileKind::fixed_model)
      .writes_beside("the float model of --out", app::FileKind::float_model, app::float_sibling)
      .writes_beside("the checkpoint of --out", app::FileKind::checkpoint, pipeline::checkpoint_beside)
      .writes_beside("the final training's checkpoint of --out", app::FileKind::checkpoint,
                     pipeline::final_checkpoint_beside)
      .writes_beside("the lock of --out", app::FileKind::lock, app::FileLock::beside)
      .writes_beside("the lock of --out's float model", app::FileKind::lock, lock_of<app::float_sibling>)
      .writes_beside("the lock of --out's checkpoint", app::FileKind::lock, lock_of<pipeline::checkpoint_beside>)
      .writes_beside("the lock of the final training's checkpoint", app::FileKind::lock,
                     lock_of<pipeline::final_checkpoint_beside>);
  command
      .text(
          "--preset",
          [this](const std::string&) {
            model.training = train::keras_classic();
            log.filters.max_items = train::keras_classic_items;
            content.no_content = true;
            return std::string();
          },
          "keras-classic: Embedding × 16 → LSTM 128 → LSTM 128 → Dense 1 with sigmoid, binary cross-entropy, Adam, "
          "windows of 50, batches of 32, at most 10000 items, learned from events alone; options beside it change it")
      .one_of({"keras-classic"})
      .type("NAME")
      .takes_effect_first();
  command.option("--licence", licence, "licence of the model, an SPDX expression or free text").type("TEXT");
  command.option("--attribution", attribution, "whom to name for the data and the model").type("TEXT");
  command
      .option("--lineage", lineage,
              "the name that all versions of this model share; pages keep each lineage's history apart")
      .type("NAME");
  command.flag("--no-event-sketch", no_event_sketch, "leave the hashes of sampled training events out of the model");
  command.flag(
      "--resume", resume,
      "go on with an interrupted training from the checkpoint beside the model, to the same result; only --force "
      "starts again where one waits");
  command.flag("--json", json, "print the result as one JSON object");
  add_shape_options(command, *this);
  add_training_options(command, *this);
}

Status TrainOptions::check() const { return train::check_head_bits(model.training.head, model.head_bits); }

data::SplitKind TrainOptions::split_kind() const {
  // The option's check refused any text that is not a kind of split.
  return data::parse_split_kind(split).value_or(data::SplitKind::leave_last_out);
}

train::Provenance TrainOptions::provenance(const LogIdentity& identity) const {
  return {.log = identity,
          .vocabulary = log.vocabulary_limit(),
          .licence = licence,
          .attribution = attribution,
          .lineage = lineage,
          .event_sketch = !no_event_sketch};
}

}  // namespace sotto::cli
