// sotto: from an interaction log to a model file, and what the model is worth.
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/subcommands.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <vector>

namespace {

int run(int argc, char** argv) {
  CLI::App app("Sotto: next-item recommendation with a small fixed-point LSTM.", "sotto");
  app.set_version_flag("--version", "sotto " SOTTO_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done; 1 failed; 2 wrong usage; 3 evaluation refused, the model was trained on the "
      "targets; 130 interrupted.");
  const std::vector<sotto::cli::Subcommand> subcommands = {
      sotto::cli::add_check(app),    sotto::cli::add_train(app),    sotto::cli::add_quantize(app),
      sotto::cli::add_evaluate(app), sotto::cli::add_backtest(app), sotto::cli::add_inspect(app),
      sotto::cli::add_bench(app),    sotto::cli::add_import(app),   sotto::cli::add_export(app)};
  std::string topic;
  CLI::App* help = app.add_subcommand("help", "Explain a subcommand and its options");
  help->add_option("subcommand", topic, "check, train, quantize, evaluate, backtest, inspect, bench, import or export");

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked_for) {  // --help, --version
    return app.exit(asked_for);
  } catch (const CLI::ParseError& error) {
    std::string command = "sotto";
    for (const CLI::App* chosen : app.get_subcommands()) command += " " + chosen->get_name();
    fmt::print(stderr, "{}: {}; see '{} --help'\n", command, error.what(), command);
    return sotto::cli::exit_usage;
  }
  for (const auto& [options, run_subcommand] : subcommands) {
    if (options->parsed()) return run_subcommand();
  }
  if (topic.empty()) {
    app.clear();  // else CLI11 explains the subcommand 'help' itself
    fmt::print("{}", app.help());
    return sotto::cli::exit_ok;
  }
  for (const auto& subcommand : subcommands) {
    if (subcommand.options->get_name() != topic) continue;
    fmt::print("{}", subcommand.options->help("sotto"));
    return sotto::cli::exit_ok;
  }
  fmt::print(
      stderr,
      "sotto help: no subcommand '{}'; there are check, train, quantize, evaluate, inspect, bench, import and export\n",
      topic);
  return sotto::cli::exit_usage;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::bad_alloc&) {
    std::fputs("sotto: not enough memory; use a smaller log or a smaller model\n", stderr);
  } catch (const std::exception& error) {
    fmt::print(stderr, "sotto: {}\n", error.what());
  }
  return sotto::cli::exit_failure;
}
