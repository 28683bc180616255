#include <sotto/app/float_original.hpp>
#include <sotto/app/interruption.hpp>
#include <sotto/app/model_files.hpp>
#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/log_options.hpp>
#include <sotto/cli/progress.hpp>
#include <sotto/cli/ranking_options.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/data/files.hpp>
#include <sotto/evaluate/admission.hpp>
#include <sotto/evaluate/arms.hpp>
#include <sotto/evaluate/evaluate.hpp>
#include <sotto/evaluate/limits.hpp>
#include <sotto/evaluate/model_rankers.hpp>
#include <sotto/fit/model_parts.hpp>
#include <sotto/present/evaluation_report.hpp>

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sotto::cli {
namespace {

struct EvaluateCommand {
  LogOptions log;
  std::string model;
  std::string float_model;
  RankingOptions ranking;
  std::string split = "auto";
  std::string history = "auto";
  evaluate::EvaluateOptions evaluation;
  bool allow_trained_events = false;
};

bool leave_history_out(const EvaluateCommand& options, const data::Split& split) {
  return options.history == "auto" ? evaluate::history_never_repeats(split) : options.history == "excluded";
}

data::SplitKind split_of(const EvaluateCommand& options, const ModelInfo& model) {
  return data::parse_split_kind(options.split).value_or(evaluate::split_for(model.training));
}

int run(app::Logger& log, EvaluateCommand& options, const std::string& typed) {
  const std::atomic<bool>& stop = app::stop_on_interruption();
  options.evaluation.stop = &stop;
  options.evaluation.bootstrap_seed = options.ranking.bootstrap_seed;
  options.evaluation.threads = options.ranking.threads;
  auto model = app::load_fixed_model(options.model);
  if (!model) return fail(log, model.error());
  options.log.take_vocabulary_limit(model->model.info.training.vocabulary);
  const data::SplitKind kind = split_of(options, model->model.info);
  auto read = read_log(log, options.log, kind, stop);
  if (!read) return fail(log, read.error());
  evaluate::add_untouched_items(model->model.info.catalogue, read->log);
  const data::Split split(read->log, kind);

  evaluate::Admission admission = evaluate::admit(model->model.info, split, read->identity);
  if (!admission.log_matches_training)
    admission.notes.push_back(fmt::format("if it should be that log: {}", same_log_options_hint));
  if (admission.refusal && !options.allow_trained_events) {
    log.warning(fmt::format("refused: {}; hold events out when training, or score anyway with --allow-trained-events",
                            *admission.refusal));
    return exit_refused;
  }
  for (std::string& limit : evaluate::limits_in_words(split)) admission.notes.push_back(std::move(limit));
  const auto original = app::find_float_original(options.model, model->model.info, options.float_model);
  if (!original) return fail(log, original.error());
  const std::optional<FloatModel>& float_model = original->model;
  if (!float_model) admission.notes.push_back("no arm 'float': " + original->absence);

  const Engine engine(model->model, model->fingerprint);
  std::vector<evaluate::Arm> arms;
  const auto add_model = [&](std::string name, std::unique_ptr<evaluate::Ranker> ranker, const ModelInfo& info) {
    arms.push_back(evaluate::model_arm(std::move(name), std::move(ranker), info.catalogue, read->log));
  };
  if (float_model) add_model("float", evaluate::make_float_ranker(float_model->weights), float_model->info);
  add_model(std::string(present::shipped_arm), evaluate::make_fixed_ranker(engine), model->model.info);
  std::optional<std::vector<fit::ModelPart>> parts;
  if (float_model) {
    CountsFitProgress fitting;
    parts = fit::separate_parts(
        *float_model, split, admission.log_matches_training, options.evaluation.threads,
        {.on_progress = [&](const fit::FitProgress& p) { fitting.update(p); }, .stop = options.evaluation.stop});
    fitting.finish();
    if (!parts) return fail(log, {ErrorCode::interrupted, "interrupted before the ranking began"});
    for (const fit::ModelPart& part : *parts) {
      add_model(part.name, evaluate::make_float_ranker(part.model.weights), part.model.info);
    }
  }
  options.evaluation.exclude_history = leave_history_out(options, split);
  for (evaluate::Arm& arm : evaluate::baseline_arms(split, options.evaluation.exclude_history)) {
    arms.push_back(std::move(arm));
  }

  EvaluationProgress progress;
  auto evaluation = evaluate::evaluate(split, arms, options.evaluation,
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
                                         .history_excluded = options.evaluation.exclude_history,
                                         .items = read->log.item_ids.size(),
                                         .bootstrap_seed = options.evaluation.bootstrap_seed,
                                         .command = typed,
                                         .html_file = options.ranking.html,
                                         .evaluation = *evaluation};
  return deliver(log, report, options.ranking.html, options.ranking.json);
}

}  // namespace

Run add_evaluate(Command command) {
  auto options = std::make_shared<EvaluateCommand>();
  command.option("--model", options->model, "fixed-point model").required().type("MODEL").reads();
  options->log.add_to(command);
  options->log.add_strict_to(command);
  command
      .option("--float-model", options->float_model,
              "float model of the arm 'float'; default: the one beside the model, if there is one")
      .type("FLOAT")
      .reads();
  command
      .option("--split", options->split,
              "what is predicted, given all before it: each user's last event, the last tenth of the log's time, or "
              "each user's last session; auto: as the model was trained, or leave-last-out if it was trained on "
              "everything")
      .one_of({"auto", "leave-last-out", "temporal", "last-session"})
      .type("auto|leave-last-out|temporal|last-session")
      .shows_default();
  command
      .option("--at", options->evaluation.cutoffs,
              "cut-offs k of HR@k, NDCG@k, MRR@k and of the lists, 1 … 1000000, comma-separated")
      .list(',')
      .range(1U, 1'000'000U)
      .type("K,…")
      .shows_default();
  command
      .option(
          "--history", options->history,
          "whether the items of a user's history are ranked or excluded; auto: excluded if no user meets an item twice")
      .one_of({"auto", "ranked", "excluded"})
      .type("auto|ranked|excluded")
      .shows_default();
  command.flag("--allow-trained-events", options->allow_trained_events,
               "score even if the model was trained on targets, and say so");
  options->ranking.add_to(command);
  return [options, command](app::Logger& log) { return run(log, *options, command.typed()); };
}

}  // namespace sotto::cli
