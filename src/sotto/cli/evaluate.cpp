#include <sotto/app/float_original.hpp>
#include <sotto/app/interruption.hpp>
#include <sotto/app/model_files.hpp>
#include <sotto/cli/console.hpp>
#include <sotto/cli/evaluate_options.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/progress.hpp>
#include <sotto/cli/read_log.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/evaluate/arms.hpp>
#include <sotto/pipeline/evaluate_model.hpp>
#include <sotto/present/evaluation_report.hpp>

#include <fmt/format.h>

#include <memory>
#include <string>

namespace sotto::cli {
namespace {

int run(app::Logger& log, EvaluateOptions& options, const std::string& typed) {
  const std::atomic<bool>& stop = app::stop_on_interruption();
  auto model = app::load_fixed_model(options.model);
  if (!model) return fail(log, model.error());
  options.log.take_vocabulary_limit(model->model.info.training.vocabulary);
  const data::SplitKind kind = options.split_kind(model->model.info);
  auto read = read_log(log, options.log, kind, stop);
  if (!read) return fail(log, read.error());
  evaluate::add_untouched_items(model->model.info.catalogue, read->log);
  const data::Split split(read->log, kind);

  evaluate::Admission admission =
      pipeline::admit_to_evaluation(model->model.info, split, read->identity, same_log_options_hint);
  if (admission.refusal && !options.allow_trained_events) {
    log.warning(fmt::format("refused: {}; hold events out when training, or score anyway with --allow-trained-events",
                            *admission.refusal));
    return exit_refused;
  }
  const auto original = app::find_float_original(options.model, model->model.info, options.float_model);
  if (!original) return fail(log, original.error());
  if (!original->model) admission.notes.push_back("no arm 'float': " + original->absence);

  const evaluate::EvaluateOptions evaluating = options.evaluation(split, stop);
  EvaluationProgress progress;
  const auto evaluation =
      pipeline::evaluate_model({model->model, model->fingerprint, original->model}, split, evaluating,
                               [&](std::size_t done, std::size_t users) { progress.update(done, users); });
  progress.finish();
  if (!evaluation) return fail(log, evaluation.error());
  const present::EvaluationReport report{.model_file = options.model,
                                         .model_fingerprint = model->fingerprint,
                                         .architecture = model->model.info.architecture,
                                         .training = model->model.info.training,
                                         .log = read->identity,
                                         .split = split.record(),
                                         .admission = admission,
                                         .history_excluded = evaluating.exclude_history,
                                         .items = read->log.item_ids.size(),
                                         .bootstrap_seed = evaluating.bootstrap_seed,
                                         .command = typed,
                                         .html_file = options.ranking.html,
                                         .evaluation = evaluation->figures,
                                         .shuffled_ties = evaluation->shuffled_ties};
  return deliver(log, report, options.ranking.html, options.ranking.json);
}

}  // namespace

Run add_evaluate(Command command) {
  auto options = std::make_shared<EvaluateOptions>();
  options->add_to(command);
  return [options, command](app::Logger& log) { return run(log, *options, command.typed()); };
}

}  // namespace sotto::cli
