// The head that is trained whole, behind the C ABI of a WebAssembly module that only bench/browser loads.
#include "trainable_head.hpp"

#include <sotto/abi/handles.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

using sotto::bench::HeadExample;
using sotto::bench::TrainableHead;

// A head that learns from at most max_examples at once; null for a binary head. It keeps a reference to the model.
extern "C" SOTTO_API TrainableHead* sotto_head_new(const sotto_model* model, std::uint32_t max_examples) {
  const bool learns = model->opened->engine().architecture().head == sotto::HeadKind::softmax && max_examples > 0;
  return learns ? new TrainableHead(model->opened->engine(), max_examples) : nullptr;
}

// One step on `count` examples: head inputs, [count × H] in Q3.12, and target items, [count]. Returns the mean of the
// targets' probabilities before the step.
extern "C" SOTTO_API float sotto_head_step(TrainableHead* head, const std::int16_t* inputs,
                                           const sotto::ItemIndex* targets, std::uint32_t count, float learning_rate) {
  std::vector<HeadExample> examples;
  examples.reserve(count);
  for (std::size_t n = 0; n < count; ++n) {
    examples.push_back({{inputs + n * head->hidden_dim(), head->hidden_dim()}, targets[n]});
  }
  return head->step(examples, learning_rate);
}
