// Lives through events of devices: at each event all tracks rank the whole catalogue, then the device learns from it.
#pragma once

#include <sotto/personal/personal_session.hpp>
#include <sotto/simulate/device.hpp>
#include <sotto/simulate/live_log.hpp>
#include <sotto/simulate/round_series.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::simulate {

// The scratch memory of one part of the devices, which one thread at a time works on.
class DeviceReplay {
 public:
  // All must outlive the replay. base_head: null where no track adds to the head's input.
  DeviceReplay(const LiveLog& live, const PersonalModel& model, const Plan& plan, std::span<RoundSeries> series,
               HeadRows* base_head, bool exclude_history, std::size_t part);

  // Lives through the device's events before a moment. user_sums: [TrackColumns], gets the counted targets.
  void advance(const LiveUser& user, Device& device, std::int64_t until, std::span<double> user_sums);

  // What the part gave since the last call of clear(): sums of warm-up and counted targets, and all choices if a track
  // is of central training.
  [[nodiscard]] std::span<const double> sums() const noexcept { return sums_; }
  [[nodiscard]] const Choices& choices() const noexcept { return choices_; }
  [[nodiscard]] std::size_t events() const noexcept { return events_; }
  void clear() noexcept;

 private:
  // Logits and what follows from them.
  struct Prediction {
    std::span<const std::int32_t> scores;
    std::span<const float> probabilities;  // [items]
    double ndcg = 0;  // of the target; 0 where it is not ranked
  };
  struct Event {
    ItemIndex target;
    bool ranked;
    bool counted;
  };

  void start(const LiveUser& user, Device& device);
  void take(const LiveUser& user, Device& device, std::span<double> user_sums);
  void exclude(std::span<const ItemIndex> history, ItemIndex target);
  [[nodiscard]] double ndcg_of(std::span<const std::int32_t> scores) const noexcept;
  void add(std::size_t track, double ndcg);

  void rank_trend(std::size_t track, const Prediction& prediction, const Trend& trend, Device& device);
  void learn_weight(const LiveUser& user, Device& device, std::size_t rounds);
  [[nodiscard]] Prediction predict_by_adapter(const Prediction& personal, std::size_t rounds, float weight);
  void rank_head(std::size_t track, const Prediction& personal, std::size_t rounds, float weight);
  // Adds log-odds to logits and saturates.
  void add_log_odds(std::span<const std::int32_t> scores, std::span<const float> log_odds,
                    std::span<std::int32_t> out) const noexcept;
  // The probabilities of the base's log-odds plus an addition, less the target's 1.
  void errors_of(std::span<const float> addition);

  const LiveLog* live_;
  const PersonalModel* model_;
  const Plan* plan_;
  std::span<RoundSeries> series_;
  HeadRows* base_head_;
  bool exclude_history_;
  std::size_t part_;
  bool needs_base_log_odds_;
  bool collects_choices_;
  float to_score_;  // the score units of one nat
  PersonalWorkspace workspace_;

  // Of the present event.
  Event event_{};
  std::span<double> user_sums_;
  std::vector<ItemIndex> excluded_;
  std::vector<std::uint8_t> is_excluded_;  // [items], all 0 between events
  std::vector<std::int32_t> personal_scores_;  // [items]
  std::vector<std::int32_t> adapter_scores_;
  std::vector<std::int32_t> moved_scores_;
  AlignedBuffer<float> personal_probabilities_;  // [items, padded to float_tile], as the next ones
  AlignedBuffer<float> adapter_probabilities_;
  AlignedBuffer<float> base_log_odds_;
  AlignedBuffer<float> addition_;
  AlignedBuffer<float> errors_;
  AlignedBuffer<float> no_bias_;
  AlignedBuffer<float> head_input_;  // [H, padded to float_tile]
  AlignedBuffer<float> input_addition_;
  std::vector<float> along_;  // [rank of the adapter]
  std::vector<float> gradient_;  // [H, padded to float_tile]

  std::vector<double> sums_;
  Choices choices_;
  std::size_t events_ = 0;
};

}  // namespace sotto::simulate
