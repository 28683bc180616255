#include <sotto/convert/errors.hpp>
#include <sotto/convert/keras_graph.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace sotto::convert {
namespace {

// Accepts only Keras's own classes. A class from another module may compute anything, whatever its name is.
bool is_keras_module(std::string_view module) {
  return module.starts_with("keras") || module.starts_with("tf_keras") || module.starts_with("tensorflow.");
}

Result<KerasLayer> read_layer(const Json& entry, std::map<std::string, std::size_t, std::less<>>& seen_of_class) {
  const std::string* class_name = find_string(entry, "class_name");
  const Json* config = find_field(entry, "config");
  if (class_name == nullptr || config == nullptr) {
    return malformed(fmt::format("a layer without class_name and config: {}", shown(entry)));
  }
  const std::string* name = find_string(*config, "name");
  if (name == nullptr) name = find_string(entry, "name");
  if (name == nullptr) return malformed(fmt::format("a {} layer has no name", data::in_quotes(*class_name)));
  KerasLayer layer{*class_name, *name, seen_of_class[*class_name]++, config};
  const std::string* module = find_string(entry, "module");
  if (module != nullptr && !is_keras_module(*module)) {
    return unsupported(fmt::format("{} is a class of {}, not one of Keras's: what it computes is not in the file",
                                   layer.in_words(), data::in_quotes(*module)));
  }
  return layer;
}

Result<std::vector<KerasLayer>> read_layers(const Json& config) {
  const Json* list = config.is_array() ? &config : find_field(config, "layers");  // Keras before 2.2.3: the bare list
  if (list == nullptr || !list->is_array()) return malformed("the model's configuration has no list 'layers'");
  std::vector<KerasLayer> layers;
  std::map<std::string, std::size_t, std::less<>> seen_of_class;
  for (const Json& entry : *list) {
    auto layer = read_layer(entry, seen_of_class);
    if (!layer) return std::move(layer).error();
    layers.push_back(*std::move(layer));
  }
  return layers;
}

// Returns the layer that a reference in the graph names: ["lstm", node, output], where node and output are 0.
const std::string* referenced_layer(const Json& reference) {
  if (!reference.is_array() || reference.size() < 3 || !reference[0].is_string()) return nullptr;
  if (reference[1] != 0 || reference[2] != 0) return nullptr;
  return reference[0].get_ptr<const std::string*>();
}

// Reads Keras 3's form of a reference: {"class_name": "__keras_tensor__", "config": {"keras_history": [name, node,
// output]}}.
const std::string* referenced_tensor(const Json& tensor) {
  const std::string* class_name = find_string(tensor, "class_name");
  const Json* config = find_field(tensor, "config");
  if (class_name == nullptr || *class_name != "__keras_tensor__" || config == nullptr) return nullptr;
  const Json* history = find_field(*config, "keras_history");
  return history == nullptr ? nullptr : referenced_layer(*history);
}

// Returns the model's only input or output layer: ["x", 0, 0], or a list with one such entry.
const std::string* end_layer(const Json& config, std::string_view field) {
  const Json* ends = find_field(config, field);
  if (ends == nullptr || !ends->is_array()) return nullptr;
  if (ends->size() == 1) return referenced_layer((*ends)[0]);
  return referenced_layer(*ends);
}

// The inputs of one layer in a graph.
struct Inbound {
  const std::string* from = nullptr;
  const std::string* mask = nullptr;
  const Json* constant = nullptr;  // a second argument that is a plain number, as in NotEqual
};

class Graph {
 public:
  Graph(const Json& config, std::vector<KerasLayer> layers) : config_(config), layers_(std::move(layers)) {}

  Result<KerasChain> chain() {
    const Json& entries = *find_field(config_, "layers");
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      const std::string* name = find_string(entries[i], "name");  // the graph's own, if it differs from the layer's
      const auto [place, is_new] = by_name_.emplace(name == nullptr ? layers_[i].name : *name, i);
      if (!is_new) return malformed(fmt::format("two layers are called {}", data::in_quotes(place->first)));
    }
    const std::string* input = end_layer(config_, "input_layers");
    const std::string* output = end_layer(config_, "output_layers");
    if (input == nullptr) return unsupported("the model has more than one input; Sotto's have the item alone");
    if (output == nullptr) return unsupported("the model has more than one output; Sotto's have one");

