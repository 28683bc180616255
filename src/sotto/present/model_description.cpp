#include <sotto/base/hash.hpp>
#include <sotto/model/internal/safetensors.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/present/model_description.hpp>
#include <sotto/present/provenance.hpp>
#include <sotto/present/words.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <variant>

namespace sotto::present {
using report::Json;

namespace {

std::vector<std::pair<std::string, std::string>> number_formats(const FixedModel& model) {
  std::vector<std::pair<std::string, std::string>> formats = {{"weights", "int8, an int32 multiplier for each row"}};
  if (model.weights.head_bits() == 4) {
    formats.emplace_back(model.info.architecture.tied_head ? "weights of embedding and head" : "weights of the head",
                         fmt::format("4 bit, {} … {}, an int32 multiplier for each row", weight_s4_min, weight_s4_max));
  }
  formats.insert(formats.end(), {{"activations", fmt::format("7 bit, {} … {}", activation_min, activation_max)},
                                 {"accumulators", "int32"},
                                 {"gate pre-activations", fmt::format("int16 Q{}.{}", 15 - gate_bits, gate_bits)},
                                 {"gates and hidden state", fmt::format("int16 Q{}.{}", 15 - unit_bits, unit_bits)}});
  for (std::size_t layer = 0; layer < model.weights.lstm.size(); ++layer) {
    const std::int32_t cell_bits = model.weights.lstm[layer].cell_bits;
    formats.emplace_back(fmt::format("cell state of layer {}", layer),
                         fmt::format("int16 Q{}.{}", 15 - cell_bits, cell_bits));
  }
  formats.emplace_back("scores", fmt::format("int32 Q{}.{}", 31 - score_bits, score_bits));
  return formats;
}

Json item_to_json(const Catalogue& catalogue, ItemIndex item) {
  Json result = Json::object({{"item_id", catalogue.item_ids[item]}});
  if (!catalogue.titles.empty()) result.set("title", catalogue.titles[item]);
  if (!catalogue.categories.empty()) result.set("category", catalogue.categories[item]);
  if (!catalogue.images.empty()) result.set("image", catalogue.images[item]);
  if (!catalogue.prices.empty() && !std::isnan(catalogue.prices[item])) result.set("price", catalogue.prices[item]);
  return result;
}

std::string item_to_text(const Catalogue& catalogue, ItemIndex item) {
  std::string text = catalogue.item_ids[item];
  for (const auto* column : {&catalogue.titles, &catalogue.categories}) {
    if (!column->empty() && !(*column)[item].empty()) text += " · " + (*column)[item];
  }
  if (!catalogue.prices.empty() && !std::isnan(catalogue.prices[item])) {
    text += fmt::format(" · {:.2f} {}", catalogue.prices[item], catalogue.currency);
  }
  return text;
}

}  // namespace

Result<ModelDescription> describe_model(std::span<const std::byte> file, std::uint32_t items_shown) {
  auto model = parse_model(file);
  if (!model) return std::move(model).error();
  auto container = parse_safetensors(file);
  if (!container) return std::move(container).error();

  ModelDescription description{.kind = std::holds_alternative<FixedModel>(*model) ? "fixed" : "float",
                               .file_bytes = file.size(),
                               .fingerprint = xxh64(file),
                               .info = std::visit([](auto& m) { return std::move(m.info); }, *model),
                               .tensors = {},
                               .number_formats = {{"weights and states", "float32"}},
                               .items_shown = items_shown};
  if (const auto* fixed = std::get_if<FixedModel>(&*model)) description.number_formats = number_formats(*fixed);
  for (const auto& [name, tensor] : container->tensors) {
    description.tensors.push_back(
        {name, std::string(tensor_type_name(tensor.type)), tensor.shape, std::uint64_t{tensor.bytes.size()}});
  }
  description.items_shown = std::min(items_shown, description.info.catalogue.size());
  return description;
}

Json to_json(const ModelDescription& description) {
  const ModelInfo& info = description.info;
  Json tensors = Json::array();
  for (const auto& tensor : description.tensors) {
    tensors.push_back(Json::object({{"name", tensor.name},
                                    {"dtype", tensor.dtype},
                                    {"shape", Json::array_of(tensor.shape)},
                                    {"bytes", tensor.bytes}}));
  }
  Json formats = Json::object();
  for (const auto& [quantity, format] : description.number_formats) formats.set(quantity, format);
  Json items = Json::array();
  for (ItemIndex item = 0; item < description.items_shown; ++item) items.push_back(item_to_json(info.catalogue, item));
  return Json::object(
      {{"kind", description.kind},
       {"file_bytes", description.file_bytes},
       {"fingerprint", fingerprint_text(description.fingerprint)},
       {"architecture", to_json(info.architecture)},
       {"tensors", tensors},
       {"number_formats", formats},
       {"catalogue",
        Json::object({{"size", info.catalogue.size()}, {"currency", info.catalogue.currency}, {"items", items}})},
       {"training", to_json(info.training)},
       {"event_sketch_hashes", info.training_event_sketch.size()},
       {"licence", info.licence},
       {"attribution", info.attribution},
       {"lineage", info.lineage}});
}

std::string to_text(const ModelDescription& description) {
  const ModelInfo& info = description.info;
  const TrainingRecord& training = info.training;
  std::string text =
      fmt::format("{} model, {}, fingerprint {}\n{}\n", description.kind, bytes_in_words(description.file_bytes),
                  fingerprint_text(description.fingerprint), in_words(info.architecture));

  text += "\ntensors\n";
  std::size_t name_width = 0;
  for (const auto& tensor : description.tensors) name_width = std::max(name_width, tensor.name.size());
  for (const auto& tensor : description.tensors) {
    text += fmt::format("  {:<{}}  {:<3}  {:>14}  {:>9} bytes\n", tensor.name, name_width, tensor.dtype,
                        to_string(tensor.shape), tensor.bytes);
  }
  text += "\nnumber formats\n";
  for (const auto& [quantity, format] : description.number_formats) text += fmt::format("  {}: {}\n", quantity, format);

  text += fmt::format("\ncatalogue: {} items\n", info.catalogue.size());
  for (ItemIndex item = 0; item < description.items_shown; ++item)
    text += "  " + item_to_text(info.catalogue, item) + "\n";

  text += fmt::format("\ntrained by {} on '{}' ({}): {} events of {} users, {} … {}\n", training.tool,
                      training.log.name, fingerprint_text(training.log.fingerprint), training.log.events,
                      training.log.users, date(training.log.first_timestamp), date(training.log.last_timestamp));
  if (training.vocabulary.max_items > 0) {
    text += fmt::format("vocabulary: at most {} items, of which '{}' stands for all that were left out\n",
                        training.vocabulary.max_items, training.vocabulary.oov_item);
  }
  text += fmt::format("split {}: {} training events, {} validation and {} test targets\n", training.split.kind,
                      training.split.training_events, training.split.validation_targets, training.split.test_targets);
  if (training.split.validation_trained) text += "a final training learned from the validation targets, too\n";
  text += fmt::format("seed {}, {} epochs, {}\n", training.seed, training.epochs, validation_in_words(training));
  text += fmt::format("settings: {}\nevent sketch: {} hashes\n", training.settings, info.training_event_sketch.size());
  text += fmt::format("licence: {}\nattribution: {}\n", info.licence.empty() ? "not stated" : info.licence,
                      info.attribution.empty() ? "not stated" : info.attribution);
  if (!info.lineage.empty()) text += fmt::format("lineage: {}\n", info.lineage);
  return text;
}

}  // namespace sotto::present
