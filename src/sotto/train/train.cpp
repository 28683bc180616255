#include <sotto/train/train.hpp>

#include <sotto/data/event_sketch.hpp>
#include <sotto/data/files.hpp>
#include <sotto/train/checkpoint.hpp>
#include <sotto/train/compute.hpp>
#include <sotto/train/item_vectors.hpp>
#include <sotto/train/loss.hpp>
#include <sotto/train/optimizer.hpp>
#include <sotto/train/plan.hpp>
#include <sotto/train/sequence_batches.hpp>
#include <sotto/train/validation.hpp>
#include <sotto/train/weight_average.hpp>
#include <sotto/train/weights.hpp>
#include <sotto/train/window_batches.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>
#include <optional>
#include <utility>
#include <vector>

namespace sotto::train {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double progress_interval_seconds = 0.25;
constexpr double checkpoint_interval_seconds = 300;
constexpr double final_learning_rate = 0.02;  // share of the first step's rate

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::unique_ptr<BatchStream> make_batches(const data::Split& split, const Plan& plan,
                                          std::span<const std::uint64_t> item_count, std::uint64_t seed) {
  if (plan.loss == Loss::binary) {
    return std::make_unique<WindowBatches>(split, training_targets(split), plan, item_count, seed);
  }
  return std::make_unique<SequenceBatches>(split, plan, item_count, seed);
}

std::vector<float> copy_of(std::span<const float> values) { return {values.begin(), values.end()}; }

class Trainer {
 public:
  Trainer(const data::Split& split, const Catalogue& catalogue, const ItemFeatures& features,
          const TrainOptions& options, const TrainHooks& hooks, const Provenance& provenance, const Plan& plan)
      : options_(options),
        hooks_(hooks),
        plan_(plan),
        log_fingerprint_(data::ordered_fingerprint(split.log())),
        layout_(make_layout(plan.architecture, plan.architecture.items, features.columns, options.layer_norm)),
        reading_layout_(layout_),
        gradient_layout_(make_layout(plan.architecture, plan.architecture.items)),
        pool_(options.threads),
        optimizer_(layout_, options.optimizer, options.conventions, static_cast<double>(options.weight_decay),
                   static_cast<double>(options.clip_norm)),
        shard_gradients_(plan.shards),
        packed_(compute().make_packed_network(layout_)) {
    const auto item_count = data::training_counts(split);
    buffer_ = initial_parameters(layout_, item_count, options.conventions, options.seed);
    if (!features.empty() || options.layer_norm) make_item_vectors(features, item_count);
    if (options.average_weights) average_.emplace(parameters(), plan.steps_per_epoch);
    batches_ = make_batches(split, plan, item_count, options.seed);
    const Dropout dropout{static_cast<double>(options.input_dropout), static_cast<double>(options.dropout)};
    for (std::size_t shard = 0; shard < plan.shards; ++shard) {
      workers_.push_back(compute().make_shard_worker(reading_layout_, dropout));
      workers_.back()->reset(batches_->lanes_of(shard));
    }
    validation_ = make_validation(split, plan, item_count, options.seed);
    progress_.metric = validation_->metric();
    progress_.validates = validation_->targets() > 0;
    progress_.max_epochs = last_epoch();
    progress_.events_per_epoch = plan.positions;
    model_.info.architecture = plan.architecture;
    model_.info.catalogue = catalogue;
    model_.info.licence = provenance.licence;
    model_.info.attribution = provenance.attribution;
    model_.info.lineage = provenance.lineage;
    if (provenance.event_sketch) model_.info.training_event_sketch = data::sketch_training_events(split);
    TrainingRecord& record = model_.info.training;
    record.tool = "sotto " SOTTO_VERSION;
    record.log = provenance.log ? *provenance.log : data::identify(split.log());
    record.vocabulary = provenance.vocabulary;
    record.split = split.record();
    record.seed = options.seed;
    record.settings = settings_json(options, plan, features);
  }

