#include <sotto/app/interruption.hpp>
#include <sotto/app/model_files.hpp>
#include <sotto/cli/bench_progress.hpp>
#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/head_bits.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/data/files.hpp>
#include <sotto/measure/generated_model.hpp>
#include <sotto/measure/workbench.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/present/bench_report.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <span>
#include <utility>

namespace sotto::cli {
namespace {

struct BenchCommand {
  std::string model;
  Architecture generated = measure::classic_architecture;
  int generated_head_bits = 8;
  std::vector<std::string> tiers;
  std::vector<std::string> rows;
  measure::RoundLimits limits{.rounds = 0, .seconds = 20};
  std::optional<std::uint64_t> calls;
  std::uint64_t seed = 1;
  std::string html;
  bool json = false;
};

std::vector<std::string> tier_names() {
  std::vector<std::string> names;
  for (const Kernels* tier : available_kernels()) names.emplace_back(tier->name);
  return names;
}

std::vector<std::string> row_names() {
  std::vector<std::string> names;
  for (const auto& task : measure::task_descriptions) names.emplace_back(task.name);
  return names;
}

bool is_chosen(const std::vector<std::string>& chosen, std::string_view name) {
  return chosen.empty() || std::ranges::find(chosen, name) != chosen.end();
}

measure::SpeedPlan plan_of(const BenchCommand& options) {
  measure::SpeedPlan plan{.tiers = {}, .tasks = {}, .limits = options.limits, .seed = options.seed};
  for (const Kernels* tier : available_kernels()) {
    if (is_chosen(options.tiers, tier->name)) plan.tiers.push_back(tier);
  }
  for (const auto& task : measure::task_descriptions) {
    if (is_chosen(options.rows, task.name)) plan.tasks.push_back(task.task);
  }
  return plan;
}

struct ModelFile {
  std::vector<std::byte> bytes;
  Architecture architecture;
  int head_bits;
};

Result<ModelFile> model_file(const BenchCommand& options) {
  if (options.model.empty()) {
    const int head_bits = options.generated_head_bits;
    return ModelFile{serialize(measure::generated_model(options.generated, options.seed, head_bits)), options.generated,
                     head_bits};
  }
  auto loaded = app::load_fixed_model(options.model);
  if (!loaded) return std::move(loaded).error();
  auto bytes = data::read_file(options.model);
  if (!bytes) return std::move(bytes).error();
  return ModelFile{{bytes->begin(), bytes->end()}, loaded->model.info.architecture, loaded->model.weights.head_bits()};
}

// Makes a fixed number of calls of every row, for a program that counts instructions.
int run_calls(app::Logger& log, const BenchCommand& options, const ModelFile& file) {
  const measure::SpeedPlan plan = plan_of(options);
  present::CallChecks checks{.calls = *options.calls, .rows = {}};
  for (const Kernels* tier : plan.tiers) {
    auto bench = measure::Workbench::open(file.bytes, *tier, plan.seed);
    if (!bench) return fail(log, bench.error());
    for (const measure::Task task : plan.tasks) {
      (*bench)->prepare(task);
      std::uint32_t check = 0;
      for (std::uint64_t call = 0; call < *options.calls; ++call) check += (*bench)->run(task);
      checks.rows.push_back({.row = std::string(measure::describe(task).name), .tier = tier->name, .check = check});
    }
  }
  if (options.json) {
    print_json(to_json(checks));
  } else {
    print(to_text(checks));
  }
  return exit_ok;
}

int run(app::Logger& log, const BenchCommand& options, const std::string& typed) {
  const std::atomic<bool>& interrupted = app::stop_on_interruption();
  const auto file = model_file(options);
  if (!file) return fail(log, file.error());
  if (options.calls) return run_calls(log, options, *file);

  BenchProgress progress(options.limits);
  auto speed = measure::measure_engine(file->bytes, plan_of(options), measure::steady_seconds,
                                       [&](const measure::RoundProgress& done) {
                                         progress.update(done);
                                         return interrupted.load();
                                       });
  progress.finish();
  if (!speed) return fail(log, speed.error());
  const present::BenchReport report{.command_line = typed,
                                    .model_file = options.model,
                                    .architecture = file->architecture,
                                    .head_bits = file->head_bits,
                                    .model_bytes = file->bytes.size(),
                                    .speed = std::move(speed).value()};
  if (const int code = deliver(log, report, options.html, options.json); code != exit_ok) return code;
  if (!report.speed.stopped) return exit_ok;
  log.info("interrupted; the figures are those of the rounds so far");
  return exit_interrupted;
}

void add_model_options(Command command, BenchCommand& options) {
  const Option model = command.option("--model", options.model, "fixed-point model; default: one that is generated")
                           .type("MODEL")
                           .reads();
  const auto generated = [&](const char* name, std::uint32_t& value, std::uint32_t low, std::uint32_t high,
                             const std::string& what) {
    command.option(name, value, fmt::format("{} of the generated model, {} … {}", what, low, high))
        .range(low, high)
        .type("N")
        .shows_default()
        .excludes(model);
  };
  generated("--items", options.generated.items, 1, max_items, "items");
  generated("--embedding-dim", options.generated.embedding_dim, 1, max_dim, "length of the embeddings");
  generated("--hidden-dim", options.generated.hidden_dim, 1, max_dim, "units of each LSTM layer");
  generated("--layers", options.generated.layers, 1, max_layers, "LSTM layers");
  command
      .flag("--tied", options.generated.tied_head,
            "the generated model's head shares the embedding's weights; the two dimensions must be alike")
      .excludes(model);
  add_head_bits(command, options.generated_head_bits, "bits of a weight of the generated model's head").excludes(model);
}

// Returns the option --calls.
Option add_measurement_options(Command command, BenchCommand& options) {
  command.option("--tier", options.tiers, "only this instruction tier; may be given several times")
      .one_of(tier_names())
      .type("TIER")
      .repeats();
  command.option("--row", options.rows, "only this row; may be given several times")
      .one_of(row_names())
      .type("ROW")
      .repeats();
  const Option rounds =
      command.option("--rounds", options.limits.rounds, "samples of each figure; 0: as many as the time allows")
          .type("N")
          .shows_default();
  const Option seconds = command
                             .option("--seconds", options.limits.seconds,
                                     "time for all rounds together, 0.001 … 86400; one round at least")
                             .range(0.001, 86'400.0)
                             .type("S")
                             .shows_default();
  const Option calls =
      command
          .option("--calls", options.calls,
                  "call each row so many times and time nothing, for a program that counts instructions")
          .type("N")
          .excludes(rounds)
          .excludes(seconds);
  command.option("--seed", options.seed, "seed of the generated model and of the events").type("N").shows_default();
  return calls;
}

}  // namespace

Run add_bench(Command command) {
  auto options = std::make_shared<BenchCommand>();
  add_model_options(command, *options);
  const Option calls = add_measurement_options(command, *options);
  command.option("--html", options->html, "write the figures as a page with bars as well")
      .type("PAGE")
      .excludes(calls)
      .writes(app::FileKind::page);
  command.flag("--json", options->json, "print the result as one JSON object");
  command.check_together([options] {
    const Architecture& a = options->generated;
    if (!a.tied_head || a.embedding_dim == a.hidden_dim) return std::string();
    return fmt::format("--tied: --embedding-dim {} and --hidden-dim {} must be alike", a.embedding_dim, a.hidden_dim);
  });
  return [options, command](app::Logger& log) { return run(log, *options, command.typed()); };
}

}  // namespace sotto::cli
