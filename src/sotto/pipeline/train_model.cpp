#include <sotto/app/calibration.hpp>
#include <sotto/fit/fit_memory_term.hpp>
#include <sotto/pipeline/train_model.hpp>
#include <sotto/pipeline/validate_model.hpp>
#include <sotto/train/plan.hpp>
#include <sotto/train/quantize.hpp>
#include <sotto/train/thread_pool.hpp>

#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace sotto::pipeline {
namespace {

void end_stage(const TrainingHooks& hooks, TrainingStage stage) {
  if (hooks.on_stage_end) hooks.on_stage_end(stage);
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

// What the validation targets chose beside the network's epochs.
struct Choices {
  std::optional<fit::HeadTerms> terms = {};
  std::optional<MemoryTerm> memory = {};
};

class ModelTraining {
 public:
  ModelTraining(const data::Split& split, const train::DescribedItems& items, const ModelOptions& options,
                const train::Provenance& provenance, const TrainingHooks& hooks)
      : split_(split),
        items_(items),
        options_(options),
        provenance_(provenance),
        hooks_(hooks),
        // Every item has a value in every column of vectors, so that comparing them would take all pairs of items.
        content_(options.count_neighbors > 0 && items.has_texts ? fit::ContentSimilarity(items.features)
                                                                : fit::ContentSimilarity({})) {}

  Result<TrainedModel> run() {
    // That of an earlier training that is not resumed would be of no use.
    if (std::error_code ignored; !hooks_.resume) std::filesystem::remove(final_checkpoint(hooks_.checkpoint), ignored);
    auto network = train_network(split_, options_.network(), hooks_.checkpoint, hooks_.resume, TrainingStage::network);
    if (!network) return std::move(network).error();
    Choices choices;
    // A stopped training gets no terms: their fit takes a while, and it belongs to the weights of the training's end.
    const bool fitted = !stopped() && fit_terms(*network, choices);
    auto first = make_model(*network, split_, choices);
    if (!first || !fitted) return first;
    if (!options_.no_memory_term) {
      choices.memory = fit::fit_memory_term(first->fixed, split_, {.on_progress = hooks_.on_fit, .stop = hooks_.stop});
      end_stage(hooks_, TrainingStage::memory_term);
      fit::add_memory_term(choices.memory, first->original, first->fixed);
    }
    first->finished = !stopped();
    if (stopped()) return first;
    first->dropped_terms = dropped_terms(first->fixed, options_);
    validate(*first);
    if (!wants_final_training()) return first;
    return train_finally(*std::move(first), choices);
  }

 private:
  [[nodiscard]] bool stopped() const { return hooks_.stop != nullptr && *hooks_.stop; }

  [[nodiscard]] bool wants_final_training() const {
    return !options_.no_final_training && options_.training.head != HeadKind::binary &&
           !data::validation_targets(split_).empty();
  }

  Result<FloatModel> train_network(const data::Split& split, const train::TrainOptions& options,
                                   const std::filesystem::path& checkpoint, bool resume, TrainingStage stage) {
    auto network = train::train(
        split, items_.catalogue, options,
        {.on_progress = hooks_.on_training, .stop = hooks_.stop, .checkpoint = checkpoint, .resume = resume},
        items_.features, provenance_);
    end_stage(hooks_, stage);
    return network;
  }

  // Returns false when it was stopped.
  bool fit_terms(const FloatModel& network, Choices& choices) {
    const fit::HeadTermOptions terms{
        .history_term = !options_.no_history_term, .count_neighbors = options_.count_neighbors, .content = &content_};
    train::ThreadPool pool(options_.training.threads);
    auto result =
        fit::fit_head_terms(network, split_, terms, pool, {.on_progress = hooks_.on_fit, .stop = hooks_.stop});
    end_stage(hooks_, TrainingStage::head_terms);
    choices.terms = std::move(result.terms);
    return result.finished;
  }

  // Adds what was chosen to the network, and quantizes it.
  [[nodiscard]] Result<TrainedModel> make_model(FloatModel network, const data::Split& learned,
                                                const Choices& choices) const {
    if (choices.terms) fit::add_head_terms(*choices.terms, learned, &content_, network, hooks_.stop);
    auto fixed =
        train::quantize(network, data::sample_training_sequences(learned, app::calibration_events), options_.head_bits);
    if (!fixed) return std::move(fixed).error();
    fit::add_memory_term(choices.memory, network, *fixed);
    return TrainedModel{.original = std::move(network), .fixed = *std::move(fixed), .finished = false};
  }

  void validate(TrainedModel& model) const {
    const bool ranks = model.fixed.info.architecture.head == HeadKind::softmax;
    if (!ranks || data::validation_targets(split_).empty()) return;
    auto validation = validate_model(model.fixed, split_, options_.training.threads, hooks_.stop);
    if (validation) model.validation = *std::move(validation);  // stopped: the model is whole without its figure
  }

  // Repeats the training of `first` with the validation targets as training events. If it is stopped, `first` is what
  // there is.
  Result<TrainedModel> train_finally(TrainedModel first, const Choices& choices) {
    const data::Split learned = split_.with_validation_trained();
    const auto plan = train::make_plan(split_, items_.catalogue, options_.network(), items_.features);
    if (!plan) return plan.error();
    train::TrainOptions network_options = options_.network();
    network_options.max_epochs = plan->max_epochs;
    network_options.end_after_epoch = first.original.info.training.epochs;
    const std::filesystem::path checkpoint = final_checkpoint(hooks_.checkpoint);
    std::error_code none;
    const bool resume = hooks_.resume && !checkpoint.empty() && std::filesystem::exists(checkpoint, none);
    auto network = train_network(learned, network_options, checkpoint, resume, TrainingStage::final_network);
    if (!network) return std::move(network).error();
    if (stopped()) {
      first.finished = false;
      return first;
    }
    // The figures of validation are those of the first training; the final one has none.
    TrainingRecord& record = network->info.training;
    const double seconds = record.seconds;
    record = first.original.info.training;
    record.seconds += seconds;
    record.split.validation_trained = true;
    auto model = make_model(*std::move(network), learned, choices);
    if (!model) return model;
    model->finished = !stopped();
    model->dropped_terms = std::move(first.dropped_terms);
    model->validation = std::move(first.validation);
    return model;
  }

  const data::Split& split_;
  const train::DescribedItems& items_;
  const ModelOptions& options_;
  const train::Provenance& provenance_;
  const TrainingHooks& hooks_;
  fit::ContentSimilarity content_;
};

}  // namespace

std::filesystem::path final_checkpoint(const std::filesystem::path& checkpoint) {
  if (checkpoint.empty()) return {};
  return std::filesystem::path(checkpoint).replace_extension(".final.checkpoint");
}

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
  return ModelTraining(split, items, options, provenance, hooks).run();
}

}  // namespace sotto::pipeline
