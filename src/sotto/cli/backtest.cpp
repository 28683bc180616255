#include <sotto/app/interruption.hpp>
#include <sotto/app/model_files.hpp>
#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/progress.hpp>
#include <sotto/cli/ranking_options.hpp>
#include <sotto/cli/read_log.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/data/files.hpp>
#include <sotto/evaluate/admission.hpp>
#include <sotto/evaluate/arms.hpp>
#include <sotto/evaluate/backtest.hpp>
#include <sotto/present/backtest_report.hpp>

#include <fmt/format.h>

#include <memory>
#include <span>
#include <string>
#include <utility>

namespace sotto::cli {
namespace {

struct BacktestCommand {
  LogOptions log;
  std::string model;
  RankingOptions ranking;
  evaluate::BacktestOptions options;
};

int run(app::Logger& log, BacktestCommand& options, const std::string& typed) {
  const std::atomic<bool>& stop = app::stop_on_interruption();
  options.options.stop = &stop;
  options.options.bootstrap_seed = options.ranking.bootstrap_seed;
  options.options.threads = options.ranking.threads;
  auto model = app::load_fixed_model(options.model);
  if (!model) return fail(log, model.error());
  const ModelInfo& info = model->model.info;
  if (info.architecture.head != HeadKind::softmax) {
    return fail(log,
                {ErrorCode::unsupported,
                 fmt::format("{}: has a binary head; learning on the device needs a softmax head", options.model)});
  }
  options.log.take_vocabulary_limit(info.training.vocabulary);
  auto read = read_log(log, options.log, data::SplitKind::temporal, stop);
  if (!read) return fail(log, read.error());
  data::Split split(read->log, data::SplitKind::temporal);
  // The device learns from the events that the base has not learned from.
  if (info.training.split.validation_trained) split = split.with_validation_trained();
  evaluate::Admission admission = evaluate::admit(info, split, read->identity);
  if (admission.refusal) {
    log.info(fmt::format("refused: {}; train the base on the past alone, with 'sotto train --split temporal'",
                         *admission.refusal));
    return exit_refused;
  }
  if (!info.architecture.memory_term) {
    admission.notes.push_back(
        "the model has no memory term, so that the memory begins with nothing; 'sotto train' adds one");
  }

  const Engine engine(model->model, model->fingerprint);
  const auto arms = evaluate::backtest_arms(split, engine, info.catalogue);
  options.options.exclude_history = data::history_never_repeats(split);
  EvaluationProgress progress;
  auto backtest = evaluate::backtest(split, arms, options.options,
                                     [&](std::size_t done, std::size_t users) { progress.update(done, users); });
  progress.finish();
  if (!backtest) return fail(log, backtest.error());
  const present::BacktestReport report{.model_file = options.model,
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
  return deliver(log, report, options.ranking.html, options.ranking.json);
}

}  // namespace

Run add_backtest(Command command) {
  auto options = std::make_shared<BacktestCommand>();
  command.option("--model", options->model, "fixed-point model, trained with --split temporal --no-final-training")
      .required()
      .type("MODEL")
      .reads();
  options->log.add_to(command);
  options->log.add_strict_to(command);
  options->ranking.add_to(command);
  return [options, command](app::Logger& log) { return run(log, *options, command.typed()); };
}

}  // namespace sotto::cli
