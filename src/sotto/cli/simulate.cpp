#include <sotto/app/interruption.hpp>
#include <sotto/app/model_files.hpp>
#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/progress.hpp>
#include <sotto/cli/ranking_options.hpp>
#include <sotto/cli/read_log.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/evaluate/admission.hpp>
#include <sotto/evaluate/arms.hpp>
#include <sotto/present/simulation_report.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sotto::cli {
namespace {

struct SimulateCommand {
  LogOptions log;
  std::vector<std::string> models;
  RankingOptions ranking;
  simulate::SimulationOptions options;
  std::vector<unsigned> batches{options.batches.begin(), options.batches.end()};
};

using Models = std::vector<app::LoadedModel<FixedModel>>;

Result<Models> load_models(const std::vector<std::string>& files) {
  Models models;
  for (const std::string& file : files) {
    auto model = app::load_fixed_model(file);
    if (!model) return std::move(model).error();
    const ModelInfo& info = model->model.info;
    if (info.architecture.head != HeadKind::softmax) {
      return Error{ErrorCode::unsupported,
                   fmt::format("{}: has a binary head; learning on the device needs a softmax head", file)};
    }
    if (!models.empty() && info.catalogue.item_ids != models.front().model.info.catalogue.item_ids) {
      return Error{ErrorCode::mismatch, fmt::format("{}: has another catalogue than {}", file, files.front())};
    }
    models.push_back(*std::move(model));
  }
  return models;
}

int run(app::Logger& log, SimulateCommand& command, const std::string& typed) {
  const auto start = std::chrono::steady_clock::now();
  const std::atomic<bool>& stop = app::stop_on_interruption();
  simulate::SimulationOptions& options = command.options;
  options.stop = &stop;
  options.bootstrap_seed = command.ranking.bootstrap_seed;
  options.threads = command.ranking.threads;
  options.batches.assign(command.batches.begin(), command.batches.end());
  const auto names = simulate::arm_names(options.noise);
  for (const std::string& arm : options.arms) {
    if (std::ranges::find(names, arm) != names.end()) continue;
    return fail(log, {ErrorCode::invalid_argument,
                      fmt::format("--arms: there is no arm '{}'; the arms are {}", arm, fmt::join(names, ", "))});
  }
  auto models = load_models(command.models);
  if (!models) return fail(log, models.error());
  const ModelInfo& first = models->front().model.info;
  command.log.take_vocabulary_limit(first.training.vocabulary);
  auto read = read_log(log, command.log, data::SplitKind::temporal, stop);
  if (!read) return fail(log, read.error());
  const data::Split split(read->log, data::SplitKind::temporal);
  evaluate::Admission admission;
  for (std::size_t i = 0; i < models->size(); ++i) {
    if ((*models)[i].model.info.training.split.validation_trained) {
      return fail(log, {ErrorCode::invalid_argument,
                        fmt::format("{}: has learned from the validation's events, which the simulation begins with; "
                                    "train the base with '--split temporal --no-final-training'",
                                    command.models[i])});
    }
    admission = evaluate::admit((*models)[i].model.info, split, read->identity);
    if (!admission.refusal) continue;
    log.info(fmt::format(
        "refused: {}: {}; train the base on the past alone, with 'sotto train --split temporal --no-final-training'",
        command.models[i], *admission.refusal));
    return exit_refused;
  }

  options.exclude_history = data::history_never_repeats(split);
  std::vector<simulate::Replay> replays;
  SimulationProgress progress;
  for (std::size_t i = 0; i < models->size(); ++i) {
    const Engine engine((*models)[i].model, (*models)[i].fingerprint);
    auto replay = simulate::replay(
        split, engine, (*models)[i].model.info.catalogue, options,
        [&](std::size_t done, std::size_t events) { progress.update(i, models->size(), done, events); });
    if (!replay) {
      progress.finish();
      return fail(log, replay.error());
    }
    replays.push_back(*std::move(replay));
  }
  progress.finish();
  present::SimulationReport report{.models = {},
                                   .architecture = first.architecture,
                                   .training = first.training,
                                   .log = read->identity,
                                   .admission = std::move(admission),
                                   .options = options,
                                   .command = typed,
                                   .html_file = command.ranking.html,
                                   .simulation = simulate::summarize(replays, options)};
  for (std::size_t i = 0; i < models->size(); ++i) {
    report.models.push_back({command.models[i], (*models)[i].fingerprint});
  }
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return deliver(log, report, command.ranking.html, command.ranking.json);
}

}  // namespace

Run add_simulate(Command command) {
  auto options = std::make_shared<SimulateCommand>();
  simulate::SimulationOptions& simulation = options->options;
  command
      .option("--model", options->models,
              "fixed-point model, trained with --split temporal --no-final-training; several models of one catalogue, "
              "such as those of "
              "several training seeds, give their mean")
      .required()
      .type("MODEL")
      .reads();
  options->log.add_to(command);
  options->log.add_strict_to(command);
  command
      .option("--round-days", simulation.round_days,
              "lengths of the rounds in days, comma-separated; after each round the devices report and a trend is "
              "published")
      .list(',')
      .range(0.01, 3650.0)
      .type("DAYS,…")
      .shows_default()
      .group("Simulation");
  command
      .option("--noise", simulation.noise,
              "deviation of the noise that each of the two aggregators adds to each count, in reports")
      .range(0.1, 100'000.0)
      .type("Z")
      .shows_default()
      .group("Simulation");
  command
      .option("--reports-in-batch", simulation.reports_in_batch,
              "reports of a round, which the log's counts are scaled to; 0: as many as the log has")
      .range(std::size_t{0}, std::size_t{1'000'000'000})
      .type("N")
      .shows_default()
      .group("Simulation");
  command
      .option("--batches", options->batches,
              "numbers of reports among which the smallest one that is worth it is looked for, comma-separated")
      .list(',')
      .range(1U, 1'000'000'000U)
      .type("N,…")
      .shows_default()
      .group("Simulation");
  command.option("--seeds", simulation.noise_seeds, "number of seeds of the noise; the figures are means over them")
      .range(1U, 1000U)
      .type("N")
      .shows_default()
      .group("Simulation");
  command.option("--slots", simulation.max_slots, "slots of a report; slot 0 is for items without a slot of their own")
      .range(std::size_t{2}, std::size_t{65'536})
      .type("N")
      .shows_default()
      .group("Simulation");
  command
      .option("--arms", simulation.arms,
              fmt::format("arms to simulate, comma-separated; default: all of {}; base and personal are always there, "
                          "and the last four take most of the time",
                          fmt::join(simulate::arm_names(simulation.noise), ", ")))
      .list(',')
      .type("ARM,…")
      .group("Simulation");
  command.option("--every-nth-user", simulation.every_nth_user, "take only every n-th user of the log")
      .range(std::size_t{1}, std::size_t{1'000'000})
      .type("N")
      .shows_default()
      .group("Simulation");
  options->ranking.add_to(command);
  return [options, command](app::Logger& log) { return run(log, *options, command.typed()); };
}

}  // namespace sotto::cli
