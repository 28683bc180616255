#include <sotto/numeric/formats.hpp>
#include <sotto/personal/personal_model.hpp>

namespace sotto {
namespace {

float temperature_of(const Engine& engine) noexcept {
  return engine.memory() ? static_cast<float>(engine.memory()->temperature) * score_unit : 1.0F;
}

}  // namespace

PersonalModel::PersonalModel(const Engine& engine, const PersonalOptions& options)
    : options_(options),
      taste_(engine, temperature_of(engine),
             engine.memory() ? std::span(engine.memory()->direction) : std::span<const std::int8_t>()) {
  const auto& first = engine.memory();
  if (!first) return;
  for (std::size_t w = 0; w < memory_weights; ++w) {
    first_memory_weight_[w] = static_cast<float>(first->weight[w]) * score_unit;
  }
  for (std::size_t k = 0; k < recent_means; ++k) first_parts_[k] = static_cast<float>(first->recent[k]) * score_unit;
}

}  // namespace sotto
