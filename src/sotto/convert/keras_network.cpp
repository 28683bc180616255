#include <sotto/convert/errors.hpp>
#include <sotto/convert/keras_network.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace sotto::convert {
namespace {

// Tells whether the layer has an effect only in training.
bool does_nothing(std::string_view class_name) {
  constexpr std::array<std::string_view, 7> classes = {
      "InputLayer",    "Dropout",      "SpatialDropout1D",      "GaussianDropout",
      "GaussianNoise", "AlphaDropout", "ActivityRegularization"};
  return std::ranges::find(classes, class_name) != classes.end();
}

// Returns an activation's name, or "linear" if none is set. Fails for a user-defined function.
Result<std::string> activation(const KerasLayer& layer, std::string_view field) {
  const Json* value = find_field(*layer.config, field);
  if (value == nullptr) return std::string("linear");
  if (!value->is_string()) {
    return unsupported(
        fmt::format("{} has {} = {}, which is not one of Keras's own", layer.in_words(), field, shown(*value)));
  }
  return value->get<std::string>();
}

// Refuses weights that are not plain numbers in the file.
std::optional<Error> check_plain_weights(const KerasLayer& layer) {
  if (find_field(*layer.config, "quantization_config") != nullptr ||
      find_field(*layer.config, "lora_rank") != nullptr) {
    return unsupported(
        fmt::format("{} has quantised or low-rank weights; save the model with plain float32 ones", layer.in_words()));
  }
  return std::nullopt;
}

// Why Sotto has no such layer, for the layers that people try most, as the end of a sentence.
std::string_view reason_for(std::string_view class_name) noexcept {
  constexpr std::pair<std::string_view, std::string_view> reasons[] = {
      {"GRU", "; Sotto computes LSTM cells only: train the model with LSTM in its place"},
      {"SimpleRNN", "; Sotto computes LSTM cells only: train the model with LSTM in its place"},
      {"Bidirectional",
       "; it reads sequences from their end as well, which cannot be done event by event: train with the LSTM alone"},
      {"Masking", "; let the Embedding mask item 0 (mask_zero=True) instead"},
      {"BatchNormalization", "; train the model without it"},
      {"LayerNormalization", "; train the model without it"},
      {"Flatten", "; it needs sequences of a fixed length, and Sotto's have any length"}};
  const auto found = std::ranges::find(reasons, class_name, &std::pair<std::string_view, std::string_view>::first);
  return found == std::end(reasons) ? std::string_view() : found->second;
}

// The length of the sequences that a layer fixes, [null, 50], or 0.
std::uint64_t fixed_length(const Json& config) {
  for (const char* field : {"batch_shape", "batch_input_shape"}) {
    const Json* shape = find_field(config, field);
    if (shape != nullptr && shape->is_array() && shape->size() == 2 && (*shape)[1].is_number_unsigned())
      return (*shape)[1].get<std::uint64_t>();
  }
  const Json* length = find_field(config, "input_length");
  return length != nullptr && length->is_number_unsigned() ? length->get<std::uint64_t>() : 0;
}

// Reads the chain from its start. If a step finds another layer than it expects, the error names both.
class NetworkReader {
 public:
  explicit NetworkReader(KerasChain chain) : chain_(std::move(chain)) {}

  Result<KerasNetwork> read() {
    if (auto error = read_embedding()) return *std::move(error);
    if (auto error = read_lstm_layers()) return *std::move(error);
    if (auto error = read_head()) return *std::move(error);
    if (chain_.masks_zero_in_graph && !network_.embedding.mask_zero) {
      return unsupported(
          fmt::format("the graph masks item 0, but {} has no mask_zero", network_.embedding.layer.in_words()));
    }
    note_fixed_length();
    return std::move(network_);
  }

 private:
  // Returns the next layer that has an effect, or nullptr at the end.
  const KerasLayer* next() {
    while (position_ < chain_.layers.size() && does_nothing(chain_.layers[position_].class_name)) ++position_;
    return position_ < chain_.layers.size() ? &chain_.layers[position_++] : nullptr;
  }

  static Error expected(const char* what, const KerasLayer* found) {
    if (found == nullptr) return unsupported(fmt::format("the model ends where {} is expected", what));
    return unsupported(
        fmt::format("{} stands where {} is expected: Sotto's models are Embedding, LSTM (one or more), "
                    "Dense, with dropout layers anywhere{}",
                    found->in_words(), what, reason_for(found->class_name)));
  }

