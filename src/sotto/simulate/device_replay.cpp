#include <sotto/evaluate/backtest.hpp>
#include <sotto/evaluate/metrics.hpp>
#include <sotto/numeric/formats.hpp>
#include <sotto/personal/internal/memory_prediction.hpp>
#include <sotto/simulate/device_replay.hpp>
#include <sotto/simulate/rank.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace sotto::simulate {
namespace {

bool has_kind(const Plan& plan, TrackKind kind) {
  return std::ranges::any_of(plan.tracks, [&](const Track& track) { return track.kind == kind; });
}

std::size_t padded(const PersonalModel& model) { return round_up(model.engine().architecture().items, float_tile); }
std::size_t stride(const PersonalModel& model) {
  return round_up(std::size_t{model.engine().architecture().hidden_dim}, float_tile);
}

}  // namespace

DeviceReplay::DeviceReplay(const LiveLog& live, const PersonalModel& model, const Plan& plan,
                           std::span<RoundSeries> series, HeadRows* base_head, bool exclude_history, std::size_t part)
    : live_(&live),
      model_(&model),
      plan_(&plan),
      series_(series),
      base_head_(base_head),
      exclude_history_(exclude_history),
      part_(part),
      needs_base_log_odds_(has_kind(plan, TrackKind::adapter) || has_kind(plan, TrackKind::federated_head)),
      collects_choices_(has_kind(plan, TrackKind::central)),
      to_score_(1.0F / (score_unit * model.temperature())),
      workspace_(model),
      is_excluded_(model.engine().architecture().items),
      personal_scores_(is_excluded_.size()),
      adapter_scores_(is_excluded_.size()),
      moved_scores_(is_excluded_.size()),
      personal_probabilities_(padded(model)),
      adapter_probabilities_(padded(model)),
      base_log_odds_(padded(model)),
      addition_(padded(model)),
      errors_(padded(model)),
      no_bias_(padded(model)),
      head_input_(stride(model)),
      input_addition_(stride(model)),
      gradient_(stride(model)),
      sums_(TrackColumns::count(plan.tracks.size())),
      choices_(model.engine().architecture().hidden_dim) {
  for (const RoundSeries& one : series) {
    if (one.adapter()) along_.resize(one.adapter()->rank());
  }
}

void DeviceReplay::clear() noexcept {
  std::ranges::fill(sums_, 0.0);
  choices_.clear();
  events_ = 0;
}

void DeviceReplay::advance(const LiveUser& user, Device& device, std::int64_t until, std::span<double> user_sums) {
  const auto times = live_->split().log().times_of(user.user);
  if (device.next == 0) device.next = user.begin;
  for (; device.next < user.end && times[device.next] < until; ++device.next) {
    if (!device.user) start(user, device);
    take(user, device, user_sums);
    ++events_;
  }
  if (device.next == user.end) device.user.reset();
}

void DeviceReplay::start(const LiveUser& user, Device& device) {
  device.user = std::make_unique<PersonalUser>(*model_);
  device.beliefs.resize(plan_->tracks.size());
  device.rounds.resize(series_.size());
  PersonalSession session(*model_, *device.user, workspace_);
  const auto items = live_->split().log().items_of(user.user);
  const auto times = live_->split().log().times_of(user.user);
  for (std::size_t event = 0; event < user.begin; ++event) {
    const ItemIndex item = live_->item(items[event]);
    // Items come from the catalogue, so that this cannot fail.
    if (item != evaluate::unknown_item) (void)session.recall({&item, 1}, {&times[event], 1});
  }
}

