#include <sotto/present/model_summary.hpp>

#include <fmt/format.h>

#include <vector>

namespace sotto::present {
namespace {

struct Row {
  std::string layer;
  std::string shape;
  std::uint64_t parameters;
};

std::string with_commas(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string numbered(const char* name, std::uint32_t number) {
  return number == 0 ? name : fmt::format("{}_{}", name, number);
}

std::vector<Row> rows_of(const Architecture& a, std::uint32_t window) {
  std::vector<Row> rows;
  rows.push_back({"embedding (Embedding)", fmt::format("(None, {}, {})", window, a.embedding_dim),
                  std::uint64_t{a.items} * a.embedding_dim});
  for (std::uint32_t layer = 0; layer < a.layers; ++layer) {
    const std::uint64_t inputs = a.layer_input_dim(layer);
    const bool sequences = layer + 1 < a.layers || a.head == HeadKind::softmax;
    rows.push_back(
        {numbered("lstm", layer) + " (LSTM)",
         sequences ? fmt::format("(None, {}, {})", window, a.hidden_dim) : fmt::format("(None, {})", a.hidden_dim),
         4 * (inputs + a.hidden_dim + 1) * a.hidden_dim});
  }
  if (a.skip_connection) {
    rows.push_back({"skip (Dense)", fmt::format("(None, {}, {})", window, a.hidden_dim),
                    std::uint64_t{a.hidden_dim} * a.embedding_dim});
  }
  const std::uint64_t head_weights = a.tied_head ? 0 : std::uint64_t{a.head_rows()} * a.hidden_dim;
  rows.push_back({a.tied_head ? "head (tied)" : "dense (Dense)",
                  a.head == HeadKind::binary ? "(None, 1)" : fmt::format("(None, {}, {})", window, a.items),
                  head_weights + a.head_rows()});
  return rows;
}

}  // namespace

std::string keras_summary(const Architecture& architecture, std::uint32_t window) {
  const auto rows = rows_of(architecture, window);
  std::uint64_t total = 0;
  std::string text = fmt::format("{:<32}{:<26}{:>14}\n{:=<72}\n", "Layer (type)", "Output Shape", "Param #", "");
  for (const Row& row : rows) {
    text += fmt::format("{:<32}{:<26}{:>14}\n", row.layer, row.shape, with_commas(row.parameters));
    total += row.parameters;
  }
  return text + fmt::format("{:=<72}\nTotal params: {} ({:.2f} KB)\n", "", with_commas(total),
                            static_cast<double>(total) * 4 / 1024);
}

}  // namespace sotto::present
