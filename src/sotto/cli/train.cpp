#include <sotto/app/interruption.hpp>
#include <sotto/app/peak_memory.hpp>
#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/progress.hpp>
#include <sotto/cli/read_log.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/cli/train_options.hpp>
#include <sotto/pipeline/training_output.hpp>
#include <sotto/present/check_report.hpp>
#include <sotto/present/model_summary.hpp>
#include <sotto/present/training_report.hpp>

#include <fmt/format.h>

#include <ctime>
#include <memory>
#include <utility>

namespace sotto::cli {
namespace {

std::string train_summary(const train::TrainOptions& t, const data::Interactions& log) {
  return present::keras_summary({.items = static_cast<std::uint32_t>(log.item_ids.size()),
                                 .embedding_dim = t.embedding_dim,
                                 .hidden_dim = t.hidden_dim,
                                 .layers = t.layers,
                                 .tied_head = t.tied_head,
                                 .skip_connection = t.skip_connection,
                                 .head = t.head},
                                t.window);
}

void report(const TrainOptions& options, const data::ReadReport& rows, const pipeline::TrainedModel& model,
            const app::SavedPair& written) {
  const present::TrainingReport report{.model_file = written.fixed_file.string(),
                                       .model_bytes = written.fixed_bytes,
                                       .float_model_file = written.float_file.string(),
                                       .float_model_bytes = written.float_bytes,
                                       .interrupted = !model.finished,
                                       .rows = rows,
                                       .architecture = model.original.info.architecture,
                                       .training = model.original.info.training,
                                       .peak_memory_bytes = app::peak_memory_bytes(),
                                       .dropped_terms = model.dropped_terms,
                                       .validation = model.validation};
  print_report(report, options.json);
}

// Logs what training is about to learn from.
void log_input(app::Logger& log, const TrainOptions& options, const ReadLog& read, const train::DescribedItems& items) {
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

// The progress of each stage, one after the other.
class StageProgress {
 public:
  [[nodiscard]] pipeline::TrainingHooks hooks(const std::atomic<bool>& stop) {
    return {.on_training = [this](const train::Progress& p) { (final_ ? final_network_ : network_).update(p); },
            .on_fit =
                [this](const fit::FitProgress& p) {
                  (p.stage == fit::FitStage::memory ? memory_term_ : head_terms_).update(p);
                },
            .on_stage_end = [this](pipeline::TrainingStage stage) { end(stage); },
            .stop = &stop};
  }

 private:
  void end(pipeline::TrainingStage stage) {
    switch (stage) {
      case pipeline::TrainingStage::network: final_ = true; return network_.finish();
      case pipeline::TrainingStage::final_network: return final_network_.finish();
      case pipeline::TrainingStage::head_terms: return head_terms_.finish();
      case pipeline::TrainingStage::memory_term: return memory_term_.finish();
    }
  }

  bool final_ = false;  // the first training of the network is over
  TrainingProgress network_;
  TrainingProgress final_network_{"final training: "};
  HeadTermProgress head_terms_;
  HeadTermProgress memory_term_;
};

int run(app::Logger& log, const TrainOptions& options, bool force) {
  const std::atomic<bool>& stop = app::stop_on_interruption();
  const auto output = pipeline::TrainingOutput::take(options.out, options.resume, force);
  if (!output) return fail(log, output.error());
  if (auto possible = options.check(); !possible) return fail(log, possible.error());
  auto read = read_log(log, options.log, options.split_kind(), stop);
  if (!read) return fail(log, read.error());
  const auto sources = options.content.sources();
  if (!sources) return fail(log, sources.error());
  if (auto looked = log_items_surprises(log, sources->items_file); !looked) return fail(log, looked.error());
  const auto items = train::describe_items(read->log, *sources);
  if (!items) return fail(log, items.error());
  log_input(log, options, *read, *items);
  // Items that nobody touched become items of the log without an event.
  read->log.item_ids = items->catalogue.item_ids;
  if (stop) return fail(log, {ErrorCode::interrupted, "interrupted before training began; nothing was written"});

  const data::Split split(read->log, options.split_kind());
  if (!options.json) print(train_summary(options.model.network(), read->log));
  StageProgress progress;
  pipeline::TrainingHooks hooks = progress.hooks(stop);
  hooks.checkpoint = output->checkpoint();
  hooks.resume = options.resume;
  const auto model = pipeline::train_model(split, *items, options.model, options.provenance(read->identity), hooks);
  if (!model) return fail(log, model.error());
  const auto written = output->save(*model);
  if (!written) return fail(log, written.error());
  report(options, read->report, *model, *written);
  if (model->finished) return exit_ok;
  log.warning(
      "interrupted; the model files hold the best so far, without what comes last in a training, and --resume goes on "
      "to "
      "the whole model");
  return exit_interrupted;
}

}  // namespace

Run add_train(Command command) {
  auto options = std::make_shared<TrainOptions>();
  options->add_to(command);
  return [options, command](app::Logger& log) { return run(log, *options, command.force()); };
}

}  // namespace sotto::cli