  // Without a mask, the zeros in front of a short sequence are events of item 0 to the original.
  void note_fixed_length() {
    if (network_.embedding.mask_zero) return;
    for (const KerasLayer& layer : chain_.layers) {
      const std::uint64_t length = fixed_length(*layer.config);
      if (length < 2) continue;
      network_.notes.push_back(
          fmt::format("{} fixes the length of sequences to {}, and no layer masks item 0: where shorter ones were "
                      "padded, the original computes on the padding too, and Sotto does not; train with "
                      "mask_zero=True for the same results",
                      layer.in_words(), length));
      return;
    }
  }

  // A softmax over another axis than the items' is no distribution over items.
  std::optional<Error> check_axis(const KerasLayer& softmax) const {
    const Json* axis = find_field(*softmax.config, "axis");
    if (axis == nullptr || *axis == -1 || *axis == (ends_with_sequences_ ? 2 : 1)) return std::nullopt;
    return unsupported(
        fmt::format("{} has axis = {}: it divides among positions or users instead of items; use axis=-1",
                    softmax.in_words(), shown(*axis)));
  }

  std::optional<Error> read_embedding() {
    const KerasLayer* layer = next();
    if (layer == nullptr || layer->class_name != "Embedding") return expected("an Embedding", layer);
    if (auto error = check_plain_weights(*layer)) return error;
    auto rows = size_field(*layer->config, "input_dim", max_items, layer->in_words());
    if (!rows) return std::move(rows).error();
    auto dim = size_field(*layer->config, "output_dim", max_dim, layer->in_words());
    if (!dim) return std::move(dim).error();
    auto mask_zero = boolean_field(*layer->config, "mask_zero", false, layer->in_words());
    if (!mask_zero) return std::move(mask_zero).error();
    network_.embedding = {*layer, *rows, *dim, *mask_zero};
    return std::nullopt;
  }

  std::optional<Error> read_lstm_layers() {
    bool every_step = true;  // the layer below gives its output at every step
    const KerasLayer* layer = next();
    if (layer == nullptr || layer->class_name != "LSTM") return expected("an LSTM", layer);
    for (; layer != nullptr && layer->class_name == "LSTM"; layer = next()) {
      if (!every_step) {
        return unsupported(fmt::format("{} comes after an LSTM without return_sequences", layer->in_words()));
      }
      if (network_.lstm.size() == max_layers) {
        return unsupported(fmt::format("{} is one LSTM too many: at most {}", layer->in_words(), max_layers));
      }
      if (auto error = read_lstm(*layer, every_step)) return error;
    }
    if (layer != nullptr) --position_;
    ends_with_sequences_ = every_step;
    return std::nullopt;
  }

  std::optional<Error> read_lstm(const KerasLayer& layer, bool& returns_sequences) {
    const Json& config = *layer.config;
    const std::string where = layer.in_words();
    auto units = size_field(config, "units", max_dim, where);
    if (!units) return std::move(units).error();
    if (!network_.lstm.empty() && *units != network_.lstm_units) {
      return unsupported(
          fmt::format("{} has {} units, the LSTM before it {}; all LSTM layers of a Sotto model have one "
                      "size",
                      where, *units, network_.lstm_units));
    }
    constexpr std::pair<const char*, const char*> activations[] = {{"activation", "tanh"},
                                                                   {"recurrent_activation", "sigmoid"}};
    for (const auto& [field, wanted] : activations) {
      auto found = activation(layer, field);
      if (!found) return std::move(found).error();
      if (*found != wanted) {
        return unsupported(fmt::format("{} has {} = {}; Sotto computes '{}' only: train the model with it", where,
                                       field, data::in_quotes(*found), wanted));
      }
    }
    constexpr std::pair<const char*, const char*> refused[] = {
        {"go_backwards", "it reads sequences from the end"},
        {"return_state", "the model has outputs besides the scores"},
        {"time_major", "it expects the time before the batch"}};
    for (const auto& [field, meaning] : refused) {
      auto set = boolean_field(config, field, false, where);
      if (!set) return std::move(set).error();
      if (*set) return unsupported(fmt::format("{} has {} = true: {}", where, field, meaning));
    }
    auto sequences = boolean_field(config, "return_sequences", false, where);
    if (!sequences) return std::move(sequences).error();
    auto has_bias = boolean_field(config, "use_bias", true, where);
    if (!has_bias) return std::move(has_bias).error();
    returns_sequences = *sequences;
    network_.lstm_units = *units;
    network_.lstm.push_back({layer, *has_bias});
    return std::nullopt;
  }

