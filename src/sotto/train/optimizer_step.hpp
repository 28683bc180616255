// The scalars of one optimizer step. All tiers share this plain data.
#pragma once

namespace sotto::train {

inline constexpr double adam_beta1 = 0.9;
inline constexpr double adam_beta2 = 0.999;
inline constexpr double adam_epsilon = 1e-8;
inline constexpr double keras_adam_epsilon = 1e-7;  // added to moments that are not corrected yet
inline constexpr double adagrad_epsilon = 1e-6;

enum class OptimizerKind { adam, adagrad };

// The source of the initial weights (weights.hpp) and of Adam's epsilon: this project, or the defaults of Keras 3.
enum class Conventions { sotto, keras };

struct OptimizerStep {
  double learning_rate = 0;
  double weight_decay = 0;       // for each unit of learning rate
  double gradient_scale = 1;     // below 1 if the gradient's norm is clipped
  double first_correction = 1;   // Adam's 1 - beta1^t
  double second_correction = 1;  // Adam's 1 - beta2^t
  double epsilon = adam_epsilon;  // Adam's, added to the corrected moments
};

}  // namespace sotto::train