  Result<FloatModel> run() {
    if (hooks_.resume) {
      if (auto error = resume()) return *std::move(error);
    }
    while (epoch_ <= last_epoch() && !stopped()) {
      if (auto error = run_epoch()) return *std::move(error);
      if (stopped()) break;
      next_batch_ = 0;
      epoch_ = validate_epoch() ? epoch_ + 1 : std::uint64_t{last_epoch()} + 1;
      if (auto error = write_checkpoint()) return *std::move(error);
      report();
    }
    if (stopped()) {
      if (auto error = write_checkpoint()) return *std::move(error);
    }
    if (kept_.empty()) keep(std::min<std::uint64_t>(epoch_, last_epoch()));
    report();
    model_.info.training.epochs = static_cast<std::uint32_t>(kept_epoch_);
    TrainingRecord& record = model_.info.training;
    (plan_.loss == Loss::binary ? record.validation_accuracy.emplace() : record.validation_ndcg10) =
        progress_.best_validation;
    model_.info.training.seconds = seconds_since(start_);
    model_.weights = exported();
    return std::move(model_);
  }

 private:
  // Reserves space for the item vectors behind the parameters and excludes untouched items from the competition.
  void make_item_vectors(const ItemFeatures& features, std::span<const std::uint64_t> item_count) {
    item_vectors_.emplace(layout_, features, item_count, static_cast<double>(options_.id_dropout), options_.seed);
    reading_layout_ = item_vectors_->reading_layout();
    AlignedBuffer<float> with_vectors(item_vectors_->buffer_size());
    std::ranges::copy(buffer_.span(), with_vectors.data());
    buffer_ = std::move(with_vectors);
    const auto& content = item_vectors_->content();
    if (!content || !layout_.item_head) return;
    for (std::size_t item = 0; item < layout_.head_bias.size(); ++item) {
      if (content->untouched(item)) buffer_.span()[layout_.head_bias.offset + item] += untouched_bias;
    }
  }

  [[nodiscard]] std::span<float> parameters() { return buffer_.span().first(layout_.size); }

  // Returns the weights in the form that a network reads.
  [[nodiscard]] std::span<const float> readable(std::span<const float> parameters) {
    if (!item_vectors_) return parameters;
    if (readable_.size() == 0) readable_ = AlignedBuffer<float>(item_vectors_->buffer_size());
    std::ranges::copy(parameters, readable_.data());
    item_vectors_->compose(readable_.span(), pool_);
    return readable_.span();
  }

  [[nodiscard]] FloatWeights exported() {
    if (!item_vectors_) return export_weights(layout_, kept_);
    if (item_vectors_->content()) item_vectors_->content()->set_untouched_biases(kept_);
    return export_weights(reading_layout_, readable(kept_));
  }

  [[nodiscard]] std::uint32_t last_epoch() const {
    return options_.end_after_epoch == 0 ? plan_.max_epochs : std::min(options_.end_after_epoch, plan_.max_epochs);
  }
  [[nodiscard]] bool stopped() const { return hooks_.stop != nullptr && hooks_.stop->load(std::memory_order_relaxed); }
  [[nodiscard]] std::span<const float> judged_weights() {
    return average_ ? average_->weights() : std::span<const float>(parameters());
  }