    std::vector<bool> passed(layers_.size());
    const std::string* name = output;
    while (true) {
      const auto found = by_name_.find(*name);
      if (found == by_name_.end()) return malformed(fmt::format("the graph names no layer {}", data::in_quotes(*name)));
      const std::size_t index = found->second;
      if (passed[index]) return malformed(fmt::format("{} is its own input", layers_[index].in_words()));
      passed[index] = true;
      result_.layers.push_back(layers_[index]);
      if (*name == *input) break;
      auto inbound = read_inbound(entries[index], layers_[index]);
      if (!inbound) return std::move(inbound).error();
      if (inbound->mask != nullptr) {
        const auto mask = zero_mask(entries, *inbound->mask, *input);
        if (!mask) {
          return unsupported(
              fmt::format("{} has a mask from layer {}; the only mask that Sotto knows is an item 0 "
                          "that is padding (mask_zero)",
                          layers_[index].in_words(), data::in_quotes(*inbound->mask)));
        }
        passed[*mask] = true;
        result_.masks_zero_in_graph = true;
      }
      name = inbound->from;
    }
    const auto aside = std::ranges::find(passed, false);
    if (aside != passed.end()) {
      return unsupported(
          fmt::format("{} is not on the one way from the input {} to the output {}; Sotto's models are "
                      "a chain Embedding, LSTM, Dense",
                      layers_[static_cast<std::size_t>(aside - passed.begin())].in_words(), data::in_quotes(*input),
                      data::in_quotes(*output)));
    }
    std::ranges::reverse(result_.layers);
    return std::move(result_);
  }

 private:
  static Result<Inbound> read_inbound(const Json& entry, const KerasLayer& layer) {
    const Json* nodes = find_field(entry, "inbound_nodes");
    if (nodes == nullptr || !nodes->is_array() || nodes->size() != 1) {
      return unsupported(fmt::format("{} is used {} times in the graph, expected once", layer.in_words(),
                                     nodes == nullptr ? 0 : nodes->size()));
    }
    const Json& node = (*nodes)[0];
    const Json* keywords = nullptr;
    Inbound inbound;
    if (node.is_array()) {  // Keras 2: [["embedding", 0, 0, {}]]
      if (node.size() == 1) inbound.from = referenced_layer(node[0]);
      if (inbound.from != nullptr && node[0].size() > 3) keywords = &node[0][3];
    } else {
      const Json* arguments = find_field(node, "args");
      keywords = find_field(node, "kwargs");
      if (arguments != nullptr && arguments->is_array() && !arguments->empty() && arguments->size() <= 2) {
        inbound.from = referenced_tensor((*arguments)[0]);
        if (arguments->size() == 2) inbound.constant = &(*arguments)[1];
      }
    }
    if (inbound.from == nullptr || (inbound.constant != nullptr && !inbound.constant->is_number())) {
      return unsupported(fmt::format("{} does not have exactly one input", layer.in_words()));
    }
    if (keywords == nullptr || !keywords->is_object()) return inbound;
    for (const auto& [keyword, value] : keywords->items()) {
      if (value.is_null() || keyword == "training") continue;
      if (keyword == "mask") inbound.mask = referenced_tensor(value);
      if (inbound.mask == nullptr) {
        return unsupported(fmt::format("{} is called with {} = {}, which Sotto has no counterpart of", layer.in_words(),
                                       data::in_quotes(keyword), shown(value)));
      }
    }
    return inbound;
  }

  // Returns the index of the NotEqual(input, 0) with that name, or nothing if it is another operation.
  [[nodiscard]] std::optional<std::size_t> zero_mask(const Json& entries, const std::string& name,
                                                     const std::string& input) const {
    const auto found = by_name_.find(name);
    if (found == by_name_.end() || layers_[found->second].class_name != "NotEqual") return std::nullopt;
    const auto inbound = read_inbound(entries[found->second], layers_[found->second]);
    if (!inbound || *inbound->from != input || inbound->constant == nullptr || *inbound->constant != 0) {
      return std::nullopt;
    }
    return found->second;
  }

  const Json& config_;
  std::vector<KerasLayer> layers_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
  KerasChain result_;
};

}  // namespace

std::string KerasLayer::in_words() const {
  return fmt::format("layer {} ({})", data::in_quotes(name), data::in_quotes(class_name));
}

Result<KerasChain> order_keras_layers(const Json& model) {
  const std::string* class_name = find_string(model, "class_name");
  const Json* config = find_field(model, "config");
  if (class_name == nullptr || config == nullptr) {
    return malformed("the model's configuration has no class_name and config: this is not a Keras model");
  }
  const bool is_graph = *class_name == "Functional" || *class_name == "Model";
  if (!is_graph && *class_name != "Sequential") {
    return unsupported(fmt::format("the model is a {}; Sequential and functional models can be imported",
                                   data::in_quotes(*class_name)));
  }
  auto layers = read_layers(*config);
  if (!layers) return std::move(layers).error();
  if (!is_graph) return KerasChain{*std::move(layers), false};
  if (find_field(*config, "layers") == nullptr) return malformed("a functional model's configuration is a bare list");
  return Graph(*config, *std::move(layers)).chain();
}

}  // namespace sotto::convert
