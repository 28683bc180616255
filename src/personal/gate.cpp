#include <sotto/numeric/scalar_log.hpp>
#include <sotto/personal/gate.hpp>

#include <algorithm>
#include <limits>

namespace sotto {
namespace {

constexpr float given_back = 0.02F;
// Below it a probability says no more than that the item was out of the question.
constexpr float least_probability = 1e-12F;

}  // namespace

void Gate::update(float base_probability, float personal_probability) noexcept {
  const float base = std::max(base_probability, least_probability);
  const float personal = std::max(personal_probability, least_probability);
  const float for_personal = weight_ * personal;
  weight_ = for_personal / (for_personal + (1.0F - weight_) * base);
  weight_ += given_back * (first_weight - weight_);
  if (record_.events == std::numeric_limits<std::uint32_t>::max()) return;
  ++record_.events;
  record_.base_log_likelihood += static_cast<double>(log_f32(base));
  record_.personal_log_likelihood += static_cast<double>(log_f32(personal));
}

}  // namespace sotto
