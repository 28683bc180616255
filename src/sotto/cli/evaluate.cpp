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
#include <sotto/evaluate/model_rankers.hpp>
#include <sotto/fit/fit_head_terms.hpp>
#include <sotto/fit/model_parts.hpp>
#include <sotto/present/evaluation_report.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
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

// Finds the float model to compare with. A model named by an option must belong to the fixed-point model. A model that
// only lies beside it is left out with a note where it does not belong to it.
Result<std::optional<FloatModel>> find_float_model(const EvaluateCommand& options, const ModelInfo& fixed,
                                                   std::vector<std::string>& notes) {
  const bool named = !options.float_model.empty();
  const std::filesystem::path file =
      named ? std::filesystem::path(options.float_model) : app::float_sibling(options.model);
  std::error_code ignored;
  if (!named && !std::filesystem::exists(file, ignored)) {
    notes.push_back(
        fmt::format("no arm 'float': there is no {} beside the model; name it with --float-model", file.string()));
    return std::optional<FloatModel>{};
  }
  auto loaded = app::load_float_model(file);
  if (loaded && evaluate::same_origin(fixed, loaded->model.info)) return std::optional(std::move(loaded->model));
  Error error =
      loaded ? Error{ErrorCode::mismatch, fmt::format("{}: not the float original of {}: its architecture, items "
                                                      "or training log differ",
                                                      file.string(), options.model)}
             : std::move(loaded).error();
  if (named) return error;
  notes.push_back("no arm 'float': " + error.detail);
  return std::optional<FloatModel>{};
}

bool leave_history_out(const EvaluateCommand& options, const data::Split& split) {
  return options.history == "auto" ? evaluate::history_never_repeats(split) : options.history == "excluded";
}

// Chooses the model's own split, unless that split held nothing out.
data::SplitKind choose_split(const EvaluateCommand& options, const ModelInfo& model) {
  const std::string& name = options.split == "auto" ? model.training.split.kind : options.split;
  const auto kind = data::parse_split_kind(name);
  return kind && *kind != data::SplitKind::none ? *kind : data::SplitKind::leave_last_out;
}

// A catalogue that begins with the log's items may continue with items that nobody touched. They become items of the
// log without an event, and every arm ranks them.
void take_in_untouched(const Catalogue& catalogue, data::Interactions& log) {
  if (catalogue.size() < log.item_ids.size()) return;
  if (std::ranges::equal(log.item_ids, std::span(catalogue.item_ids).first(log.item_ids.size())))
    log.item_ids = catalogue.item_ids;
}

// A part of the model that is an arm of its own.
struct Part {
  std::string name;
  FloatModel model;
};

Result<std::vector<Part>> parts_of(const FloatModel& model, const data::Split& split,
                                   const evaluate::Admission& admission, const evaluate::EvaluateOptions& options) {
  std::vector<Part> parts;
  if (!model.weights.history && !model.weights.counts) return parts;
  parts.push_back({"lstm", fit::network_alone(model)});
  // The fit looks at validation targets, and it may look at those of the model's own log only. It counts by the model's
  // item indices, which a log with its rows in another order does not share.
  if (!admission.log_matches_training || split.log().item_ids != model.info.catalogue.item_ids ||
      data::validation_targets(split).size() < fit::min_head_term_targets) {
    return parts;
  }
  train::ThreadPool pool(options.threads);
  CountsFitProgress progress;
  auto counts =
      fit::counts_alone(model, split, pool,
                        {.on_progress = [&](const fit::FitProgress& p) { progress.update(p); }, .stop = options.stop});
  progress.finish();
  if (!counts) return Error{ErrorCode::interrupted, "interrupted before the ranking began"};
  parts.push_back({"counts", *std::move(counts)});
  return parts;
}

int run(app::Logger& log, EvaluateCommand& options, const std::string& typed) {
  const std::atomic<bool>& stop = app::stop_on_interruption();
  options.evaluation.stop = &stop;
  options.evaluation.bootstrap_seed = options.ranking.bootstrap_seed;
  options.evaluation.threads = options.ranking.threads;
  if (!options.ranking.html.empty()) {
    if (auto writable = app::check_writable(options.ranking.html); !writable) return fail(log, writable.error());
  }
  auto model = app::load_fixed_model(options.model);
  if (!model) return fail(log, model.error());
  options.log.take_vocabulary_limit(model->model.info.training.vocabulary);
  const data::SplitKind kind = choose_split(options, model->model.info);
  auto read = read_log(log, options.log, kind, stop);
  if (!read) return fail(log, read.error());
  take_in_untouched(model->model.info.catalogue, read->log);
  const data::Split split(read->log, kind);

  evaluate::Admission admission = evaluate::admit(model->model.info, split, read->identity);
  if (!admission.log_matches_training)
    admission.notes.push_back(fmt::format("if it should be that log: {}", same_log_options_hint));
  if (admission.refusal && !options.allow_trained_events) {
    log.warning(fmt::format("refused: {}; hold events out when training, or score anyway with --allow-trained-events",
                            *admission.refusal));
    return exit_refused;
  }
  auto float_model = find_float_model(options, model->model.info, admission.notes);
  if (!float_model) return fail(log, float_model.error());

  const Engine engine(model->model, model->fingerprint);
  std::vector<evaluate::Arm> arms;
  const auto add_model = [&](std::string name, std::unique_ptr<evaluate::Ranker> ranker, const ModelInfo& info) {
    arms.push_back(evaluate::model_arm(std::move(name), std::move(ranker), info.catalogue, read->log));
  };
  if (*float_model) add_model("float", evaluate::make_float_ranker((*float_model)->weights), (*float_model)->info);
  add_model(std::string(present::shipped_arm), evaluate::make_fixed_ranker(engine), model->model.info);
  Result<std::vector<Part>> parts = std::vector<Part>{};
  if (*float_model) parts = parts_of(**float_model, split, admission, options.evaluation);
  if (!parts) return fail(log, parts.error());
  for (const Part& part : *parts) {
    add_model(part.name, evaluate::make_float_ranker(part.model.weights), part.model.info);
  }
  for (evaluate::Arm& arm : evaluate::baseline_arms(split)) arms.push_back(std::move(arm));

  options.evaluation.exclude_history = leave_history_out(options, split);
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
  if (!options.ranking.html.empty()) {
    if (auto written = write_page(options.ranking.html, to_html(report)); !written) return fail(log, written.error());
  }
  print_report(report, options.ranking.json);
  return exit_ok;
}

}  // namespace

Run add_evaluate(Command command) {
  auto options = std::make_shared<EvaluateCommand>();
  command.option("--model", options->model, "fixed-point model").required().type("MODEL");
  options->log.add_to(command);
  options->log.add_strict_to(command);
  command
      .option("--float-model", options->float_model,
              "float model of the arm 'float'; default: the one beside the model, if there is one")
      .type("FLOAT");
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
