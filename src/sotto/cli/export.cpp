#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/model_files.hpp>
#include <sotto/cli/provenance.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/convert/torch_export.hpp>
#include <sotto/data/files.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace sotto::cli {
namespace {

constexpr std::string_view command = "export";
constexpr const char* torch_format = "safetensors-torch";

struct ExportCommand {
  std::string model;
  std::string format;
  std::string out;
  std::vector<std::string> dropped;
  bool json = false;

  [[nodiscard]] bool drops(std::string_view part) const { return std::ranges::find(dropped, part) != dropped.end(); }
};

int run(const ExportCommand& options) {
  if (auto writable = check_writable(options.out); !writable) return fail(command, writable.error());
  const auto loaded = load_float_model(options.model);
  if (!loaded) return fail(command, loaded.error());
  const FloatModel& model = loaded.value().model;
  const auto bytes = convert::export_torch_state_dict(
      model, {.history_term = options.drops("history-term"), .count_expert = options.drops("count-expert")});
  if (!bytes) {
    return fail(command, {bytes.error().code, fmt::format("{}: {}", options.model, bytes.error().detail)});
  }
  if (auto written = data::write_file_atomically(options.out, bytes.value()); !written) {
    return fail(command, written.error());
  }
  if (options.json) {
    print_json({{"state_dict", options.out},
                {"state_dict_bytes", bytes.value().size()},
                {"format", options.format},
                {"model", options.model},
                {"architecture", to_json(model.info.architecture)},
                {"dropped", options.dropped}});
  } else {
    print(fmt::format("{}\n{}: {} ({}), from {}\n", in_words(model.info.architecture), options.format, options.out,
                      bytes_in_words(bytes.value().size()), options.model));
  }
  return exit_ok;
}

}  // namespace

Subcommand add_export(CLI::App& app) {
  auto options = std::make_shared<ExportCommand>();
  CLI::App* exporting = app.add_subcommand("export", "Write a float model for PyTorch");
  exporting->add_option("model", options->model, "float model, as 'sotto train' or 'sotto import' wrote it")
      ->required()
      ->type_name("FLOAT");
  exporting
      ->add_option("--to", options->format,
                   "safetensors-torch: a state dict of nn.Embedding 'embedding', nn.LSTM 'lstm', nn.Linear 'linear'")
      ->required()
      ->check(CLI::IsMember({torch_format}))
      ->type_name(torch_format);
  exporting->add_option("--out", options->out, "file to write")->required()->type_name("FILE");
  exporting
      ->add_option("--drop", options->dropped,
                   "leave out a part that PyTorch's modules cannot hold: history-term or count-expert")
      ->check(CLI::IsMember({"history-term", "count-expert"}))
      ->type_name("PART");
  exporting->add_flag("--json", options->json, "print the result as one JSON object");
  return {exporting, [options] { return run(*options); }};
}

}  // namespace sotto::cli
