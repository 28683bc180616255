#include <sotto/app/calibration.hpp>
#include <sotto/app/file_lock.hpp>
#include <sotto/app/interruption.hpp>
#include <sotto/app/model_files.hpp>
#include <sotto/app/peak_memory.hpp>
#include <sotto/cli/console.hpp>
#include <sotto/cli/content_options.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/head_bits.hpp>
#include <sotto/cli/log_options.hpp>
#include <sotto/cli/progress.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/data/split.hpp>
#include <sotto/fit/fit_head_terms.hpp>
#include <sotto/fit/fit_memory_term.hpp>
#include <sotto/present/check_report.hpp>
#include <sotto/present/model_summary.hpp>
#include <sotto/present/training_report.hpp>
#include <sotto/train/quantize.hpp>
#include <sotto/train/train.hpp>

#include <fmt/format.h>

#include <ctime>
#include <memory>
#include <utility>

namespace sotto::cli {
namespace {

struct TrainCommand {
  LogOptions log;
  ContentOptions content;
  std::string out;
  train::TrainOptions training;
  std::uint32_t count_neighbors = fit::HeadTermOptions{}.count_neighbors;
  int head_bits = 8;
  std::string split = "leave-last-out";
  std::string licence;
  std::string attribution;
  std::string lineage;
  bool free_head = false;
  bool no_skip_connection = false;
  bool no_history_term = false;
  bool no_memory_term = false;
  bool no_event_sketch = false;
  bool resume = false;
  bool force = false;  // start again although a checkpoint lies there
  bool json = false;
};

std::string train_summary(const TrainCommand& options, const data::Interactions& log) {
  const train::TrainOptions& t = options.training;
  return present::keras_summary({.items = static_cast<std::uint32_t>(log.item_ids.size()),
                                 .embedding_dim = t.embedding_dim,
                                 .hidden_dim = t.hidden_dim,
                                 .layers = t.layers,
                                 .tied_head = t.tied_head,
                                 .skip_connection = t.skip_connection,
                                 .head = t.head},
                                t.window);
}

Result<app::SavedPair> write_models(const TrainCommand& options, FloatModel& model, const data::Split& split,
                                    const std::atomic<bool>& stop) {
  auto fixed =
      train::quantize(model, data::sample_training_sequences(split, app::calibration_events), options.head_bits);
  if (!fixed) return std::move(fixed).error();
  if (!options.no_memory_term) {
    HeadTermProgress progress;
    fit::add_memory_term(model, *fixed, split,
                         {.on_progress = [&](const fit::FitProgress& p) { progress.update(p); }, .stop = &stop});
    progress.finish();
  }
  return app::save_pair(*fixed, model, options.out);
}

void report(const TrainCommand& options, const data::ReadReport& rows, const ModelInfo& info,
            const app::SavedPair& written, bool interrupted) {
  const present::TrainingReport report{.model_file = written.fixed_file.string(),
                                       .model_bytes = written.fixed_bytes,
                                       .float_model_file = written.float_file.string(),
                                       .float_model_bytes = written.float_bytes,
                                       .interrupted = interrupted,
                                       .rows = rows,
                                       .architecture = info.architecture,
                                       .training = info.training,
                                       .peak_memory_bytes = app::peak_memory_bytes()};
  print_report(report, options.json);
}

// Logs what training is about to learn from.
void log_input(app::Logger& log, const TrainCommand& options, const ReadLog& read, const train::DescribedItems& items) {
  present::CheckReport check{.log_file = options.log.name(),
                             .command_line = {},
                             .log = read.identity,
                             .read = read.report,
                             .filtered = read.filtered,
                             .quality = {},
                             .coverage = {},
                             .problems = {},
                             .now = std::time(nullptr)};
  present::examine(check, read.log);
  for (const std::string& line : summary(check)) log.info(line);
  if (items.features.empty()) return;
  log.info(fmt::format("items are learned from their content, too: {} of {} are described", items.described,
                       items.catalogue.size()));
}

// Says which of the terms that the user wanted the model does not get, because nothing can be fitted to so few targets.
void log_dropped_terms(app::Logger& log, const TrainCommand& options, const data::Split& split) {
  const std::size_t targets = data::validation_targets(split).size();
  const bool binary = options.training.head == HeadKind::binary;
  if (binary || targets >= fit::min_head_term_targets) return;
  std::string dropped;
  if (!options.no_history_term) dropped = "history term";
  if (options.count_neighbors > 0) dropped += std::string(dropped.empty() ? "" : " and no ") + "count expert";
  if (dropped.empty()) return;
  log.warning(fmt::format("the model gets no {}: they are fitted to validation targets, and {} are fewer than {}",
                          dropped, targets, fit::min_head_term_targets));
}

// Returns false when it was interrupted.
bool fit_head(const TrainCommand& options, FloatModel& model, const data::Split& split, const std::atomic<bool>& stop) {
  const fit::HeadTermOptions terms{.history_term = !options.no_history_term,
                                   .count_neighbors = options.count_neighbors};
  train::ThreadPool pool(options.training.threads);
  HeadTermProgress progress;
  const bool finished =
      fit::add_head_terms(model, split, terms, pool,
                          {.on_progress = [&](const fit::FitProgress& p) { progress.update(p); }, .stop = &stop});
  progress.finish();
  return finished;
}

std::filesystem::path checkpoint_beside(const std::filesystem::path& model) {
  return std::filesystem::path(model).replace_extension(".checkpoint");
}

// An interrupted training may be hours of work.
Status check_start(const TrainCommand& options, const std::filesystem::path& checkpoint) {
  std::error_code error;
  if (options.resume || options.force || !std::filesystem::exists(checkpoint, error)) return Ok{};
  return Error{ErrorCode::invalid_argument,
               fmt::format("'{}' holds an interrupted training; go on with it by --resume, start again without it by "
                           "--force, or name another --out",
                           checkpoint.string())};
}

int run(app::Logger& log, TrainCommand& options) {
  const std::atomic<bool>& stop = app::stop_on_interruption();
  const auto lock = app::FileLock::take(options.out);
  if (!lock) return fail(log, lock.error());
  const auto checkpoint = checkpoint_beside(options.out);
  if (auto free = check_start(options, checkpoint); !free) return fail(log, free.error());
  if (auto possible = train::check_head_bits(options.training.head, options.head_bits); !possible)
    return fail(log, possible.error());
  // The option's check refused any text that is not a kind of split.
  const data::SplitKind kind = data::parse_split_kind(options.split).value_or(data::SplitKind::leave_last_out);
  auto read = read_log(log, options.log, kind, stop);
  if (!read) return fail(log, read.error());
  const auto sources = options.content.sources();
  if (!sources) return fail(log, sources.error());
  const auto items = train::describe_items(read->log, *sources);
  if (!items) return fail(log, items.error());
  log_input(log, options, *read, *items);
  // Items that nobody touched become items of the log without an event.
  read->log.item_ids = items->catalogue.item_ids;
  if (stop) return fail(log, {ErrorCode::interrupted, "interrupted before training began; nothing was written"});

  const data::Split split(read->log, kind);
  const bool binary = options.training.head == HeadKind::binary;
  options.training.tied_head =
      !binary && !options.free_head && options.training.embedding_dim == options.training.hidden_dim;
  options.training.skip_connection = !binary && !options.no_skip_connection;
  if (binary) options.training.loss = train::Loss::binary;
  if (!options.json) print(train_summary(options, read->log));
  TrainingProgress progress;
  auto model = train::train(split, items->catalogue, options.training,
                            {.on_progress = [&](const train::Progress& p) { progress.update(p); },
                             .stop = &stop,
                             .checkpoint = checkpoint,
                             .resume = options.resume},
                            items->features,
                            {.log = read->identity,
                             .vocabulary = options.log.vocabulary_limit(),
                             .licence = options.licence,
                             .attribution = options.attribution,
                             .lineage = options.lineage,
                             .event_sketch = !options.no_event_sketch});
  progress.finish();
  if (!model) return fail(log, model.error());
  // An interrupted training gets no terms: their fit takes a while, and it belongs to the weights of the training's
  // end.
  const bool fitted = !stop && fit_head(options, *model, split, stop);
  log_dropped_terms(log, options, split);
  auto written = write_models(options, *model, split, stop);
  if (!written) return fail(log, written.error());
  const bool interrupted = !fitted || stop;
  report(options, read->report, model->info, *written, interrupted);
  if (!interrupted) {
    std::error_code ignored;  // a checkpoint that stays does no harm
    std::filesystem::remove(checkpoint, ignored);
    return exit_ok;
  }
  log.warning(
      "interrupted; the model files hold the best weights so far without the terms that are fitted last, and --resume "
      "goes on to the whole model");
  return exit_interrupted;
}

void add_shape_options(Command train, TrainCommand& options) {
  const std::string group = "The model";
  auto& t = options.training;
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
      .flag("--free-head", options.free_head,
            "give the head a table of its own; without it, it shares the embedding's where both dimensions are equal")
      .group(group);
  add_head_bits(train, options.head_bits, head_bits_description).group(group);
  train
      .flag("--no-history-term", options.no_history_term,
            "leave out what the user's own recent events add to the scores (when, how often, what followed)")
      .group(group);
  train
      .flag("--no-memory-term", options.no_memory_term,
            "leave out what learning on the device begins with: which of their past items users return to, and when")
      .group(group);
  train
      .option("--count-neighbours", options.count_neighbors,
              "items that followed it in the log, kept for each item by the count expert; 0: no count expert")
      .range(0U, 1000U)
      .type("N")
      .shows_default()
      .group(group);
  train.flag("--no-skip-connection", options.no_skip_connection, "leave out the way from the last item to the head")
      .group(group);
}

void add_training_options(Command train, TrainCommand& options) {
  const std::string group = "Training";
  auto& t = options.training;
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

Run add_train(Command command) {
  auto options = std::make_shared<TrainCommand>();
  options->log.add_to(command);
  options->log.add_strict_to(command);
  options->content.add_to(command);
  command
      .option("--out", options->out,
              "fixed-point model to write; the float model goes beside it, with '.float' before the extension")
      .required()
      .type("MODEL")
      .writes(app::FileKind::fixed_model)
      .writes_beside("the float model of --out", app::FileKind::float_model, app::float_sibling)
      .writes_beside("the checkpoint of --out", app::FileKind::checkpoint, checkpoint_beside);
  command
      .text(
          "--preset",
          [options](const std::string&) {
            options->training = train::keras_classic();
            options->log.filters.max_items = train::keras_classic_items;
            options->content.no_content = true;
            return std::string();
          },
          "keras-classic: Embedding × 16 → LSTM 128 → LSTM 128 → Dense 1 with sigmoid, binary cross-entropy, Adam, "
          "windows of 50, batches of 32, at most 10000 items, learned from events alone; options beside it change it")
      .one_of({"keras-classic"})
      .type("NAME")
      .takes_effect_first();
  command.option("--licence", options->licence, "licence of the model, an SPDX expression or free text").type("TEXT");
  command.option("--attribution", options->attribution, "whom to name for the data and the model").type("TEXT");
  command
      .option("--lineage", options->lineage,
              "the name that all versions of this model share; pages keep each lineage's history apart")
      .type("NAME");
  command.flag("--no-event-sketch", options->no_event_sketch,
               "leave the hashes of sampled training events out of the model");
  command.flag(
      "--resume", options->resume,
      "go on with an interrupted training from the checkpoint beside the model, to the same result; only --force "
      "starts again where one waits");
  command.flag("--json", options->json, "print the result as one JSON object");
  add_shape_options(command, *options);
  add_training_options(command, *options);
  return [options, command](app::Logger& log) {
    options->force = command.force();
    return run(log, *options);
  };
}

}  // namespace sotto::cli
