#include <sotto/convert/torch_export.hpp>
#include <sotto/model/internal/safetensors.hpp>

#include <fmt/format.h>

#include <map>
#include <span>
#include <string>
#include <utility>

namespace sotto::convert {
namespace {

Error no_counterpart(const char* part, const char* advice) {
  return {ErrorCode::unsupported,
          fmt::format("the model has a {}, which nn.Embedding, nn.LSTM and nn.Linear cannot hold; {}", part, advice)};
}

}  // namespace

Result<std::vector<std::byte>> export_torch_state_dict(const FloatModel& model, const DroppedParts& dropped) {
  const FloatWeights& w = model.weights;
  if (w.skip.rows != 0) {
    return no_counterpart("skip connection", "without it the network would say something else: train one without");
  }
  if (w.history && !dropped.history_term)
    return no_counterpart("history term", "leave it out with --drop history-term");
  if (w.counts && !dropped.count_expert) return no_counterpart("count expert", "leave it out with --drop count-expert");

  std::vector<NamedTensor> tensors;
  const auto add = [&](std::string name, TensorShape shape, const std::vector<float>& values) {
    tensors.push_back({std::move(name), {TensorType::f32, std::move(shape), std::as_bytes(std::span(values))}});
  };
  const auto add_matrix = [&](std::string name, const MatrixF32& matrix) {
    add(std::move(name), {matrix.rows, matrix.cols}, matrix.values);
  };
  add_matrix("embedding.weight", w.embedding);
  // PyTorch adds two biases for each gate. Sotto's only bias is the first of them.
  const std::vector<float> no_bias(w.lstm.front().bias.size());
  for (std::size_t layer = 0; layer < w.lstm.size(); ++layer) {
    const LstmWeightsF32& from = w.lstm[layer];
    add_matrix(fmt::format("lstm.weight_ih_l{}", layer), from.input_weights);
    add_matrix(fmt::format("lstm.weight_hh_l{}", layer), from.hidden_weights);
    add(fmt::format("lstm.bias_ih_l{}", layer), {from.bias.size()}, from.bias);
    add(fmt::format("lstm.bias_hh_l{}", layer), {no_bias.size()}, no_bias);
  }
  // A tied head is written in full, because PyTorch ties modules, not state dicts.
  add_matrix("linear.weight", w.head_weights());
  add("linear.bias", {w.head_bias.size()}, w.head_bias);
  return write_safetensors({{"format", "pt"}}, tensors);
}

}  // namespace sotto::convert
