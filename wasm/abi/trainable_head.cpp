// A head that learns, behind the C ABI.
#include <sotto/abi/handles.hpp>
#include <sotto/runtime/trainable_head.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace {

using sotto::HeadExample;
using sotto::ItemIndex;
using sotto::TrainableHead;

}  // namespace

extern "C" SOTTO_API const std::int16_t* sotto_head_input(const sotto_user* user) {
  return user->value.state().head_input().data();
}

extern "C" SOTTO_API TrainableHead* sotto_head_new(const sotto_model* model, std::uint32_t most_examples) {
  const bool learns = model->opened->engine().architecture().head == sotto::HeadKind::softmax && most_examples > 0;
  return learns ? new TrainableHead(model->opened->engine(), most_examples) : nullptr;
}

extern "C" SOTTO_API void sotto_head_free(TrainableHead* head) { delete head; }

extern "C" SOTTO_API float sotto_head_step(TrainableHead* head, const std::int16_t* inputs, const ItemIndex* targets,
                                           std::uint32_t count, float learning_rate) {
  static std::vector<HeadExample> examples;  // grows to the largest count, then allocates no more
  examples.clear();
  for (std::size_t n = 0; n < count; ++n) {
    examples.push_back({{inputs + n * head->hidden_dim(), head->hidden_dim()}, targets[n]});
  }
  return head->step(examples, learning_rate);
}

extern "C" SOTTO_API float sotto_head_sampled_step(TrainableHead* head, const std::int16_t* input, ItemIndex target,
                                                   float expected_log_target, const ItemIndex* negatives,
                                                   const float* expected_log, std::uint32_t count,
                                                   float learning_rate) {
  return head->sampled_step({{input, head->hidden_dim()}, target}, expected_log_target, {negatives, count},
                            {expected_log, count}, learning_rate);
}

extern "C" SOTTO_API void sotto_head_scores(TrainableHead* head, const std::int16_t* input, float* logits) {
  head->scores({input, head->hidden_dim()}, {logits, head->items()});
}
