// The subcommands. Each add function describes its options to CLI11 and returns what runs it afterwards.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace sotto::cli {

struct Subcommand {
  CLI::App* options;
  std::function<int()> run;  // returns an ExitCode
};

[[nodiscard]] Subcommand add_check(CLI::App& app);
[[nodiscard]] Subcommand add_train(CLI::App& app);
[[nodiscard]] Subcommand add_quantize(CLI::App& app);
[[nodiscard]] Subcommand add_evaluate(CLI::App& app);
[[nodiscard]] Subcommand add_backtest(CLI::App& app);
[[nodiscard]] Subcommand add_inspect(CLI::App& app);
[[nodiscard]] Subcommand add_bench(CLI::App& app);
[[nodiscard]] Subcommand add_import(CLI::App& app);
[[nodiscard]] Subcommand add_export(CLI::App& app);

}  // namespace sotto::cli
