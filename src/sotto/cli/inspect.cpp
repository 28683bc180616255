#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/data/files.hpp>
#include <sotto/model/spec.hpp>
#include <sotto/present/model_description.hpp>

#include <fmt/format.h>

#include <memory>

namespace sotto::cli {
namespace {

struct InspectCommand {
  std::string model;
  std::uint32_t items = 5;
  bool json = false;
};

int run(app::Logger& log, const InspectCommand& options) {
  auto bytes = data::read_file(options.model);
  if (!bytes) return fail(log, bytes.error());
  auto description = present::describe_model(*bytes, options.items);
  if (!description) {
    return fail(log, {description.error().code, fmt::format("{}: {}", options.model, description.error().detail)});
  }
  if (options.json) {
    print_json(to_json(*description));
  } else {
    print(to_text(*description));
  }
  return exit_ok;
}

}  // namespace

Run add_inspect(Command command) {
  auto options = std::make_shared<InspectCommand>();
  command.option("model", options->model, "fixed-point or float model").required().type("MODEL").reads();
  command.option("--items", options->items, "how many items of the catalogue to show, from its start, 0 … 16777216")
      .range(0U, max_items)
      .type("N")
      .shows_default();
  command.flag("--json", options->json, "print one JSON object");
  return [options](app::Logger& log) { return run(log, *options); };
}

}  // namespace sotto::cli
