#include <sotto/train/train.hpp>

#include <sotto/data/event_sketch.hpp>
#include <sotto/data/files.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/train/batch.hpp>
#include <sotto/train/compute.hpp>
#include <sotto/train/optimiser.hpp>
#include <sotto/train/plan.hpp>
#include <sotto/train/validation.hpp>
#include <sotto/train/weight_average.hpp>
#include <sotto/train/weights.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <vector>

namespace sotto::train {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double progress_interval_seconds = 0.25;
constexpr double final_learning_rate = 0.02;  // of the first step's

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

class Trainer {
 public:
  Trainer(const data::Split& split, const Catalogue& catalogue, const TrainOptions& options, const TrainHooks& hooks,
          const Plan& plan)
      : split_(split),
        options_(options),
        hooks_(hooks),
        plan_(plan),
        layout_(make_layout(plan.architecture, plan.architecture.items)),
        pool_(options.threads),
        validation_(split, options.seed),
        optimiser_(layout_, static_cast<double>(options.weight_decay), static_cast<double>(options.clip_norm)),
        shard_gradients_(plan.shards) {
    const auto item_count = count_items(split);
    parameters_ = initial_parameters(layout_, item_count, options.seed);
    average_.emplace(parameters_.span(), plan.steps_per_epoch);
    if (plan.negatives != 0) sampler_.emplace(item_count, static_cast<double>(options.negative_alpha));
    batch_.emplace(plan, sampler_ ? &*sampler_ : nullptr, options.seed);
    const Dropout dropout{static_cast<double>(options.input_dropout), static_cast<double>(options.dropout)};
    for (std::size_t shard = 0; shard < plan.shards; ++shard) {
      workers_.push_back(compute().make_shard_worker(layout_, dropout));
    }
    model_.info.architecture = plan.architecture;
    model_.info.catalogue = catalogue;
    model_.info.training_event_sketch = data::sketch_training_events(split);
    TrainingRecord& record = model_.info.training;
    record.tool = "sotto " SOTTO_VERSION;
    record.log = data::identify(split.log());
    record.split = split.record();
    record.seed = options.seed;
    record.settings = settings_json(options, plan);
  }

  Result<FloatModel> run() {
    std::uint32_t epochs_without_gain = 0;
    for (std::uint32_t epoch = 1; epoch <= plan_.max_epochs && !stopped(); ++epoch) {
      if (auto error = run_epoch(epoch)) return *std::move(error);
      if (stopped()) break;
      if (validation_.targets() == 0) continue;
      progress_.validation_ndcg10 = validation_.ndcg10(layout_, average_->weights().data(), pool_);
      if (kept_.empty() || progress_.validation_ndcg10 > progress_.best_validation_ndcg10) {
        progress_.best_validation_ndcg10 = progress_.validation_ndcg10;
        epochs_without_gain = 0;
        keep(epoch);
        if (auto error = write_checkpoint()) return *std::move(error);
      } else if (++epochs_without_gain >= options_.patience) {
        break;
      }
      report();
    }
    if (kept_.empty()) {
      keep(progress_.epoch);
      if (auto error = write_checkpoint()) return *std::move(error);
    }
    report();
    model_.info.training.seconds = seconds_since(start_);
    model_.weights = export_weights(layout_, kept_);
    return std::move(model_);
  }

 private:
  [[nodiscard]] bool stopped() const { return hooks_.stop != nullptr && hooks_.stop->load(std::memory_order_relaxed); }

