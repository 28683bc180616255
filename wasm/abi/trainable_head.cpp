// A head that learns, behind the C ABI.
#include "export.hpp"

#include <sotto/personal/owning_personal_session.hpp>
#include <sotto/runtime/recommender.hpp>
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

SOTTO_EXPORT(sotto_head_input) const std::int16_t* sotto_head_input(const sotto::OwningPersonalSession* session) {
  return session->user().state().head_input().data();
}

SOTTO_EXPORT(sotto_head_new)
TrainableHead* sotto_head_new(const sotto::Recommender* model, std::uint32_t most_examples) {
  const bool learns = model->engine().architecture().head == sotto::HeadKind::softmax && most_examples > 0;
  return learns ? new TrainableHead(model->engine(), most_examples) : nullptr;
}

SOTTO_EXPORT(sotto_head_free) void sotto_head_free(TrainableHead* head) { delete head; }

SOTTO_EXPORT(sotto_head_step)
float sotto_head_step(TrainableHead* head, const std::int16_t* inputs, const ItemIndex* targets, std::uint32_t count,
                      float learning_rate) {
  static std::vector<HeadExample> examples;  // grows to the largest count, then allocates no more
  examples.clear();
  for (std::size_t n = 0; n < count; ++n) {
    examples.push_back({{inputs + n * head->hidden_dim(), head->hidden_dim()}, targets[n]});
  }
  return head->step(examples, learning_rate);
}

SOTTO_EXPORT(sotto_head_sampled_step)
float sotto_head_sampled_step(TrainableHead* head, const std::int16_t* input, ItemIndex target,
                              float expected_log_target, const ItemIndex* negatives, const float* expected_log,
                              std::uint32_t count, float learning_rate) {
  return head->sampled_step({{input, head->hidden_dim()}, target}, expected_log_target, {negatives, count},
                            {expected_log, count}, learning_rate);
}

SOTTO_EXPORT(sotto_head_scores)
void sotto_head_scores(TrainableHead* head, const std::int16_t* input, float* logits) {
  head->scores({input, head->hidden_dim()}, {logits, head->items()});
}
