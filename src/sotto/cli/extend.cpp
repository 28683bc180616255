#include <sotto/app/model_files.hpp>
#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/items_options.hpp>
#include <sotto/cli/read_log.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/data/catalogue_file.hpp>
#include <sotto/model/extend_model.hpp>
#include <sotto/present/conversion_report.hpp>

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>

namespace sotto::cli {
namespace {

struct ExtendCommand {
  std::string model;
  ItemsOptions items;
  std::string out;
  bool json = false;
};

int run(app::Logger& log, const ExtendCommand& options) {
  auto loaded = app::load_fixed_model(options.model);
  if (!loaded) return fail(log, loaded.error());
  if (auto looked = log_items_surprises(log, options.items.source()); !looked) return fail(log, looked.error());
  auto catalogue = data::extend_catalogue(loaded->model.info.catalogue, options.items.source());
  if (!catalogue) return fail(log, catalogue.error());
  auto extended = extend_model(loaded->model, *std::move(catalogue));
  if (!extended) {
    return fail(log, {extended.error().code, fmt::format("{}: {}", options.model, extended.error().detail)});
  }
  auto bytes = app::save_model(extended->model, options.out);
  if (!bytes) return fail(log, bytes.error());
  const present::ExtensionReport report{.model_file = options.out,
                                        .model_bytes = *bytes,
                                        .source_file = options.model,
                                        .items = extended->model.info.architecture.items,
                                        .added = extended->added,
                                        .with_category = extended->with_category};
  print_report(report, options.json);
  return exit_ok;
}

}  // namespace

Run add_extend(Command command) {
  auto options = std::make_shared<ExtendCommand>();
  command.option("--model", options->model, "fixed-point model").required().type("MODEL").reads();
  options->items
      .add_to(command,
              "items file with the added items, as for 'sotto train'; items that the model knows stay as they are")
      .required();
  command.option("--out", options->out, "fixed-point model to write")
      .required()
      .type("MODEL")
      .writes(app::FileKind::fixed_model);
  command.flag("--json", options->json, "print the result as one JSON object");
  return [options](app::Logger& log) { return run(log, *options); };
}

}  // namespace sotto::cli
