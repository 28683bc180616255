#include <sotto/model/internal/tensor_list.hpp>
#include <sotto/model/internal/tensor_names.hpp>
#include <sotto/model/model_file.hpp>

#include <optional>
#include <string>
#include <utility>

namespace sotto {

std::vector<std::byte> serialize(const FloatModel& model) {
  const auto& w = model.weights;
  TensorList tensors;
  const auto add = [&tensors](std::string name, const MatrixF32& m, std::string role) {
    tensors.add(std::move(name), {m.rows, m.cols}, m.values, std::move(role));
  };
  add("embedding.weight", w.embedding, "item embedding [items, embedding_dim]");
  for (std::size_t layer = 0; layer < w.lstm.size(); ++layer) {
    const auto& l = w.lstm[layer];
    add(layer_name(layer, "input.weight"), l.input_weights, "gates from the layer's input [4 hidden_dim, input_dim]");
    add(layer_name(layer, "hidden.weight"), l.hidden_weights,
        "gates from the layer's hidden state [4 hidden_dim, hidden_dim]");
    tensors.add(layer_name(layer, "bias"), {l.bias.size()}, l.bias, "gate biases [4 hidden_dim]");
  }
  if (w.skip.rows != 0)
    add("skip.weight", w.skip, "head input from the last item's embedding [hidden_dim, embedding_dim]");
  if (w.head.rows != 0) add("head.weight", w.head, "head [items or 1, hidden_dim]");
  tensors.add("head.bias", {w.head_bias.size()}, w.head_bias, "head biases [items or 1]");
  tensors.add_history(w.history);
  tensors.add_counts(w.counts, model.info.architecture.items);
  tensors.add_memory(w.memory, model.info.architecture.hidden_dim);
  return tensors.write(model.info, std::nullopt);
}

std::vector<std::byte> serialize(const FixedModel& model) {
  const auto& w = model.weights;
  TensorList tensors;
  const auto add = [&tensors](const std::string& prefix, const MatrixS8& m, const std::string& role,
                              const std::string& multiplier_role) {
    tensors.add(prefix + ".weight", {m.rows, m.cols}, m.values.span(), role);
    tensors.add(prefix + ".multiplier", {m.multiplier.size()}, m.multiplier, multiplier_role);
  };
  const auto& a = model.info.architecture;
  FixedNumbers numbers;
  numbers.head_bits = w.head_bits();
  const bool s4_head = w.head_bits() == 4;
  const std::string embedding_multiplier = "embedding row → 7-bit activation, 2^-24 [items]";
  if (s4_head && a.tied_head) {
    tensors.add_s4("embedding.weight", w.head_s4,
                   "item embedding and head, two 4-bit weights + 8 a byte [items, bytes]");
    tensors.add("embedding.multiplier", {a.items}, w.embedding.multiplier, embedding_multiplier);
  } else {
    add("embedding", w.embedding, "item embedding [items, embedding_dim]", embedding_multiplier);
  }
  for (std::size_t layer = 0; layer < w.lstm.size(); ++layer) {
    const auto& l = w.lstm[layer];
    const std::string gate_multiplier = "accumulator → gate Q3.12, 2^-24 [4 hidden_dim]";
    add(layer_name(layer, "input"), l.input_weights, "gates from the layer's input [4 hidden_dim, input_dim]",
        gate_multiplier);
    add(layer_name(layer, "hidden"), l.hidden_weights, "gates from the layer's hidden state [4 hidden_dim, hidden_dim]",
        gate_multiplier);
    tensors.add(layer_name(layer, "bias"), {l.bias.size()}, l.bias, "gate biases, 2^-24 [4 hidden_dim]");
    numbers.hidden_multiplier.push_back(l.hidden_multiplier);
    numbers.cell_bits.push_back(l.cell_bits);
  }
  if (w.skip.rows != 0) {
    add("skip", w.skip, "head input from the last item's embedding [hidden_dim, embedding_dim]",
        "accumulator → head input Q3.12, 2^-24 [hidden_dim]");
  }
  if (s4_head && !a.tied_head)
    tensors.add_s4("head.weight", w.head_s4, "head, two 4-bit weights + 8 a byte [items, bytes]");
  if (!w.head.empty())
    tensors.add("head.weight", {a.head_rows(), a.hidden_dim}, w.head.span(), "head [items or 1, hidden_dim]");
  tensors.add("head.multiplier", {w.head_multiplier.size()}, w.head_multiplier, "head row scale, 2^-30 [items or 1]");
  tensors.add("head.bias", {w.head_bias.size()}, w.head_bias, "head biases, logits Q15.16 [items or 1]");
  tensors.add_history(w.history);
  tensors.add_counts(w.counts, a.items);
  tensors.add_memory(w.memory, model.info.architecture.hidden_dim);
  return tensors.write(model.info, numbers);
}

}  // namespace sotto
