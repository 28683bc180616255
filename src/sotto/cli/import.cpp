#include <sotto/app/model_files.hpp>
#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/items_options.hpp>
#include <sotto/cli/read_log.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/convert/import.hpp>
#include <sotto/convert/item_ids.hpp>
#include <sotto/data/catalogue_file.hpp>
#include <sotto/data/interactions.hpp>
#include <sotto/present/conversion_report.hpp>

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace sotto::cli {
namespace {

struct ImportCommand {
  std::string source;
  std::string out;
  std::string vocabulary;
  ItemsOptions items;
  convert::ImportOptions import;
  bool json = false;
};

Status describe_items(app::Logger& log, const ImportCommand& options, convert::ImportedModel& imported) {
  if (!options.vocabulary.empty()) {
    data::RoundedIds rounded;
    auto ids = convert::read_item_ids(options.vocabulary, rounded);
    if (!ids) return std::move(ids).error();
    if (rounded.count > 0) log.warning(data::in_words(rounded));
    if (auto named = convert::name_items(imported, *std::move(ids)); !named) {
      return Error{named.error().code, fmt::format("{}: {}", options.vocabulary, named.error().detail)};
    }
  }
  if (auto looked = log_items_surprises(log, options.items.source()); !looked) return looked;
  if (options.items.file.empty()) return Ok{};
  ModelInfo& info = imported.model.info;
  data::Interactions of_these_items;  // a log without events, for its item ids
  of_these_items.item_ids = std::move(info.catalogue.item_ids);
  auto catalogue = data::make_catalogue(of_these_items, options.items.source());
  if (!catalogue) return std::move(catalogue).error();
  info.catalogue = *std::move(catalogue);
  return Ok{};
}

int run(app::Logger& log, const ImportCommand& options) {
  auto file = convert::import_file(options.source, options.import);
  if (!file) return fail(log, file.error());
  if (file->format != convert::SourceFormat::torch &&
      !(options.import.torch.embedding.empty() && options.import.torch.lstm.empty() &&
        options.import.torch.linear.empty())) {
    return fail(log,
                {ErrorCode::invalid_argument,
                 fmt::format("{}: --embedding, --lstm and --linear are for PyTorch state dicts only", options.source)});
  }
  convert::ImportedModel& imported = file->imported;
  if (auto described = describe_items(log, options, imported); !described) return fail(log, described.error());
  const ModelInfo& info = imported.model.info;
  auto bytes = app::save_model(imported.model, options.out);
  if (!bytes) return fail(log, bytes.error());

  const present::ImportReport report{.model_file = options.out,
                                     .model_bytes = *bytes,
                                     .source_file = options.source,
                                     .format = std::string(convert::format_name(file->format)),
                                     .made_by = info.training.tool,
                                     .architecture = info.architecture,
                                     .padding_rows = imported.padding_rows,
                                     .notes = imported.notes};
  if (options.json) {
    print_json(to_json(report));
  } else {
    for (const std::string& remark : report.notes) log.info(remark);
    print(to_text(report));
  }
  return exit_ok;
}

}  // namespace

Run add_import(Command command) {
  auto options = std::make_shared<ImportCommand>();
  command
      .option("source", options->source,
              ".keras or .h5 file of Keras, model.json of TensorFlow.js or its folder, or a PyTorch state dict "
              "in safetensors")
      .required()
      .type("SOURCE")
      .reads()
      .reads_implied("the importer of SOURCE", convert::files_of_import);
  command.option("--out", options->out, "float model to write; 'sotto quantize' makes the one to ship of it")
      .required()
      .type("MODEL")
      .writes(app::FileKind::float_model);
  command
      .option("--vocabulary", options->vocabulary,
              "the items' ids in the order of the embedding's rows: one per line, or a CSV's column item_id "
              "(default: 0, 1, …)")
      .type("FILE")
      .reads();
  options->items.add_to(command, "titles, categories, prices and images by item_id, in any format of logs");
  command.option("--licence", options->import.licence, "the model's licence, to be kept in it").type("TEXT");
  command.option("--attribution", options->import.attribution, "whom to name, to be kept in the model").type("TEXT");
  command
      .option("--lineage", options->import.lineage,
              "the name that all versions of this model share; pages keep each lineage's history apart")
      .type("NAME");
  const std::string group = "Modules of a PyTorch state dict, where there are several";
  command.option("--embedding", options->import.torch.embedding, "the nn.Embedding, such as encoder.items")
      .type("NAME")
      .group(group);
  command.option("--lstm", options->import.torch.lstm, "the nn.LSTM").type("NAME").group(group);
  command.option("--linear", options->import.torch.linear, "the nn.Linear; the embedding's name ties the head to it")
      .type("NAME")
      .group(group);
  command.flag("--json", options->json, "print the result as one JSON object");
  return [options](app::Logger& log) { return run(log, *options); };
}

}  // namespace sotto::cli
