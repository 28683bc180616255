#include <sotto/cli/calibration.hpp>
#include <sotto/cli/check_report.hpp>
#include <sotto/cli/console.hpp>
#include <sotto/cli/content_options.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/head_bits.hpp>
#include <sotto/cli/interruption.hpp>
#include <sotto/cli/log_options.hpp>
#include <sotto/cli/model_files.hpp>
#include <sotto/cli/model_summary.hpp>
#include <sotto/cli/peak_memory.hpp>
#include <sotto/cli/progress.hpp>
#include <sotto/cli/provenance.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/data/split.hpp>
#include <sotto/fit/fit_head_terms.hpp>
#include <sotto/fit/fit_memory_term.hpp>
#include <sotto/train/quantize.hpp>
#include <sotto/train/train.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <memory>
#include <utility>

namespace sotto::cli {
namespace {

constexpr std::string_view command = "train";

struct TrainCommand {
  LogOptions log;
  ContentOptions content;
  std::string out;
  train::TrainOptions training;
  std::uint32_t count_neighbours = fit::HeadTermOptions{}.count_neighbors;
  int head_bits = 8;
  std::string split = "leave-last-out";
  std::string licence;
  std::string attribution;
  bool free_head = false;
  bool no_skip_connection = false;
  bool no_history_term = false;
  bool no_memory_term = false;
  bool no_event_sketch = false;
  bool resume = false;
  bool json = false;
};

std::string train_summary(const TrainCommand& options, const data::Interactions& log) {
  const train::TrainOptions& t = options.training;
  return keras_summary({.items = static_cast<std::uint32_t>(log.item_ids.size()),
                        .embedding_dim = t.embedding_dim,
                        .hidden_dim = t.hidden_dim,
                        .layers = t.layers,
                        .tied_head = t.tied_head,
                        .skip_connection = t.skip_connection,
                        .head = t.head},
                       t.window);
}

// What the log does not say but the model file does.
void complete(ModelInfo& info, const TrainCommand& options, const LogIdentity& identity) {
  info.training.log.name = identity.name;
  info.training.vocabulary = options.log.vocabulary_limit();
  info.licence = options.licence;
  info.attribution = options.attribution;
  if (options.no_event_sketch) info.training_event_sketch.clear();
}

struct Written {
  std::filesystem::path fixed_file;
  std::filesystem::path float_file;
  std::uint64_t fixed_bytes = 0;
  std::uint64_t float_bytes = 0;
};

// The memory term of the fixed-point model is the float model's, too, from which it can be quantised again. A fit that
// is stopped leaves both without.
void fit_memory(FloatModel& model, FixedModel& fixed, const data::Split& split, const std::atomic<bool>& stop) {
  HeadTermProgress progress;
  const auto term = fit::fit_memory_term(
      fixed, split, {.on_progress = [&](const fit::FitProgress& p) { progress.update(p); }, .stop = &stop});
  progress.finish();
  model.weights.memory = fixed.weights.memory = term;
  model.info.architecture.memory_term = fixed.info.architecture.memory_term = term.has_value();
}

Result<Written> write_models(const TrainCommand& options, FloatModel& model, const data::Split& split,
                             const std::atomic<bool>& stop) {
  Written written{.fixed_file = options.out, .float_file = float_sibling(options.out)};
  auto fixed = train::quantize(model, data::sample_training_sequences(split, calibration_events), options.head_bits);
  if (!fixed) return std::move(fixed).error();
  if (!options.no_memory_term) fit_memory(model, *fixed, split, stop);
  auto float_bytes = save_model(model, written.float_file);
  if (!float_bytes) return std::move(float_bytes).error();
  auto fixed_bytes = save_model(*fixed, written.fixed_file);
  if (!fixed_bytes) return std::move(fixed_bytes).error();
  written.float_bytes = *float_bytes;
  written.fixed_bytes = *fixed_bytes;
  return written;
}

void report(const TrainCommand& options, const data::ReadReport& rows, const ModelInfo& info, const Written& written,
            bool interrupted) {
  const TrainingRecord& training = info.training;
  if (options.json) {
    print_json({{"model", written.fixed_file.string()},
                {"model_bytes", written.fixed_bytes},
                {"float_model", written.float_file.string()},
                {"float_model_bytes", written.float_bytes},
                {"interrupted", interrupted},
                {"rows", to_json(rows)},
                {"architecture", to_json(info.architecture)},
                {"seconds", training.seconds},
                {"peak_memory_bytes", peak_memory_bytes()},
                {"training", to_json(training)}});
    return;
  }
  print(fmt::format("{}\ntrained on {} events of {} users in {}, {} epochs kept\npeak memory {}\n",
                    in_words(info.architecture), training.split.training_events, training.log.users,
                    seconds_in_words(training.seconds), training.epochs, bytes_in_words(peak_memory_bytes())));
  if (training.split.validation_targets > 0) {
    print(fmt::format("{} over {} targets\n", validation_in_words(training), training.split.validation_targets));
  }
  print(fmt::format("fixed-point model: {} ({})\nfloat model: {} ({})\n", written.fixed_file.string(),
                    bytes_in_words(written.fixed_bytes), written.float_file.string(),
                    bytes_in_words(written.float_bytes)));
}

void note_content(const DescribedItems& items) {
  if (items.features.empty()) return;
  note(command, fmt::format("items are learned from their content, too: {} of {} are described", items.described,
                            items.catalogue.size()));
}

// Returns false when it was interrupted.
bool fit_head(const TrainCommand& options, FloatModel& model, const data::Split& split, const std::atomic<bool>& stop) {
  const fit::HeadTermOptions terms{.history_term = !options.no_history_term,
                                   .count_neighbors = options.count_neighbours};
  train::ThreadPool pool(options.training.threads);
  HeadTermProgress progress;
  const bool finished =
      fit::add_head_terms(model, split, terms, pool,
                          {.on_progress = [&](const fit::FitProgress& p) { progress.update(p); }, .stop = &stop});
  progress.finish();
  return finished;
}

int run(TrainCommand& options) {
  const std::atomic<bool>& stop = stop_on_interruption();
  if (auto writable = check_writable(options.out); !writable) return fail(command, writable.error());
  if (auto possible = train::check_head_bits(options.training.head, options.head_bits); !possible)
    return fail(command, possible.error());
  // Any text but the split kinds was refused by the option's check.
  const data::SplitKind kind = data::parse_split_kind(options.split).value_or(data::SplitKind::leave_last_out);
  auto read = read_log(command, options.log, kind, stop);
  if (!read) return fail(command, read.error());
  const auto items = describe_items(read->log, options.content);
  if (!items) return fail(command, items.error());
  for (const std::string& line : summary(examine(options.log, *read, std::nullopt))) note(command, line);
  note_content(*items);
  // Untouched items are items of the log without an event.
  read->log.item_ids = items->catalogue.item_ids;
  if (stop) return fail(command, {ErrorCode::interrupted, "interrupted before training began; nothing was written"});

  const data::Split split(read->log, kind);
  const bool binary = options.training.head == HeadKind::binary;
  options.training.tied_head =
      !binary && !options.free_head && options.training.embedding_dim == options.training.hidden_dim;
  options.training.skip_connection = !binary && !options.no_skip_connection;
  if (binary) options.training.loss = train::Loss::binary;
  if (!options.json) print(train_summary(options, read->log));
  const auto checkpoint = std::filesystem::path(options.out).replace_extension(".checkpoint");
  TrainingProgress progress;
  auto model = train::train(split, items->catalogue, options.training,
                            {.on_progress = [&](const train::Progress& p) { progress.update(p); },
                             .stop = &stop,
                             .checkpoint = checkpoint,
                             .resume = options.resume},
                            items->features);
  progress.finish();
  if (!model) return fail(command, model.error());
  // An interrupted training has no terms: they would take a while, and go with the weights of its end.
  const bool fitted = !stop && fit_head(options, *model, split, stop);
  complete(model->info, options, read->identity);
  auto written = write_models(options, *model, split, stop);
  if (!written) return fail(command, written.error());
  const bool interrupted = !fitted || stop;
  report(options, read->report, model->info, *written, interrupted);
  if (!interrupted) {
    std::error_code ignored;  // a checkpoint that cannot be removed harms nobody
    std::filesystem::remove(checkpoint, ignored);
    return exit_ok;
  }
  note(command,
       "interrupted; the model files hold the best weights so far without the terms that are fitted last, and --resume "
       "goes on to the whole model");
  return exit_interrupted;
}

template <class T>
void add_choice(CLI::App& command_options, const std::string& name, T& value,
                const std::vector<std::pair<std::string, T>>& choices, const std::string& description,
                const std::string& group) {
  std::string names;
  for (const auto& [text, choice] : choices) names += (names.empty() ? "" : "|") + text;
  command_options.add_option(name, value, description)
      ->transform(CLI::CheckedTransformer(choices, CLI::ignore_case))
      ->type_name(names)
      ->group(group);
}

void add_shape_options(CLI::App& train, TrainCommand& options) {
  const std::string group = "The model";
  auto& t = options.training;
  train.add_option("--embedding-dim", t.embedding_dim, "numbers per item, 1 … 4096")
      ->check(CLI::Range(1U, max_dim))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  train.add_option("--hidden-dim", t.hidden_dim, "units of each LSTM layer, 1 … 4096")
      ->check(CLI::Range(1U, max_dim))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  train.add_option("--layers", t.layers, "LSTM layers, 1 … 16")
      ->check(CLI::Range(1U, max_layers))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  add_choice(train, "--head", t.head, {{"softmax", HeadKind::softmax}, {"binary", HeadKind::binary}},
             "what the model tells: which item comes next, or of a candidate whether it does (sigmoid)", group);
  train
      .add_flag(
          "--free-head", options.free_head,
          "give the head a table of its own; without it, it shares the embedding's where both dimensions are equal")
      ->group(group);
  add_head_bits(train, options.head_bits, head_bits_description)->group(group);
  train
      .add_flag("--no-history-term", options.no_history_term,
                "leave out what the user's own recent events add to the scores (when, how often, what followed)")
      ->group(group);
  train
      .add_flag(
          "--no-memory-term", options.no_memory_term,
          "leave out what learning on the device begins with: which of their past items users return to, and when")
      ->group(group);
  train
      .add_option("--count-neighbours", options.count_neighbours,
                  "items that followed it in the log, kept for each item by the count expert; 0: no count expert")
      ->check(CLI::Range(0U, 1000U))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  train
      .add_flag("--no-skip-connection", options.no_skip_connection, "leave out the way from the last item to the head")
      ->group(group);
}

void add_training_options(CLI::App& train, TrainCommand& options) {
  const std::string group = "Training";
  auto& t = options.training;
  train
      .add_option(
          "--split", options.split,
          "what is held out: each user's last two events, the last two tenths of the log's time, each user's last two "
          "sessions, or nothing (then the model cannot be evaluated on this log)")
      ->check(CLI::IsMember({"leave-last-out", "temporal", "last-session", "none"}))
      ->type_name("leave-last-out|temporal|last-session|none")
      ->capture_default_str()
      ->group(group);
  train
      .add_option("--epochs", t.max_epochs,
                  "most passes over the training events, 1 … 10000; 0: chosen from the log's size")
      ->check(CLI::Range(0U, 10'000U))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  train
      .add_option("--patience", t.patience, "epochs without a better validation figure before training ends, 1 … 10000")
      ->check(CLI::Range(1U, 10'000U))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  add_choice(train, "--loss", t.loss,
             {{"cross-entropy", train::Loss::cross_entropy}, {"bpr-max", train::Loss::bpr_max}},
             "what a softmax head is trained with; a binary head has its own", group);
  train
      .add_option("--negatives", t.negatives,
                  "items drawn for each step as negatives; 0: chosen from the loss and the catalogue's size (all items "
                  "under cross-entropy up to 20,000)")
      ->check(CLI::Range(0U, 1'000'000U))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  train.add_option("--negative-alpha", t.negative_alpha, "negatives are drawn from popularity to this power, 0 … 1")
      ->check(CLI::Range(0.0F, 1.0F))
      ->type_name("X")
      ->capture_default_str()
      ->group(group);
  add_choice(train, "--optimiser", t.optimizer,
             {{"adam", train::OptimizerKind::adam}, {"adagrad", train::OptimizerKind::adagrad}}, "how weights move",
             group);
  add_choice(train, "--schedule", t.schedule,
             {{"linear", train::Schedule::linear},
              {"cosine", train::Schedule::cosine},
              {"constant", train::Schedule::constant}},
             "how the learning rate falls over the planned epochs", group);
  train.add_option("--weight-decay", t.weight_decay, "decoupled, per unit of learning rate, 0 … 1")
      ->check(CLI::Range(0.0F, 1.0F))
      ->type_name("X")
      ->capture_default_str()
      ->group(group);
  train.add_option("--clip-norm", t.clip_norm, "largest norm of a step's gradient; 0: no clipping")
      ->check(CLI::Range(0.0F, 1e6F))
      ->type_name("X")
      ->capture_default_str()
      ->group(group);
  train.add_option("--input-dropout", t.input_dropout, "share of embedding values dropped in training, 0 … 0.95")
      ->check(CLI::Range(0.0F, 0.95F))
      ->type_name("X")
      ->capture_default_str()
      ->group(group);
  train.add_option("--learning-rate", t.learning_rate, "the optimiser's step size at the start, above 0 up to 1")
      ->check(CLI::Range(1e-8F, 1.0F))
      ->type_name("X")
      ->capture_default_str()
      ->group(group);
  train.add_option("--dropout", t.dropout, "share of hidden values dropped in training, 0 … 0.95")
      ->check(CLI::Range(0.0F, 0.95F))
      ->type_name("X")
      ->capture_default_str()
      ->group(group);
  train
      .add_option("--id-dropout", t.id_dropout,
                  "share of the items with content that are known by it alone in a step, 0 … 0.95")
      ->check(CLI::Range(0.0F, 0.95F))
      ->type_name("X")
      ->capture_default_str()
      ->group(group);
  train
      .add_flag("--layer-norm", t.layer_norm,
                "normalise the items' vectors, with a learned gain and bias; the model file holds what comes out")
      ->group(group);
  train.add_option("--window", t.window, "events that a gradient reaches back, 1 … 65536")
      ->check(CLI::Range(1U, 65'536U))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  train.add_option("--batch", t.batch_windows, "windows per optimiser step, 1 … 65536")
      ->check(CLI::Range(1U, 65'536U))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  train.add_option("--seed", t.seed, "start of all random numbers, 0 … 2^64 - 1; the same seed gives the same model")
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  train.add_option("--threads", t.threads, "processor threads, 0: all; no effect on the result")
      ->check(CLI::Range(0U, 1024U))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
}

}  // namespace

Subcommand add_train(CLI::App& app) {
  auto options = std::make_shared<TrainCommand>();
  CLI::App* train = app.add_subcommand("train", "Train a model on an interaction log");
  options->log.add_to(*train);
  options->log.add_strict_to(*train);
  options->content.add_to(*train);
  train
      ->add_option("--out", options->out,
                   "fixed-point model to write; the float model goes beside it, with '.float' before the extension")
      ->required()
      ->type_name("MODEL");
  train
      ->add_option_function<std::string>(
          "--preset",
          [options](const std::string&) {
            options->training = train::keras_classic();
            options->log.filters.max_items = train::keras_classic_items;
            options->content.no_content = true;
          },
          "keras-classic: Embedding × 16 → LSTM 128 → LSTM 128 → Dense 1 with sigmoid, binary cross-entropy, Adam, "
          "windows of 50, batches of 32, at most 10000 items, learned from events alone; options beside it change it")
      ->check(CLI::IsMember({"keras-classic"}))
      ->type_name("NAME")
      ->trigger_on_parse();
  train->add_option("--licence", options->licence, "licence of the model, an SPDX expression or free text")
      ->type_name("TEXT");
  train->add_option("--attribution", options->attribution, "whom to name for the data and the model")
      ->type_name("TEXT");
  train->add_flag("--no-event-sketch", options->no_event_sketch,
                  "leave the hashes of sampled training events out of the model");
  train->add_flag("--resume", options->resume,
                  "go on with an interrupted training from the checkpoint beside the model, to the same result");
  train->add_flag("--json", options->json, "print the result as one JSON object");
  add_shape_options(*train, *options);
  add_training_options(*train, *options);
  return {train, [options] { return run(*options); }};
}

}  // namespace sotto::cli
