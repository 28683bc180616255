#include "bindings.hpp"
#include "log_input.hpp"
#include "options.hpp"

#include <sotto/app/peak_memory.hpp>
#include <sotto/cli/train_options.hpp>
#include <sotto/data/catalogue_file.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/pipeline/training_output.hpp>
#include <sotto/present/progress_words.hpp>
#include <sotto/present/training_report.hpp>

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>

namespace sotto::python {
namespace {

namespace nb = nanobind;

struct Trained {
  std::vector<std::byte> fixed;
  std::vector<std::byte> original;
  std::string report;
  std::vector<std::string> warnings;
};

report::Json epoch_report(const train::Progress& progress, bool final_training) {
  report::Json json = report::Json::object({{"epoch", progress.epoch},
                                            {"max_epochs", progress.max_epochs},
                                            {"final_training", final_training},
                                            {"loss", progress.loss},
                                            {"events", progress.events_done},
                                            {"events_per_second", progress.events_per_second},
                                            {"seconds", progress.seconds}});
  if (progress.validates) {
    json.set("metric", progress.metric);
    json.set("validation", progress.validation);
    json.set("best_validation", progress.best_validation);
  }
  return json;
}

// Tells of an epoch once, when it is complete and validated.
class EpochReports {
 public:
  explicit EpochReports(WatchedWork& work) : work_(work) {}

  void update(const train::Progress& progress) {
    const bool complete = progress.events_done >= progress.events_per_epoch;
    const bool validated = !progress.validates || progress.validation > 0;
    if (!complete || !validated || progress.epoch == told_) return;
    told_ = progress.epoch;
    work_.tell("epoch", epoch_report(progress, final_training_).compact_text());
  }

  // Stands before each line of progress.
  [[nodiscard]] std::string title() const { return final_training_ ? "final training: " : ""; }

  void begin_final_training() {
    final_training_ = true;
    told_ = 0;
  }

 private:
  WatchedWork& work_;
  bool final_training_ = false;
  std::uint32_t told_ = 0;
};

Trained train(ParsedOptions<cli::TrainOptions>& options, const FrameColumns* columns, bool writes, WatchedWork& work) {
  std::optional<pipeline::TrainingOutput> output;
  if (writes) {
    options.check_files();
    output.emplace(value_of(pipeline::TrainingOutput::take(options->out, options->resume, options.force())));
  }
  require(options->check());
  data::ReadReport rows;
  pipeline::PreparedLog read = read_log(options->log, columns, options->split_kind(), work, rows);
  const auto sources = value_of(options->content.sources());
  const auto items = value_of(train::describe_items(read.log, sources));
  // Items that nobody touched become items of the log without an event.
  read.log.item_ids = items.catalogue.item_ids;
  if (work.stop()) throw Failure("interrupted", "interrupted before training began; nothing was written");

  const data::Split split(read.log, options->split_kind());
  EpochReports epochs(work);
  pipeline::TrainingHooks hooks{
      .on_training =
          [&](const train::Progress& progress) {
            work.tell("line", epochs.title() + present::in_words(progress));
            epochs.update(progress);
          },
      .on_fit = [&](const fit::FitProgress& progress) { work.tell("line", present::in_words(progress)); },
      .on_stage_end =
          [&](pipeline::TrainingStage stage) {
            if (stage == pipeline::TrainingStage::network) epochs.begin_final_training();
            work.tell("end", {});
          },
      .stop = &work.stop(),
      .resume = options->resume};
  if (output) hooks.checkpoint = output->checkpoint();
  const pipeline::TrainedModel model =
      value_of(pipeline::train_model(split, items, options->model, options->provenance(read.identity), hooks));
  Trained trained{serialize(model.fixed), serialize(model.original), {}, {}};
  present::TrainingReport report{.model_file = {},
                                 .model_bytes = trained.fixed.size(),
                                 .float_model_file = {},
                                 .float_model_bytes = trained.original.size(),
                                 .interrupted = !model.finished,
                                 .rows = rows,
                                 .architecture = model.original.info.architecture,
                                 .training = model.original.info.training,
                                 .peak_memory_bytes = app::peak_memory_bytes(),
                                 .dropped_terms = model.dropped_terms,
                                 .validation = model.validation};
  if (output) {
    const app::SavedPair written = value_of(output->save(model));
    report.model_file = written.fixed_file.string();
    report.float_model_file = written.float_file.string();
  }
  if (!model.finished) throw Failure("interrupted", "interrupted");
  trained.report = to_json(report).compact_text();
  const auto warn_of = [&](const data::RoundedIds& ids) {
    if (ids.count > 0) trained.warnings.push_back(data::in_words(ids));
  };
  warn_of(rows.rounded_ids);
  if (!sources.items_file.empty()) warn_of(value_of(data::find_rounded_ids(sources.items_file)));
  return trained;
}

nb::bytes bytes_of(const std::vector<std::byte>& bytes) { return nb::bytes(bytes.data(), bytes.size()); }

}  // namespace

void bind_training(nb::module_& module) {
  module.def(
      "train",
      [](std::vector<std::string> words, const FrameColumns* columns, bool writes, nb::callable tell) {
        ParsedOptions<cli::TrainOptions> options("train", std::move(words));
        WatchedWork work(std::move(tell));
        Trained trained;
        work.run([&] { trained = train(options, columns, writes, work); });
        return nb::make_tuple(bytes_of(trained.fixed), bytes_of(trained.original), trained.report, trained.warnings);
      },
      nb::arg("words"), nb::arg("columns").none(), nb::arg("writes"), nb::arg("tell"));
  module.def(
      "check_training_files",
      [](std::vector<std::string> words) { ParsedOptions<cli::TrainOptions>("train", std::move(words)).check_files(); },
      nb::arg("words"));
}

}  // namespace sotto::python