  // Runs from batch next_batch_ to the epoch's end or to a request to stop.
  std::optional<Error> run_epoch() {
    const auto epoch = static_cast<std::uint32_t>(epoch_);
    batches_->begin_epoch(epoch);
    if (next_batch_ == 0) {
      for (std::size_t shard = 0; shard < plan_.shards; ++shard) workers_[shard]->reset(batches_->lanes_of(shard));
      progress_.events_done = 0;
      loss_sum_ = 0;
    }
    progress_.epoch = epoch;
    progress_.validation = 0;
    const auto epoch_start = Clock::now();
    const std::uint64_t done_before = progress_.events_done;
    for (; next_batch_ < plan_.steps_per_epoch && !stopped(); ++next_batch_) {
      if (seconds_since(last_checkpoint_) >= checkpoint_interval_seconds) {
        if (auto error = write_checkpoint()) return error;
      }
      batches_->fill(next_batch_, step_);
      const double loss = run_step();
      if (!std::isfinite(loss)) {
        return Error{ErrorCode::out_of_range, "training diverged: the loss is not finite any more at step " +
                                                  std::to_string(step_) + "; a lower learning_rate may help"};
      }
      if (auto error = check_convergence(loss)) return error;
      loss_sum_ += loss * static_cast<double>(batches_->positions());
      progress_.events_done += batches_->positions();
      progress_.loss = loss_sum_ / static_cast<double>(progress_.events_done);
      const double seconds = seconds_since(epoch_start);
      progress_.events_per_second = static_cast<double>(progress_.events_done - done_before) / std::max(seconds, 1e-9);
      progress_.eta_seconds =
          static_cast<double>(progress_.events_per_epoch - progress_.events_done) / progress_.events_per_second;
      if (seconds_since(last_report_) >= progress_interval_seconds) report();
    }
    return std::nullopt;
  }

  // The loss of a model that takes all items for equally likely, in nats. Under BPR-max this is that of the biases that
  // training starts with, the log of the items' popularity, mostly by the penalty on them.
  [[nodiscard]] double loss_of_guess() const {
    const double of_all_items = std::log(static_cast<double>(plan_.architecture.items));
    switch (plan_.loss) {
      case Loss::cross_entropy: return of_all_items;
      case Loss::bpr_max: return std::numbers::ln2 + bpr_max_penalty * of_all_items * of_all_items;
      case Loss::binary: return std::numbers::ln2;
    }
    return of_all_items;
  }

  // Fails where the mean of some 50 steps' losses is far above that of a model that knows nothing.
  std::optional<Error> check_convergence(double loss) {
    const double of_a_guess = loss_of_guess();
    if (std::isnan(recent_loss_)) recent_loss_ = of_a_guess;
    recent_loss_ += (loss - recent_loss_) / 50;
    if (recent_loss_ <= std::max(1.0, 1.5 * of_a_guess)) return std::nullopt;  // few items leave little to guess
    return Error{ErrorCode::out_of_range, "training diverges: at step " + std::to_string(step_) +
                                              " the loss of the latest steps is about " + std::to_string(recent_loss_) +
                                              " nats, and that of a guess " + std::to_string(of_a_guess) +
                                              "; a lower learning_rate may help"};
  }

  // Returns the step's mean loss.
  double run_step() {
    StepGradients gradients;
    gradients.row_items = batches_->row_items();
    gradients.layout =
        gradients.row_items.empty() ? gradient_layout_ : make_layout(plan_.architecture, gradients.row_items.size());
    if (item_vectors_) {
      item_vectors_->compose_for_step(buffer_.span(), gradients.row_items, step_, pool_);
      gradients.item_vectors = &*item_vectors_;
    }
    pool_.run(packed_->parts(), [&](std::size_t part) { packed_->pack(part, buffer_.data()); });
    std::vector<double> losses(plan_.shards);
    pool_.run(plan_.shards, [&](std::size_t shard) {
      auto& gradient = shard_gradients_[shard];
      if (gradient.size() < gradients.layout.size) gradient = AlignedBuffer<float>(gradients.layout.size);
      losses[shard] = workers_[shard]->gradient(buffer_.data(), *packed_, gradients.layout, gradient.data(),
                                                batches_->shard(shard));
    });
    for (const auto& gradient : shard_gradients_) gradients.shards.push_back(gradient.data());
    double loss = 0;
    for (const double shard_loss : losses) loss += shard_loss;
    if (std::isfinite(loss)) optimizer_.step(gradients, learning_rate(), parameters(), pool_);
    if (average_) average_->follow(parameters());
    ++step_;
    return loss;
  }

