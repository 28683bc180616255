#include <sotto/app/model_files.hpp>
#include <sotto/cli/evaluate_options.hpp>
#include <sotto/evaluate/admission.hpp>
#include <sotto/evaluate/arms.hpp>

namespace sotto::cli {

void EvaluateOptions::add_to(Command command) {
  command.option("--model", model, "fixed-point model")
      .required()
      .type("MODEL")
      .reads()
      .reads_implied("the arm 'float' of --model",
                     [](const std::filesystem::path& fixed) { return std::vector{app::float_sibling(fixed)}; });
  log.add_to(command);
  log.add_strict_to(command);
  command
      .option("--float-model", float_model,
              "float model of the arm 'float'; default: the one beside the model, if there is one")
      .type("FLOAT")
      .reads();
  command
      .option("--split", split,
              "what is predicted, given all before it: each user's last event, the last tenth of the log's time, or "
              "each user's last session; auto: as the model was trained, or leave-last-out if it was trained on "
              "everything")
      .one_of({"auto", "leave-last-out", "temporal", "last-session"})
      .type("auto|leave-last-out|temporal|last-session")
      .shows_default();
  command.option("--at", cutoffs, "cut-offs k of HR@k, NDCG@k, MRR@k and of the lists, 1 … 1000000, comma-separated")
      .list(',')
      .range(1U, 1'000'000U)
      .type("K,…")
      .shows_default();
  command
      .option(
          "--history", history,
          "whether the items of a user's history are ranked or excluded; auto: excluded if no user meets an item twice")
      .one_of({"auto", "ranked", "excluded"})
      .type("auto|ranked|excluded")
      .shows_default();
  command.flag("--allow-trained-events", allow_trained_events,
               "score even if the model was trained on targets, and say so");
  ranking.add_to(command);
}

data::SplitKind EvaluateOptions::split_kind(const ModelInfo& trained) const {
  return data::parse_split_kind(split).value_or(evaluate::split_for(trained.training));
}

evaluate::EvaluateOptions EvaluateOptions::evaluation(const data::Split& of_log, const std::atomic<bool>& stop) const {
  return {.cutoffs = cutoffs,
          .exclude_history = history == "auto" ? data::history_never_repeats(of_log) : history == "excluded",
          .bootstrap_seed = ranking.bootstrap_seed,
          .threads = ranking.threads,
          .stop = &stop};
}

}  // namespace sotto::cli
