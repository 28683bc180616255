// The model's own arms in an evaluation.
#pragma once

#include <sotto/evaluate/ranker.hpp>
#include <sotto/model/float_model.hpp>
#include <sotto/runtime/engine.hpp>

#include <memory>

namespace sotto::evaluate {

// The weights must outlive the ranker and its clones.
[[nodiscard]] std::unique_ptr<Ranker> make_float_ranker(const FloatWeights& weights);
// The engine must outlive the ranker and its clones.
[[nodiscard]] std::unique_ptr<Ranker> make_fixed_ranker(const Engine& engine);

}  // namespace sotto::evaluate
