#include <sotto/convert/keras_model.hpp>

#include <algorithm>
#include <utility>

namespace sotto::convert {
namespace {

// Keras stores weights as [inputs, outputs] with the gates i, f, c, o next to each other. Transposed, they are Sotto's
// rows i, f, g, o.
class ModelBuilder {
 public:
  ModelBuilder(const KerasNetwork& network, KerasWeights& weights) : network_(network), weights_(weights) {}

  Result<NetworkParts> build() {
    NetworkParts parts;
    const auto& embedding = network_.embedding;
    auto table = weights_.load(embedding.layer, KerasVariable::embeddings, {embedding.rows, embedding.dim});
    if (!table) return std::move(table).error();
    parts.embedding = to_matrix(*std::move(table));
    parts.padding_row = embedding.mask_zero;

    std::uint32_t input_dim = embedding.dim;
    for (const KerasNetwork::Lstm& lstm : network_.lstm) {
      auto layer = build_lstm(lstm, input_dim);
      if (!layer) return std::move(layer).error();
      parts.lstm.push_back(*std::move(layer));
      input_dim = network_.lstm_units;
    }

    const KerasNetwork::Dense& dense = network_.dense;
    auto kernel = weights_.load(dense.layer, KerasVariable::kernel, {network_.lstm_units, dense.units});
    if (!kernel) return std::move(kernel).error();
    auto bias = load_bias(dense.layer, dense.has_bias, dense.units);
    if (!bias) return std::move(bias).error();
    parts.head_kind = network_.head_kind;
    parts.head = transposed(*kernel);
    parts.head_bias = *std::move(bias);
    parts.padding_in_head = network_.head_kind == HeadKind::softmax && dense.units == embedding.rows;
    parts.notes = network_.notes;
    return parts;
  }

 private:
  Result<std::vector<float>> load_bias(const KerasLayer& layer, bool present, std::uint64_t size) {
    if (!present) return std::vector<float>(static_cast<std::size_t>(size));
    auto bias = weights_.load(layer, KerasVariable::bias, {size});
    if (!bias) return std::move(bias).error();
    return std::move(bias->values);
  }

  Result<LstmWeightsF32> build_lstm(const KerasNetwork::Lstm& lstm, std::uint32_t input_dim) {
    const std::uint64_t gates = std::uint64_t{4} * network_.lstm_units;
    auto kernel = weights_.load(lstm.layer, KerasVariable::kernel, {input_dim, gates});
    if (!kernel) return std::move(kernel).error();
    auto recurrent = weights_.load(lstm.layer, KerasVariable::recurrent_kernel, {network_.lstm_units, gates});
    if (!recurrent) return std::move(recurrent).error();
    auto bias = load_bias(lstm.layer, lstm.has_bias, gates);
    if (!bias) return std::move(bias).error();
    return LstmWeightsF32{transposed(*kernel), transposed(*recurrent), *std::move(bias)};
  }

  const KerasNetwork& network_;
  KerasWeights& weights_;
};

}  // namespace

const char* variable_name(KerasVariable variable) noexcept {
  switch (variable) {
    case KerasVariable::embeddings: return "embeddings";
    case KerasVariable::kernel: return "kernel";
    case KerasVariable::recurrent_kernel: return "recurrent_kernel";
    case KerasVariable::bias: return "bias";
  }
  return "?";
}

Result<ImportedModel> import_keras_model(const Json& model, std::string tool, KerasWeights& weights) {
  const auto network = read_keras_network(model);
  if (!network) return network.error();
  auto parts = ModelBuilder(*network, weights).build();
  if (!parts) return std::move(parts).error();
  parts->tool = std::move(tool);
  return assemble(*std::move(parts));
}

}  // namespace sotto::convert
