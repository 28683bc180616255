#include <sotto/app/model_files.hpp>
#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/convert/torch_export.hpp>
#include <sotto/data/files.hpp>
#include <sotto/present/conversion_report.hpp>

#include <fmt/format.h>

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

int run(app::Logger& log, const ExportCommand& options) {
  const auto loaded = app::load_float_model(options.model);
  if (!loaded) return fail(log, loaded.error());
  const FloatModel& model = loaded.value().model;
  const auto bytes = convert::export_torch_state_dict(
      model, {.history_term = options.drops("history-term"), .count_expert = options.drops("count-expert")});
  if (!bytes) {
    return fail(log, {bytes.error().code, fmt::format("{}: {}", options.model, bytes.error().detail)});
  }
  if (auto written = data::write_file_atomically(options.out, bytes.value()); !written) {
    return fail(log, written.error());
  }
  const present::ExportReport report{.state_dict_file = options.out,
                                     .state_dict_bytes = bytes.value().size(),
                                     .format = options.format,
                                     .model_file = options.model,
                                     .architecture = model.info.architecture,
                                     .dropped = options.dropped};
  print_report(report, options.json);
  return exit_ok;
}

}  // namespace

Run add_export(Command command) {
  auto options = std::make_shared<ExportCommand>();
  command.option("model", options->model, "float model, as 'sotto train' or 'sotto import' wrote it")
      .required()
      .type("FLOAT")
      .reads();
  command
      .option("--to", options->format,
              "safetensors-torch: a state dict of nn.Embedding 'embedding', nn.LSTM 'lstm', nn.Linear 'linear'")
      .required()
      .one_of({torch_format})
      .type(torch_format);
  command.option("--out", options->out, "file to write").required().type("FILE").writes(app::FileKind::state_dict);
  command
      .option("--drop", options->dropped,
              "leave out a part that PyTorch's modules cannot hold: history-term or count-expert")
      .one_of({"history-term", "count-expert"})
      .type("PART");
  command.flag("--json", options->json, "print the result as one JSON object");
  return [options](app::Logger& log) { return run(log, *options); };
}

}  // namespace sotto::cli