void DeviceReplay::take(const LiveUser& user, Device& device, std::span<double> user_sums) {
  const auto items = live_->split().log().items_of(user.user);
  const std::int64_t time = live_->split().log().times_of(user.user)[device.next];
  const auto is_in = [&](const data::EventRange& range) {
    return range.begin <= device.next && device.next < range.end;
  };
  const ItemIndex target = live_->item(items[device.next]);
  event_ = {.target = target, .ranked = is_in(user.warm_up) || is_in(user.counted), .counted = is_in(user.counted)};
  user_sums_ = user_sums;
  const bool is_new = target == evaluate::unknown_item || live_->training_counts()[target] == 0;
  for (const std::size_t column : {TrackColumns::targets, TrackColumns::new_targets}) {
    if (!event_.ranked || (column == TrackColumns::new_targets && !is_new)) continue;
    ++sums_[column];
    if (event_.counted) ++user_sums_[column];
  }
  // A miss in all tracks, and nothing to learn.
  if (target == evaluate::unknown_item) return;

  const Kernels& kernels = model_->engine().kernels();
  const std::size_t number_of_items = personal_scores_.size();
  if (exclude_history_ && event_.ranked) exclude(items.first(device.next), target);
  PersonalSession session(*model_, *device.user, workspace_);
  const auto base_scores = session.base_scores();
  if (event_.ranked) add(base_track, ndcg_of(base_scores));
  if (needs_base_log_odds_) scale_scores(base_scores, 1.0F / to_score_, base_log_odds_.span().first(number_of_items));
  std::ranges::copy(session.scores(time), personal_scores_.begin());
  to_probabilities(kernels, personal_scores_, model_->temperature(), personal_probabilities_.span());
  Prediction personal{personal_scores_, personal_probabilities_.span().first(number_of_items)};
  if (event_.ranked) {
    personal.ndcg = ndcg_of(personal_scores_);
    add(personal_track, personal.ndcg);
  }
  to_float(device.user->state().head_input(), head_input_.span());
  for (std::size_t rounds = 0; rounds < series_.size(); ++rounds) learn_weight(user, device, rounds);

  std::size_t adapter_of = series_.size();  // the rounds whose adapter made adapter_scores_
  Prediction by_adapter;
  for (std::size_t track = personal_track + 1; track < plan_->tracks.size(); ++track) {
    const Track& of = plan_->tracks[track];
    const float weight = device.rounds[of.rounds].weight;
    switch (of.kind) {
      case TrackKind::base:
      case TrackKind::personal: break;
      case TrackKind::trend: rank_trend(track, personal, series_[of.rounds].line(*of.line).trend(), device); break;
      case TrackKind::adapter:
        if (adapter_of != of.rounds) by_adapter = predict_by_adapter(personal, of.rounds, weight);
        adapter_of = of.rounds;
        rank_trend(track, by_adapter, series_[of.rounds].line(*of.line).trend(), device);
        break;
      case TrackKind::federated_head:
      case TrackKind::central: rank_head(track, personal, of.rounds, weight); break;
    }
  }
  for (std::size_t rounds = 0; rounds < series_.size(); ++rounds) {
    device.rounds[rounds].latest = target;
    auto& choices = series_[rounds].collected(part_).choices;
    if (!choices.empty()) ++choices[target];
  }
  if (collects_choices_) choices_.add(device.user->state().head_input(), target);
  (void)session.observe(target, time);
}

void DeviceReplay::exclude(std::span<const ItemIndex> history, ItemIndex target) {
  excluded_.clear();
  for (const ItemIndex log_item : history) {
    const ItemIndex item = live_->item(log_item);
    if (item == evaluate::unknown_item || item == target || is_excluded_[item] != 0) continue;
    is_excluded_[item] = 1;
    excluded_.push_back(item);
  }
  for (const ItemIndex item : excluded_) is_excluded_[item] = 0;
}

double DeviceReplay::ndcg_of(std::span<const std::int32_t> scores) const noexcept {
  return evaluate::ndcg(rank_of(event_.target, scores, excluded_), evaluate::backtest_cutoff);
}

void DeviceReplay::add(std::size_t track, double ndcg) {
  const bool is_new = live_->training_counts()[event_.target] == 0;
  for (const std::size_t column : {TrackColumns::ndcg(track), TrackColumns::new_ndcg(track)}) {
    if (column == TrackColumns::new_ndcg(track) && !is_new) continue;
    sums_[column] += ndcg;
    if (event_.counted) user_sums_[column] += ndcg;
  }
}

void DeviceReplay::rank_trend(std::size_t track, const Prediction& prediction, const Trend& trend, Device& device) {
  if (!trend.has_effect()) {
    if (event_.ranked) add(track, prediction.ndcg);
    return;
  }
  TrendBelief& belief = device.beliefs[track];
  if (event_.ranked) {
    std::ranges::copy(prediction.scores, moved_scores_.begin());
    trend.add_to(moved_scores_, prediction.probabilities, belief.belief(trend.prior()), to_score_);
    add(track, ndcg_of(moved_scores_));
  }
  belief.update(trend.factor(event_.target, trend.mass(prediction.probabilities)));
}

