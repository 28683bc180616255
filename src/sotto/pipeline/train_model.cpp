#include <sotto/app/calibration.hpp>
#include <sotto/fit/fit_memory_term.hpp>
#include <sotto/pipeline/train_model.hpp>
#include <sotto/pipeline/validate_model.hpp>
#include <sotto/train/quantize.hpp>
#include <sotto/train/thread_pool.hpp>

#include <utility>

namespace sotto::pipeline {
namespace {

void end_stage(const TrainingHooks& hooks, TrainingStage stage) {
  if (hooks.on_stage_end) hooks.on_stage_end(stage);
}

// Returns false when it was stopped.
bool fit_head(FloatModel& model, const data::Split& split, const ModelOptions& options, const TrainingHooks& hooks) {
  const fit::HeadTermOptions terms{.history_term = !options.no_history_term,
                                   .count_neighbors = options.count_neighbors};
  train::ThreadPool pool(options.training.threads);
  const bool finished =
      fit::add_head_terms(model, split, terms, pool, {.on_progress = hooks.on_fit, .stop = hooks.stop});
  end_stage(hooks, TrainingStage::head_terms);
  return finished;
}

std::vector<std::string> dropped_terms(const FixedModel& model, const ModelOptions& options) {
  const Architecture& has = model.info.architecture;
  std::vector<std::string> dropped;
  if (has.head == HeadKind::binary) return dropped;  // it has none of them
  if (!options.no_history_term && !has.history_term) dropped.emplace_back("history term");
  if (options.count_neighbors > 0 && !has.count_expert) dropped.emplace_back("count expert");
  if (!options.no_memory_term && !has.memory_term) dropped.emplace_back("memory term");
  return dropped;
}

}  // namespace

train::TrainOptions ModelOptions::network() const {
  train::TrainOptions network = training;
  const bool binary = network.head == HeadKind::binary;
  network.tied_head = !binary && !free_head && network.embedding_dim == network.hidden_dim;
  network.skip_connection = !binary && !no_skip_connection;
  if (binary) network.loss = train::Loss::binary;
  return network;
}

Result<TrainedModel> train_model(const data::Split& split, const train::DescribedItems& items,
                                 const ModelOptions& options, const train::Provenance& provenance,
                                 const TrainingHooks& hooks) {
  const auto stopped = [&hooks] { return hooks.stop != nullptr && *hooks.stop; };
  auto model = train::train(
      split, items.catalogue, options.network(),
      {.on_progress = hooks.on_training, .stop = hooks.stop, .checkpoint = hooks.checkpoint, .resume = hooks.resume},
      items.features, provenance);
  end_stage(hooks, TrainingStage::network);
  if (!model) return std::move(model).error();
  // A stopped training gets no terms: their fit takes a while, and it belongs to the weights of the training's end.
  const bool fitted = !stopped() && fit_head(*model, split, options, hooks);
  auto fixed =
      train::quantize(*model, data::sample_training_sequences(split, app::calibration_events), options.head_bits);
  if (!fixed) return std::move(fixed).error();
  if (!options.no_memory_term) {
    fit::add_memory_term(*model, *fixed, split, {.on_progress = hooks.on_fit, .stop = hooks.stop});
    end_stage(hooks, TrainingStage::memory_term);
  }
  TrainedModel trained{std::move(*model), std::move(*fixed), fitted && !stopped()};
  if (!trained.finished) return trained;
  trained.dropped_terms = dropped_terms(trained.fixed, options);
  const bool ranks = trained.fixed.info.architecture.head == HeadKind::softmax;
  if (!ranks || data::validation_targets(split).empty()) return trained;
  auto validation = validate_model(trained.fixed, split, options.training.threads, hooks.stop);
  if (validation) trained.validation = *std::move(validation);  // stopped: the model is whole without its figure
  return trained;
}

}  // namespace sotto::pipeline