  [[nodiscard]] double learning_rate() const {
    const double planned = static_cast<double>(plan_.steps_per_epoch) * plan_.max_epochs;
    const double done = static_cast<double>(step_) / planned;
    double share = 1;
    if (options_.schedule == Schedule::linear) share = 1 - done;
    if (options_.schedule == Schedule::cosine) share = (1 + std::cos(std::numbers::pi * std::min(done, 1.0))) / 2;
    return static_cast<double>(options_.learning_rate) * std::max(final_learning_rate, share);
  }

  // Returns whether training continues.
  bool validate_epoch() {
    if (validation_->targets() == 0) return true;
    progress_.validation = validation_->score(reading_layout_, readable(judged_weights()).data(), workers_, pool_);
    if (kept_.empty() || progress_.validation > progress_.best_validation) {
      progress_.best_validation = progress_.validation;
      epochs_without_gain_ = 0;
      keep(epoch_);
      return true;
    }
    return ++epochs_without_gain_ < options_.patience;
  }

  void keep(std::uint64_t epoch) {
    kept_ = copy_of(judged_weights());
    kept_epoch_ = epoch;
  }

  std::optional<Error> write_checkpoint() {
    last_checkpoint_ = Clock::now();
    if (hooks_.checkpoint.empty()) return std::nullopt;
    Checkpoint c;
    c.log_fingerprint = log_fingerprint_;
    c.seed = options_.seed;
    c.settings = model_.info.training.settings;
    c.lineage = model_.info.lineage;
    c.epoch = epoch_;
    c.next_batch = next_batch_;
    c.step = step_;
    c.epochs_without_gain = epochs_without_gain_;
    c.kept_epoch = kept_epoch_;
    c.events_done = progress_.events_done;
    c.loss_sum = loss_sum_;
    c.best_validation = progress_.best_validation;
    c.beta1_power = optimizer_.powers().beta1;
    c.beta2_power = optimizer_.powers().beta2;
    c.parameters = copy_of(parameters());
    c.first_moment = copy_of(optimizer_.first_moment());
    c.second_moment = copy_of(optimizer_.second_moment());
    if (average_) c.average = copy_of(average_->weights());
    c.kept = kept_;
    for (const auto& worker : workers_) {
      const auto carried = worker->carried();
      c.carried.insert(c.carried.end(), carried.begin(), carried.end());
    }
    auto written = data::write_file_atomically(hooks_.checkpoint, serialize(c));
    if (!written) return std::move(written).error();
    return std::nullopt;
  }

