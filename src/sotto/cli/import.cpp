#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/model_files.hpp>
#include <sotto/cli/provenance.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/convert/import.hpp>
#include <sotto/convert/item_ids.hpp>
#include <sotto/data/catalogue_file.hpp>
#include <sotto/data/interactions.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <memory>
#include <utility>

namespace sotto::cli {
namespace {

constexpr std::string_view command = "import";

struct ImportCommand {
  std::string source;
  std::string out;
  std::string vocabulary;
  std::string items;
  std::string licence;
  std::string attribution;
  convert::TorchModules torch;
  bool json = false;
};

Status describe_items(const ImportCommand& options, convert::ImportedModel& imported) {
  if (!options.vocabulary.empty()) {
    auto ids = convert::read_item_ids(options.vocabulary);
    if (!ids) return std::move(ids).error();
    if (auto named = convert::name_items(imported, *std::move(ids)); !named) {
      return Error{named.error().code, fmt::format("{}: {}", options.vocabulary, named.error().detail)};
    }
  }
  if (options.items.empty()) return Ok{};
  ModelInfo& info = imported.model.info;
  data::Interactions of_these_items;  // a log without events, for its item ids
  of_these_items.item_ids = std::move(info.catalogue.item_ids);
  auto catalogue = data::make_catalogue(of_these_items, options.items);
  if (!catalogue) return std::move(catalogue).error();
  info.catalogue = *std::move(catalogue);
  return Ok{};
}

int run(const ImportCommand& options) {
  if (auto writable = check_writable(options.out); !writable) return fail(command, writable.error());
  auto file = convert::import_file(options.source, options.torch);
  if (!file) return fail(command, file.error());
  if (file->format != convert::SourceFormat::torch &&
      !(options.torch.embedding.empty() && options.torch.lstm.empty() && options.torch.linear.empty())) {
    return fail(command,
                {ErrorCode::invalid_argument,
                 fmt::format("{}: --embedding, --lstm and --linear are for PyTorch state dicts only", options.source)});
  }
  convert::ImportedModel& imported = file->imported;
  if (auto described = describe_items(options, imported); !described) return fail(command, described.error());
  ModelInfo& info = imported.model.info;
  info.licence = options.licence;
  info.attribution = options.attribution;
  const std::string format(convert::format_name(file->format));
  info.training.settings = Json{{"imported_by", "sotto " SOTTO_VERSION},
                                {"format", format},
                                {"file", std::filesystem::path(options.source).filename().string()}}
                               .dump(-1, ' ', false, Json::error_handler_t::replace);
  auto bytes = save_model(imported.model, options.out);
  if (!bytes) return fail(command, bytes.error());

  if (options.json) {
    print_json({{"model", options.out},
                {"model_bytes", *bytes},
                {"source", options.source},
                {"format", format},
                {"made_by", info.training.tool},
                {"architecture", to_json(info.architecture)},
                {"padding_rows_left_out", imported.padding_rows},
                {"notes", imported.notes}});
  } else {
    for (const std::string& remark : imported.notes) note(command, remark);
    print(fmt::format("{}\nfloat model: {} ({}), from {} ({}, {})\n", in_words(info.architecture), options.out,
                      bytes_in_words(*bytes), options.source, format, info.training.tool));
  }
  return exit_ok;
}

}  // namespace

Subcommand add_import(CLI::App& app) {
  auto options = std::make_shared<ImportCommand>();
  CLI::App* import = app.add_subcommand("import", "Make a float model of a Keras, TensorFlow.js or PyTorch one");
  import
      ->add_option("source", options->source,
                   ".keras or .h5 file of Keras, model.json of TensorFlow.js or its folder, or a PyTorch state dict "
                   "in safetensors")
      ->required()
      ->type_name("SOURCE");
  import->add_option("--out", options->out, "float model to write; 'sotto quantize' makes the one to ship of it")
      ->required()
      ->type_name("MODEL");
  import
      ->add_option("--vocabulary", options->vocabulary,
                   "the items' ids in the order of the embedding's rows: one per line, or a CSV's column item_id "
                   "(default: 0, 1, …)")
      ->type_name("FILE");
  import->add_option("--items", options->items, "titles, categories, prices and images by item_id: CSV, plain or gzip")
      ->type_name("FILE");
  import->add_option("--licence", options->licence, "the model's licence, to be kept in it")->type_name("TEXT");
  import->add_option("--attribution", options->attribution, "whom to name, to be kept in the model")->type_name("TEXT");
  const std::string group = "Modules of a PyTorch state dict, where there are several";
  import->add_option("--embedding", options->torch.embedding, "the nn.Embedding, such as encoder.items")
      ->type_name("NAME")
      ->group(group);
  import->add_option("--lstm", options->torch.lstm, "the nn.LSTM")->type_name("NAME")->group(group);
  import->add_option("--linear", options->torch.linear, "the nn.Linear; the embedding's name ties the head to it")
      ->type_name("NAME")
      ->group(group);
  import->add_flag("--json", options->json, "print the result as one JSON object");
  return {import, [options] { return run(*options); }};
}

}  // namespace sotto::cli
