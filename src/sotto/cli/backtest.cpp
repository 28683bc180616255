#include <sotto/cli/backtest_report.hpp>
#include <sotto/cli/command_line.hpp>
#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/interruption.hpp>
#include <sotto/cli/log_options.hpp>
#include <sotto/cli/model_files.hpp>
#include <sotto/cli/progress.hpp>
#include <sotto/cli/ranking_options.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/data/files.hpp>
#include <sotto/evaluate/admission.hpp>
#include <sotto/evaluate/arms.hpp>
#include <sotto/evaluate/backtest.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <memory>
#include <span>
#include <string>
#include <utility>

namespace sotto::cli {
namespace {

constexpr std::string_view command = "backtest";

struct BacktestCommand {
  LogOptions log;
  std::string model;
  RankingOptions ranking;
  evaluate::BacktestOptions options;
};

int run(BacktestCommand& options, const std::string& typed) {
  const std::atomic<bool>& stop = stop_on_interruption();
  options.options.stop = &stop;
  options.options.bootstrap_seed = options.ranking.bootstrap_seed;
  options.options.threads = options.ranking.threads;
  if (!options.ranking.html.empty()) {
    if (auto writable = check_writable(options.ranking.html); !writable) return fail(command, writable.error());
  }
  auto model = load_fixed_model(options.model);
  if (!model) return fail(command, model.error());
  const ModelInfo& info = model->model.info;
  if (info.architecture.head != HeadKind::softmax) {
    return fail(command,
                {ErrorCode::unsupported,
                 fmt::format("{}: has a binary head; learning on the device needs a softmax head", options.model)});
  }
  options.log.take_vocabulary_limit(info.training.vocabulary);
  auto read = read_log(command, options.log, data::SplitKind::temporal, stop);
  if (!read) return fail(command, read.error());
  const data::Split split(read->log, data::SplitKind::temporal);
  evaluate::Admission admission = evaluate::admit(info, split, read->identity);
  if (admission.refusal) {
    note(command, fmt::format("refused: {}; train the base on the past alone, with 'sotto train --split temporal'",
                              *admission.refusal));
    return exit_refused;
  }
  if (!info.architecture.memory_term) {
    admission.notes.push_back(
        "the model has no memory term, so that the memory begins with nothing; 'sotto train' adds one");
  }

  const Engine engine(model->model, model->fingerprint);
  const auto arms = evaluate::backtest_arms(split, engine, info.catalogue);
  options.options.exclude_history = evaluate::history_never_repeats(split);
  EvaluationProgress progress;
  auto backtest = evaluate::backtest(split, arms, options.options,
                                     [&](std::size_t done, std::size_t users) { progress.update(done, users); });
  progress.finish();
  if (!backtest) return fail(command, backtest.error());
  const BacktestReport report{.model_file = options.model,
                              .model_fingerprint = model->fingerprint,
                              .architecture = info.architecture,
                              .training = info.training,
                              .log = read->identity,
                              .admission = std::move(admission),
                              .history_excluded = options.options.exclude_history,
                              .items = read->log.item_ids.size(),
                              .bootstrap_seed = options.options.bootstrap_seed,
                              .command = typed,
                              .html_file = options.ranking.html,
                              .backtest = *std::move(backtest)};
  if (!options.ranking.html.empty()) {
    const std::string page = to_html(report);
    if (auto written = data::write_file_atomically(options.ranking.html, std::as_bytes(std::span(page))); !written)
      return fail(command, written.error());
  }
  if (options.ranking.json) {
    print_json(to_json(report));
  } else {
    print(to_text(report));
  }
  return exit_ok;
}

}  // namespace

Subcommand add_backtest(CLI::App& app) {
  auto options = std::make_shared<BacktestCommand>();
  CLI::App* backtest = app.add_subcommand(
      "backtest", "Replay the last tenth of a log: what learning on the device would have been worth");
  backtest->add_option("--model", options->model, "fixed-point model, trained with --split temporal")
      ->required()
      ->type_name("MODEL");
  options->log.add_to(*backtest);
  options->log.add_strict_to(*backtest);
  options->ranking.add_to(*backtest);
  return {backtest, [options, backtest] { return run(*options, command_line(*backtest)); }};
}

}  // namespace sotto::cli
