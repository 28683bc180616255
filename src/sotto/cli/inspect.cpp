#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/model_description.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/data/files.hpp>
#include <sotto/model/spec.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <memory>

namespace sotto::cli {
namespace {

constexpr std::string_view command = "inspect";

struct InspectCommand {
  std::string model;
  std::uint32_t items = 5;
  bool json = false;
};

int run(const InspectCommand& options) {
  auto bytes = data::read_file(options.model);
  if (!bytes) return fail(command, bytes.error());
  auto description = describe_model(*bytes, options.items);
  if (!description) {
    return fail(command, {description.error().code, fmt::format("{}: {}", options.model, description.error().detail)});
  }
  if (options.json) {
    print_json(to_json(*description));
  } else {
    print(to_text(*description));
  }
  return exit_ok;
}

}  // namespace

Subcommand add_inspect(CLI::App& app) {
  auto options = std::make_shared<InspectCommand>();
  CLI::App* inspect = app.add_subcommand("inspect", "Show what is in a model file");
  inspect->add_option("model", options->model, "fixed-point or float model")->required()->type_name("MODEL");
  inspect
      ->add_option("--items", options->items, "how many items of the catalogue to show, from its start, 0 … 16777216")
      ->check(CLI::Range(0U, max_items))
      ->type_name("N")
      ->capture_default_str();
  inspect->add_flag("--json", options->json, "print one JSON object");
  return {inspect, [options] { return run(*options); }};
}

}  // namespace sotto::cli
