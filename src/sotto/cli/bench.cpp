#include <sotto/cli/bench_progress.hpp>
#include <sotto/cli/bench_report.hpp>
#include <sotto/cli/command_line.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/head_bits.hpp>
#include <sotto/cli/interruption.hpp>
#include <sotto/cli/model_files.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/data/files.hpp>
#include <sotto/measure/generated_model.hpp>
#include <sotto/measure/workbench.hpp>
#include <sotto/model/model_file.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <span>
#include <utility>

namespace sotto::cli {
namespace {

constexpr std::string_view command = "bench";

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
  auto loaded = load_fixed_model(options.model);
  if (!loaded) return std::move(loaded).error();
  auto bytes = data::read_file(options.model);
  if (!bytes) return std::move(bytes).error();
  return ModelFile{{bytes->begin(), bytes->end()}, loaded->model.info.architecture, loaded->model.weights.head_bits()};
}

// A fixed number of calls of every row, for a program that counts instructions. A check is a sum over what the calls
// returned, the same in every tier.
int run_calls(const BenchCommand& options, const ModelFile& file) {
  const measure::SpeedPlan plan = plan_of(options);
  Json rows = Json::array();
  for (const Kernels* tier : plan.tiers) {
    auto bench = measure::Workbench::open(file.bytes, *tier, plan.seed);
    if (!bench) return fail(command, bench.error());
    for (const measure::Task task : plan.tasks) {
      (*bench)->prepare(task);
      std::uint32_t check = 0;
      for (std::uint64_t call = 0; call < *options.calls; ++call) check += (*bench)->run(task);
      rows.push_back({{"row", measure::describe(task).name}, {"tier", tier->name}, {"check", check}});
      if (!options.json) {
        print(fmt::format("{:<16} {:<12} check {}\n", measure::describe(task).name, tier->name, check));
      }
    }
  }
  if (options.json) print_json({{"calls", *options.calls}, {"rows", rows}});
  return exit_ok;
}

int run(const BenchCommand& options, const std::string& typed) {
  const std::atomic<bool>& interrupted = stop_on_interruption();
  if (!options.html.empty()) {
    if (auto writable = check_writable(options.html); !writable) return fail(command, writable.error());
  }
  const auto file = model_file(options);
  if (!file) return fail(command, file.error());
  if (options.calls) return run_calls(options, *file);

  BenchProgress progress(options.limits);
  auto speed = measure::measure_engine(file->bytes, plan_of(options), measure::steady_seconds,
                                       [&](const measure::RoundProgress& done) {
                                         progress.update(done);
                                         return interrupted.load();
                                       });
  progress.finish();
  if (!speed) return fail(command, speed.error());
  const BenchReport report{.command_line = typed,
                           .model_file = options.model,
                           .architecture = file->architecture,
                           .head_bits = file->head_bits,
                           .model_bytes = file->bytes.size(),
                           .speed = std::move(speed).value()};
  if (!options.html.empty()) {
    const std::string page = to_html(report);
    if (auto written = data::write_file_atomically(options.html, std::as_bytes(std::span(page))); !written)
      return fail(command, written.error());
  }
  if (options.json) {
    print_json(to_json(report));
  } else {
    print(to_text(report));
  }
  if (!report.speed.stopped) return exit_ok;
  note(command, "interrupted; the figures are those of the rounds so far");
  return exit_interrupted;
}

void add_model_options(CLI::App& bench, BenchCommand& options) {
  CLI::Option* model = bench.add_option("--model", options.model, "fixed-point model; default: one that is generated")
                           ->type_name("MODEL");
  const auto generated = [&](const char* name, std::uint32_t& value, std::uint32_t low, std::uint32_t high,
                             const std::string& what) {
    bench.add_option(name, value, fmt::format("{} of the generated model, {} … {}", what, low, high))
        ->check(CLI::Range(low, high))
        ->type_name("N")
        ->capture_default_str()
        ->excludes(model);
  };
  generated("--items", options.generated.items, 1, max_items, "items");
  generated("--embedding-dim", options.generated.embedding_dim, 1, max_dim, "length of the embeddings");
  generated("--hidden-dim", options.generated.hidden_dim, 1, max_dim, "units of each LSTM layer");
  generated("--layers", options.generated.layers, 1, max_layers, "LSTM layers");
  bench
      .add_flag("--tied", options.generated.tied_head,
                "the generated model's head shares the embedding's weights; the two dimensions must be alike")
      ->excludes(model);
  add_head_bits(bench, options.generated_head_bits, "bits of a weight of the generated model's head")->excludes(model);
}

void add_measurement_options(CLI::App& bench, BenchCommand& options) {
  bench.add_option("--tier", options.tiers, "only this instruction tier; may be given several times")
      ->check(CLI::IsMember(tier_names()))
      ->type_name("TIER")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  bench.add_option("--row", options.rows, "only this row; may be given several times")
      ->check(CLI::IsMember(row_names()))
      ->type_name("ROW")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  CLI::Option* rounds =
      bench.add_option("--rounds", options.limits.rounds, "samples of each figure; 0: as many as the time allows")
          ->type_name("N")
          ->capture_default_str();
  CLI::Option* seconds = bench
                             .add_option("--seconds", options.limits.seconds,
                                         "time for all rounds together, 0.001 … 86400; one round at least")
                             ->check(CLI::Range(0.001, 86'400.0))
                             ->type_name("S")
                             ->capture_default_str();
  bench
      .add_option("--calls", options.calls,
                  "call each row so many times and time nothing, for a program that counts instructions")
      ->type_name("N")
      ->excludes(rounds)
      ->excludes(seconds);
  bench.add_option("--seed", options.seed, "seed of the generated model and of the events")
      ->type_name("N")
      ->capture_default_str();
}

}  // namespace

Subcommand add_bench(CLI::App& app) {
  auto options = std::make_shared<BenchCommand>();
  CLI::App* bench = app.add_subcommand("bench", "Measure how fast the engine is on this machine, one thread");
  add_model_options(*bench, *options);
  add_measurement_options(*bench, *options);
  bench->add_option("--html", options->html, "write the figures as a page with bars as well")
      ->type_name("PAGE")
      ->excludes("--calls");
  bench->add_flag("--json", options->json, "print the result as one JSON object");
  bench->parse_complete_callback([options] {
    const Architecture& a = options->generated;
    if (a.tied_head && a.embedding_dim != a.hidden_dim) {
      throw CLI::ValidationError(
          "--tied", fmt::format("--embedding-dim {} and --hidden-dim {} must be alike", a.embedding_dim, a.hidden_dim));
    }
  });
  return {bench, [options, bench] { return run(*options, command_line(*bench)); }};
}

}  // namespace sotto::cli
