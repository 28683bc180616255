#include <sotto/numeric/formats.hpp>
#include <sotto/runtime/packed_head.hpp>
#include <sotto/simulate/head_rows.hpp>

#include <algorithm>

namespace sotto::simulate {
namespace {

constexpr float impossible = -1e9F;  // log-odds whose probability is 0
constexpr float row_unit = 1.0F / (1 << head_multiplier_bits);

}  // namespace

void multiply(const Kernels& kernels, HeadRows& head, std::span<const float> u, std::span<float> out) noexcept {
  kernels.dot_rows_f32({head.rows.data(), head.items(), head.stride}, u.data(), head.bias.data(), out.data());
}

HeadRows base_head(const PersonalModel& model) {
  const Architecture& architecture = model.engine().architecture();
  const PackedHead& packed = model.engine().head();
  HeadRows head(architecture.items, architecture.hidden_dim);
  for (std::size_t item = 0; item < head.items(); ++item) {
    const float unit = static_cast<float>(packed.multiplier(item)) * row_unit * model.temperature();
    for (std::size_t column = 0; column < architecture.hidden_dim; ++column) {
      head.row(item)[column] = static_cast<float>(packed.weight(item, column)) * unit;
    }
    head.bias[item] = static_cast<float>(packed.bias(item)) * score_unit * model.temperature();
  }
  return head;
}

void to_float(std::span<const std::int16_t> head_input, std::span<float> out) noexcept {
  for (std::size_t i = 0; i < head_input.size(); ++i) out[i] = static_cast<float>(head_input[i]) * head_input_unit;
}

void softmax(const Kernels& kernels, std::size_t items, std::span<float> log_odds) noexcept {
  std::ranges::fill(log_odds.subspan(items), impossible);
  kernels.softmax_f32(log_odds.data(), log_odds.size());
}

}  // namespace sotto::simulate
