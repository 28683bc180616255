// Separates a trained model into its parts, to measure the contribution of each.
#pragma once

#include <sotto/model/float_model.hpp>

#include <string>
#include <vector>

namespace sotto::fit {

// Returns the network alone, without history term and count expert.
[[nodiscard]] FloatModel network_alone(const FloatModel& model);

// Returns the count expert and the history term alone, as they stand in the model. The head's biases, which say how
// popular items are, order the items that both rate alike. Precondition: the model has one of the two terms.
[[nodiscard]] FloatModel counts_alone(const FloatModel& model);

// A part of a model, which can be ranked with as a model.
struct ModelPart {
  std::string name;  // "lstm" or "counts"
  FloatModel model;
};

// Returns the parts that can be told apart: both, or none for a model without history term and count expert.
[[nodiscard]] std::vector<ModelPart> separate_parts(const FloatModel& model);

}  // namespace sotto::fit