  // Returns the next layer as a Dense, alone or in a TimeDistributed, which applies it to every step.
  Result<KerasLayer> next_dense() {
    const KerasLayer* layer = next();
    if (layer == nullptr) return expected("a Dense", layer);
    if (layer->class_name == "Dense") return *layer;
    const Json* inner = layer->class_name == "TimeDistributed" ? find_field(*layer->config, "layer") : nullptr;
    const std::string* inner_class = inner == nullptr ? nullptr : find_string(*inner, "class_name");
    const Json* inner_config = inner == nullptr ? nullptr : find_field(*inner, "config");
    if (inner_class == nullptr || *inner_class != "Dense" || inner_config == nullptr) return expected("a Dense", layer);
    KerasLayer wrapped = *layer;
    wrapped.config = inner_config;
    return wrapped;
  }

  std::optional<Error> read_head() {
    const auto found = next_dense();
    if (!found) return found.error();
    const KerasLayer* layer = &found.value();
    if (auto error = check_plain_weights(*layer)) return error;
    auto units = size_field(*layer->config, "units", max_items, layer->in_words());
    if (!units) return std::move(units).error();
    auto has_bias = boolean_field(*layer->config, "use_bias", true, layer->in_words());
    if (!has_bias) return std::move(has_bias).error();
    network_.dense = {*layer, *units, *has_bias};
    auto output = activation(*layer, "activation");
    if (!output) return std::move(output).error();
    // The activation may be a separate layer.
    if (const KerasLayer* after = next()) {
      const bool is_softmax = after->class_name == "Softmax";
      if (*output != "linear" || (!is_softmax && after->class_name != "Activation")) {
        return unsupported(fmt::format("{} comes after the Dense that should be the last layer", after->in_words()));
      }
      if (is_softmax) {
        if (auto error = check_axis(*after)) return error;
      }
      output = is_softmax ? std::string("softmax") : activation(*after, "activation");
      if (!output) return std::move(output).error();
      if (const KerasLayer* further = next()) {
        return unsupported(fmt::format("{} comes after the model's output", further->in_words()));
      }
    }
    return judge_head(*output);
  }

  std::optional<Error> judge_head(const std::string& output) {
    const std::uint32_t units = network_.dense.units;
    const std::uint32_t rows = network_.embedding.rows;
    const std::string where = network_.dense.layer.in_words();
    if (units == 1 && (output == "sigmoid" || output == "linear")) {
      network_.head_kind = HeadKind::binary;
      if (output == "linear") {
        network_.notes.push_back(where + " has no activation: its output is taken as the logit of a probability");
      }
      return std::nullopt;
    }
    const bool leaves_padding_out = network_.embedding.mask_zero && units == rows - 1;
    if (units != rows && !leaves_padding_out) {
      return Error{ErrorCode::wrong_shape,
                   fmt::format("{} has {} units, expected {}, one for each row of {}, or 1 with a sigmoid", where,
                               units, rows, network_.embedding.layer.in_words())};
    }
    if (output != "softmax" && output != "linear") {
      return unsupported(fmt::format("{} has activation {}; Sotto's scores are logits: softmax or none is expected",
                                     where, data::in_quotes(output)));
    }
    if (leaves_padding_out) {
      network_.notes.push_back(
          fmt::format("{} has one unit less than {} has rows: unit 0 is taken as the score of item 1", where,
                      network_.embedding.layer.in_words()));
    }
    return std::nullopt;
  }

  KerasChain chain_;
  std::size_t position_ = 0;
  bool ends_with_sequences_ = false;  // the last LSTM gives its output at every step
  KerasNetwork network_;
};

}  // namespace

Result<KerasNetwork> read_keras_network(const Json& model) {
  auto chain = order_keras_layers(model);
  if (!chain) return std::move(chain).error();
  return NetworkReader(*std::move(chain)).read();
}

}  // namespace sotto::convert