  std::optional<Error> resume() {
    const std::string name = hooks_.checkpoint.string();
    auto bytes = data::read_file(hooks_.checkpoint);
    if (!bytes) return std::move(bytes).error();
    auto read = parse_checkpoint(*bytes);
    if (!read) return Error{read.error().code, name + ": " + read.error().detail};
    if (auto difference = difference_from(*read)) {
      return Error{ErrorCode::mismatch, name + ": " + *difference + "; give the options of the run that it is of"};
    }
    epoch_ = read->epoch;
    next_batch_ = read->next_batch;
    step_ = read->step;
    epochs_without_gain_ = read->epochs_without_gain;
    kept_epoch_ = read->kept_epoch;
    kept_ = std::move(read->kept);
    loss_sum_ = read->loss_sum;
    progress_.events_done = read->events_done;
    progress_.best_validation = read->best_validation;
    std::ranges::copy(read->parameters, buffer_.data());
    std::ranges::copy(read->first_moment, optimizer_.first_moment().begin());
    std::ranges::copy(read->second_moment, optimizer_.second_moment().begin());
    optimizer_.set_powers({read->beta1_power, read->beta2_power});
    if (average_) average_->resume(read->average, read->step);
    std::span<const float> carried = read->carried;
    for (std::size_t shard = 0; shard < plan_.shards; ++shard) {
      workers_[shard]->reset(batches_->lanes_of(shard));
      const std::size_t values =
          2 * plan_.architecture.layers * plan_.architecture.hidden_dim * batches_->lanes_of(shard);
      workers_[shard]->set_carried(carried.first(values));
      carried = carried.subspan(values);
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<std::string> difference_from(const Checkpoint& c) const {
    if (c.log_fingerprint != log_fingerprint_) return "the checkpoint is of another log, or of users in another order";
    if (c.seed != options_.seed) return "the checkpoint is of seed " + std::to_string(c.seed);
    if (c.settings != model_.info.training.settings) {
      return "the checkpoint is of other settings, " + c.settings + " instead of " + model_.info.training.settings;
    }
    if (c.lineage != model_.info.lineage) {
      return "the checkpoint is of lineage '" + c.lineage + "' instead of '" + model_.info.lineage + "'";
    }
    const std::size_t lanes_carried = 2 * plan_.architecture.layers * plan_.architecture.hidden_dim * plan_.lanes;
    const bool fits = c.parameters.size() == layout_.size && c.second_moment.size() == layout_.size &&
                      c.first_moment.size() == (options_.optimizer == OptimizerKind::adam ? layout_.size : 0) &&
                      c.average.size() == (average_ ? layout_.size : 0) &&
                      (c.kept.empty() || c.kept.size() == layout_.size) && c.carried.size() == lanes_carried &&
                      c.next_batch <= plan_.steps_per_epoch && c.epoch >= 1;
    if (!fits) return "the checkpoint's arrays are not of this model's sizes";
    return std::nullopt;
  }

  void report() {
    last_report_ = Clock::now();
    progress_.seconds = seconds_since(start_);
    if (hooks_.on_progress) hooks_.on_progress(progress_);
  }

  const TrainOptions& options_;
  const TrainHooks& hooks_;
  const Plan& plan_;
  std::uint64_t log_fingerprint_;  // with the order of users, on which the weights depend
  ParameterLayout layout_;  // layout of the parameters
  ParameterLayout reading_layout_;  // layout of the values that the network reads, with separate item vectors if any
  ParameterLayout gradient_layout_;  // layout of all items' gradients; a step's may have fewer rows
  ThreadPool pool_;
  Optimizer optimizer_;
  AlignedBuffer<float> buffer_;  // the parameters, followed by the item vectors if they differ from the embedding
  std::optional<ItemVectors> item_vectors_;
  AlignedBuffer<float> readable_;  // scratch of readable()
  std::optional<WeightAverage> average_;
  std::vector<AlignedBuffer<float>> shard_gradients_;
  std::unique_ptr<PackedNetwork> packed_;  // shared by the step's shards
  std::vector<std::unique_ptr<ShardWorker>> workers_;
  std::unique_ptr<BatchStream> batches_;
  std::unique_ptr<Validation> validation_;
  std::vector<float> kept_;  // the best parameters so far; empty before the first
  FloatModel model_;
  // The position of the training is before batch next_batch_ of epoch_. After the end, epoch_ is behind the last
  // planned epoch.
  std::uint64_t epoch_ = 1;
  std::size_t next_batch_ = 0;
  std::uint64_t step_ = 0;
  std::uint64_t epochs_without_gain_ = 0;
  double recent_loss_ = std::numeric_limits<double>::quiet_NaN();  // a running mean
  std::uint64_t kept_epoch_ = 0;
  double loss_sum_ = 0;
  Progress progress_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_report_ = start_;
  Clock::time_point last_checkpoint_ = start_;
};

}  // namespace

Result<FloatModel> train(const data::Split& split, const Catalogue& catalogue, const TrainOptions& options,
                         const TrainHooks& hooks, const ItemFeatures& features, const Provenance& provenance) {
  const auto plan = make_plan(split, catalogue, options, features);
  if (!plan) return plan.error();
  return Trainer(split, catalogue, features, options, hooks, provenance, *plan).run();
}

}  // namespace sotto::train