// Sets the weight of each of the device's choices in the present round, at the first of them.
void DeviceReplay::learn_weight(const LiveUser& user, Device& device, std::size_t rounds) {
  DeviceRound& round = device.rounds[rounds];
  const RoundSeries& series = series_[rounds];
  if (round.number == series.number()) return;
  const auto items = live_->split().log().items_of(user.user);
  const auto times = live_->split().log().times_of(user.user);
  std::size_t choices = 0;
  for (std::size_t event = device.next; event < user.end && times[event] < series.ends(); ++event) {
    choices += live_->item(items[event]) == evaluate::unknown_item ? 0U : 1U;
  }
  round.number = series.number();
  round.weight = 1.0F / static_cast<float>(choices);
}

DeviceReplay::Prediction DeviceReplay::predict_by_adapter(const Prediction& personal, std::size_t rounds,
                                                          float weight) {
  const Kernels& kernels = model_->engine().kernels();
  const std::size_t number_of_items = personal_scores_.size();
  const std::size_t hidden_dim = model_->engine().architecture().hidden_dim;
  const SharedAdapter& adapter = *series_[rounds].adapter();
  adapter.addition(head_input_.span().first(hidden_dim), along_, input_addition_.span().first(hidden_dim));
  kernels.dot_rows_f32({base_head_->rows.data(), number_of_items, base_head_->stride}, input_addition_.data(),
                       no_bias_.data(), addition_.data());
  const auto addition = addition_.span().first(number_of_items);
  add_log_odds(personal.scores, addition, adapter_scores_);
  to_probabilities(kernels, adapter_scores_, model_->temperature(), adapter_probabilities_.span());

  errors_of(addition);
  std::ranges::fill(gradient_, 0.0F);
  for (std::size_t item = 0; item < number_of_items; ++item) {
    if (std::abs(errors_[item]) < min_gradient) continue;
    const auto row = base_head_->row(item);
    for (std::size_t i = 0; i < row.size(); ++i) gradient_[i] += errors_[item] * row[i];
  }
  adapter.add_gradient(std::span(gradient_).first(hidden_dim), along_, weight,
                       series_[rounds].collected(part_).adapter);
  return {adapter_scores_, adapter_probabilities_.span().first(number_of_items),
          event_.ranked ? ndcg_of(adapter_scores_) : 0};
}

void DeviceReplay::rank_head(std::size_t track, const Prediction& personal, std::size_t rounds, float weight) {
  RoundSeries& series = series_[rounds];
  const Kernels& kernels = model_->engine().kernels();
  const auto addition = addition_.span().first(personal_scores_.size());
  const bool federated = plan_->tracks[track].kind == TrackKind::federated_head;
  // Central retraining collects nothing here: its product serves the ranking alone.
  if (!federated && !event_.ranked) return;
  if (federated) {
    series.federated()->additions(kernels, head_input_.span(), addition);
  } else {
    series.central()->additions(kernels, head_input_.span(), addition);
  }
  if (event_.ranked) {
    add_log_odds(personal.scores, addition, moved_scores_);
    add(track, ndcg_of(moved_scores_));
  }
  if (!federated) return;
  errors_of(addition);
  series.collected(part_).head->add(errors_.span().first(addition.size()), head_input_.span(), weight);
}

void DeviceReplay::add_log_odds(std::span<const std::int32_t> scores, std::span<const float> log_odds,
                                std::span<std::int32_t> out) const noexcept {
  constexpr float limit = 1e9F;  // far from the ends of int32, also after a sum with a logit
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const auto addition = static_cast<std::int64_t>(std::clamp(log_odds[i] * to_score_, -limit, limit));
    out[i] = static_cast<std::int32_t>(std::clamp<std::int64_t>(
        scores[i] + addition, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()));
  }
}

void DeviceReplay::errors_of(std::span<const float> addition) {
  for (std::size_t i = 0; i < addition.size(); ++i) errors_[i] = base_log_odds_[i] + addition[i];
  softmax(model_->engine().kernels(), addition.size(), errors_.span());
  errors_[event_.target] -= 1;
}

}  // namespace sotto::simulate
