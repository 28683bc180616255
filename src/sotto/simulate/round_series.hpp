// The rounds of one length: what is collected during a round, what the servers do after it, and its figures.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/simulate/central_head.hpp>
#include <sotto/simulate/federated_head.hpp>
#include <sotto/simulate/parts.hpp>
#include <sotto/simulate/seeded_entropy.hpp>
#include <sotto/simulate/shared_adapter.hpp>
#include <sotto/simulate/tracks.hpp>
#include <sotto/train/thread_pool.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sotto::simulate {

// What all series of a simulation share. It does not change.
struct Setting {
  const PersonalModel& model;
  const Slots& limited_slots;
  const Slots& all_slots;
  std::span<const double> expected;  // [items]
  HeadRows* base_head = nullptr;  // null where no track needs it
};

// The trend of a line in a round.
struct LineFigures {
  float prior = 0;  // of the trend that the devices had
  double gain = 0;  // sync::TrendUpdate::gain after the round
};

struct Round {
  double begins = 0;  // days since the first event
  bool warm_up = false;  // it begins before the first target that counts
  std::uint64_t devices = 0;  // devices that reported
  std::vector<double> sums;  // TrackColumns, of warm-up and counted targets
  std::vector<LineFigures> lines;
};

// What one part of the devices gives to a round.
struct Collected {
  std::vector<std::uint32_t> choices;  // [items]: all choices, for lines that want them
  std::optional<HeadGradient> head;
  std::vector<float> adapter;
};

class RoundSeries {
 public:
  // rounds: the place of the length in options.round_days. first_time: the beginning of the first round, in seconds.
  RoundSeries(const Setting& setting, const SimulationOptions& options, const Plan& plan, std::size_t rounds,
              std::int64_t first_time);

  // The present round. It has the events before ends().
  [[nodiscard]] std::size_t number() const noexcept { return number_; }
  [[nodiscard]] std::int64_t begins() const noexcept { return begins_; }
  [[nodiscard]] std::int64_t ends() const noexcept { return ends_; }

  // What the devices have during the round.
  [[nodiscard]] const TrendLine& line(std::size_t line) const noexcept { return lines_[line]; }
  [[nodiscard]] const std::optional<SharedAdapter>& adapter() const noexcept { return adapter_; }
  [[nodiscard]] std::optional<FederatedHead>& federated() noexcept { return federated_; }
  [[nodiscard]] std::optional<CentralHead>& central() noexcept { return central_; }

  [[nodiscard]] Collected& collected(std::size_t part) noexcept { return collected_[part]; }
  void add_sums(std::span<const double> sums) noexcept;

  // Ends the round. latest: the number of devices whose latest choice was this item, [items]. choices: all choices of
  // the simulation so far. Fails as TrendLine::publish does.
  Status finish_round(std::span<const std::uint32_t> latest, const Choices& choices, std::int64_t counting_begins,
                      train::ThreadPool& pool);

  [[nodiscard]] const std::vector<Round>& rounds() const noexcept { return rounds_; }

 private:
  // One seed of one strength. All lines with it get the same noise.
  struct NoiseSource {
    double deviation;
    std::uint64_t seed;
    SeededEntropy entropy;
    std::vector<std::int64_t> noise = {};  // [slots], of the present round
  };

  Status draw_noise(train::ThreadPool& pool);
  Status publish(std::span<const std::uint32_t> latest, std::uint64_t devices, train::ThreadPool& pool);
  void train_shared_parts(std::uint64_t devices, const Choices& choices, train::ThreadPool& pool);

  const Setting* setting_;
  std::int64_t first_time_;
  double length_;  // seconds
  std::size_t number_ = 0;
  std::int64_t begins_;
  std::int64_t ends_;
  std::vector<TrendLine> lines_;
  std::vector<NoiseSource> noises_;
  std::vector<std::optional<std::size_t>> noise_of_line_;
  std::optional<SharedAdapter> adapter_;
  std::optional<FederatedHead> federated_;
  std::optional<CentralHead> central_;
  std::vector<Collected> collected_;  // [number_of_parts]
  std::size_t choices_before_ = 0;  // number of choices before the present round
  std::vector<double> sums_;
  std::vector<Round> rounds_;
};

}  // namespace sotto::simulate