  std::optional<Error> run_epoch(std::uint32_t epoch) {
    const EpochStream stream(split_, plan_.lanes, options_.seed, epoch);
    for (std::size_t shard = 0; shard < plan_.shards; ++shard) workers_[shard]->reset(batch_->lanes_of(shard));
    progress_.epoch = epoch;
    progress_.max_epochs = plan_.max_epochs;
    progress_.events_done = 0;
    progress_.events_per_epoch = plan_.positions;
    const auto epoch_start = Clock::now();
    double loss_sum = 0;
    for (std::size_t window = 0; window < plan_.steps_per_epoch && !stopped(); ++window) {
      batch_->fill(stream, window, step_);
      const double loss = run_step();
      if (!std::isfinite(loss)) {
        return Error{ErrorCode::out_of_range, "training diverged: the loss is not finite any more at step " +
                                                  std::to_string(step_) + "; a lower learning_rate may help"};
      }
      loss_sum += loss * static_cast<double>(batch_->positions());
      progress_.events_done += batch_->positions();
      progress_.loss = loss_sum / static_cast<double>(progress_.events_done);
      const double seconds = seconds_since(epoch_start);
      progress_.events_per_second = static_cast<double>(progress_.events_done) / std::max(seconds, 1e-9);
      progress_.eta_seconds =
          static_cast<double>(progress_.events_per_epoch - progress_.events_done) / progress_.events_per_second;
      if (seconds_since(last_report_) >= progress_interval_seconds) report();
    }
    return std::nullopt;
  }

  // Returns the step's mean cross-entropy.
  double run_step() {
    StepGradients gradients;
    gradients.row_items = batch_->row_items();
    gradients.layout =
        gradients.row_items.empty() ? layout_ : make_layout(plan_.architecture, gradients.row_items.size());
    std::vector<double> losses(plan_.shards);
    pool_.run(plan_.shards, [&](std::size_t shard) {
      auto& gradient = shard_gradients_[shard];
      if (gradient.size() < gradients.layout.size) gradient = AlignedBuffer<float>(gradients.layout.size);
      losses[shard] =
          workers_[shard]->gradient(parameters_.data(), gradients.layout, gradient.data(), batch_->shard(shard));
    });
    for (const auto& gradient : shard_gradients_) gradients.shards.push_back(gradient.data());
    double loss = 0;
    for (const double shard_loss : losses) loss += shard_loss;
    if (std::isfinite(loss)) optimiser_.step(gradients, learning_rate(), parameters_.span(), pool_);
    average_->follow(parameters_.span());
    ++step_;
    return loss;
  }

  [[nodiscard]] double learning_rate() const {
    const double planned = static_cast<double>(plan_.steps_per_epoch) * plan_.max_epochs;
    const double left = 1 - static_cast<double>(step_) / planned;
    return static_cast<double>(options_.learning_rate) * std::max(final_learning_rate, left);
  }

  void keep(std::uint32_t epoch) {
    kept_.assign(average_->weights().begin(), average_->weights().end());
    model_.info.training.epochs = epoch;
    model_.info.training.validation_ndcg10 = progress_.validation_ndcg10;
  }

  std::optional<Error> write_checkpoint() {
    if (hooks_.checkpoint.empty()) return std::nullopt;
    model_.info.training.seconds = seconds_since(start_);
    model_.weights = export_weights(layout_, kept_);
    auto written = data::write_file_atomically(hooks_.checkpoint, serialize(model_));
    if (!written) return std::move(written).error();
    return std::nullopt;
  }

  void report() {
    last_report_ = Clock::now();
    progress_.seconds = seconds_since(start_);
    if (hooks_.on_progress) hooks_.on_progress(progress_);
  }

  const data::Split& split_;
  const TrainOptions& options_;
  const TrainHooks& hooks_;
  const Plan& plan_;
  ParameterLayout layout_;
  ThreadPool pool_;
  Validation validation_;
  Optimiser optimiser_;
  AlignedBuffer<float> parameters_;
  std::optional<WeightAverage> average_;  // what is validated and kept
  std::vector<AlignedBuffer<float>> shard_gradients_;
  std::vector<std::unique_ptr<ShardWorker>> workers_;
  std::optional<NegativeSampler> sampler_;
  std::optional<Batch> batch_;
  std::vector<float> kept_;  // the best parameters so far; empty before there are any
  FloatModel model_;
  std::uint64_t step_ = 0;
  Progress progress_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_report_ = start_;
};

}  // namespace

Result<FloatModel> train(const data::Split& split, const Catalogue& catalogue, const TrainOptions& options,
                         const TrainHooks& hooks) {
  const auto plan = make_plan(split, catalogue, options);
  if (!plan) return plan.error();
  return Trainer(split, catalogue, options, hooks, *plan).run();
}

}  // namespace sotto::train
