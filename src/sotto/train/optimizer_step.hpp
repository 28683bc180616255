// The scalars of one optimizer step: plain data that all tiers share.
#pragma once

namespace sotto::train {

inline constexpr double adam_beta1 = 0.9;
inline constexpr double adam_beta2 = 0.999;
inline constexpr double adam_epsilon = 1e-8;
inline constexpr double keras_adam_epsilon = 1e-7;  // beside moments that are not corrected yet
inline constexpr double adagrad_epsilon = 1e-6;

enum class OptimizerKind { adam, adagrad };

// Whose first weights (weights.hpp) and epsilon of Adam: this project's, or those that Keras 3 has by default.
enum class Conventions { sotto, keras };

struct OptimizerStep {
  double learning_rate = 0;
  double weight_decay = 0;       // per unit of learning rate
  double gradient_scale = 1;     // below 1 when the gradient's norm is clipped
  double first_correction = 1;   // Adam's 1 - beta1^t
  double second_correction = 1;  // Adam's 1 - beta2^t
  double epsilon = adam_epsilon;  // Adam's, beside the corrected moments
};

}  // namespace sotto::train
