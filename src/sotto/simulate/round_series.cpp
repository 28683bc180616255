#include <sotto/privacy/noise.hpp>
#include <sotto/simulate/round_series.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace sotto::simulate {
namespace {

constexpr double seconds_of_a_day = 86'400;
constexpr std::uint32_t noise_denominator = 1000;

// Independent streams for the rounds' lengths, the strengths and the seeds.
std::uint64_t stream_of(std::size_t rounds, double deviation, std::uint64_t seed) {
  const auto strength = static_cast<std::uint64_t>(std::llround(deviation * noise_denominator));
  return Random(Random(Random(seed).next() ^ strength).next() ^ rounds).next();
}

bool has(const Plan& plan, std::size_t rounds, TrackKind kind) {
  return std::ranges::any_of(plan.tracks,
                             [&](const Track& track) { return track.kind == kind && track.rounds == rounds; });
}

}  // namespace

RoundSeries::RoundSeries(const Setting& setting, const SimulationOptions& options, const Plan& plan, std::size_t rounds,
                         std::int64_t first_time)
    : setting_(&setting),
      first_time_(first_time),
      length_(options.round_days[rounds] * seconds_of_a_day),
      begins_(first_time),
      ends_(first_time + std::llround(length_)),
      collected_(number_of_parts),
      sums_(TrackColumns::count(plan.tracks.size())) {
  bool wants_all_choices = false;
  for (const LineSource& source : plan.lines[rounds]) {
    lines_.emplace_back(source, source.all_choices ? setting.all_slots : setting.limited_slots, setting.expected,
                        options.rule);
    wants_all_choices = wants_all_choices || source.all_choices;
    std::optional<std::size_t>& noise = noise_of_line_.emplace_back();
    if (source.noise == 0) continue;
    const auto found = std::ranges::find_if(noises_, [&](const NoiseSource& other) {
      return other.deviation == source.noise && other.seed == source.seed;
    });
    noise = static_cast<std::size_t>(found - noises_.begin());
    if (found != noises_.end()) continue;
    noises_.push_back({source.noise, source.seed, SeededEntropy(stream_of(rounds, source.noise, source.seed))});
  }
  const Architecture& architecture = setting.model.engine().architecture();
  if (has(plan, rounds, TrackKind::adapter)) adapter_.emplace(setting.model);
  if (has(plan, rounds, TrackKind::federated_head)) federated_.emplace(architecture.items, architecture.hidden_dim);
  if (has(plan, rounds, TrackKind::central)) central_.emplace(*setting.base_head, architecture.hidden_dim, rounds);
  for (Collected& part : collected_) {
    if (wants_all_choices) part.choices.resize(architecture.items);
    if (federated_) part.head.emplace(architecture.items, round_up(architecture.hidden_dim, float_tile));
    if (adapter_) part.adapter.resize(adapter_->size());
  }
}

void RoundSeries::add_sums(std::span<const double> sums) noexcept {
  for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] += sums[i];
}

Status RoundSeries::finish_round(std::span<const std::uint32_t> latest, const Choices& choices,
                                 std::int64_t counting_begins, train::ThreadPool& pool) {
  const auto devices = std::accumulate(latest.begin(), latest.end(), std::uint64_t{0});
  if (devices > 0) {
    Round round{.begins = static_cast<double>(begins_ - first_time_) / seconds_of_a_day,
                .warm_up = begins_ < counting_begins,
                .devices = devices,
                .sums = sums_,
                .lines = {}};
    for (const TrendLine& line : lines_) round.lines.push_back({.prior = line.trend().prior()});
    if (auto status = publish(latest, devices, pool); !status) return status;
    for (std::size_t i = 0; i < lines_.size(); ++i) round.lines[i].gain = lines_[i].latest().gain;
    rounds_.push_back(std::move(round));
    train_shared_parts(devices, choices, pool);
  }
  std::ranges::fill(sums_, 0.0);
  choices_before_ = choices.size();
  ++number_;
  begins_ = ends_;
  ends_ = first_time_ + std::llround(length_ * static_cast<double>(number_ + 1));
  return Ok{};
}

Status RoundSeries::draw_noise(train::ThreadPool& pool) {
  std::vector<std::optional<Error>> errors(noises_.size());
  pool.run(noises_.size(), [&](std::size_t i) {
    NoiseSource& source = noises_[i];
    source.noise.assign(setting_->limited_slots.size(), 0);
    const auto numerator = static_cast<std::uint32_t>(std::llround(source.deviation * noise_denominator));
    // One draw for each of the two aggregators.
    for (int aggregator = 0; aggregator < 2; ++aggregator) {
      auto added = privacy::add_noise(source.noise, {privacy::Mechanism::gaussian, {numerator, noise_denominator}},
                                      source.entropy);
      if (!added) errors[i] = std::move(added).error();
    }
  });
  for (std::optional<Error>& error : errors) {
    if (error) return *std::move(error);
  }
  return Ok{};
}

Status RoundSeries::publish(std::span<const std::uint32_t> latest, std::uint64_t devices, train::ThreadPool& pool) {
  if (auto status = draw_noise(pool); !status) return status;
  std::vector<std::uint32_t> all_choices(collected_[0].choices.size());
  for (Collected& part : collected_) {
    for (std::size_t i = 0; i < all_choices.size(); ++i) all_choices[i] += part.choices[i];
    std::ranges::fill(part.choices, 0U);
  }
  const auto number_of_choices = std::accumulate(all_choices.begin(), all_choices.end(), std::uint64_t{0});
  std::vector<std::optional<Error>> errors(lines_.size());
  pool.run(lines_.size(), [&](std::size_t i) {
    TrendLine& line = lines_[i];
    const bool all = line.source().all_choices;
    const auto noise = noise_of_line_[i] ? std::span<const std::int64_t>(noises_[*noise_of_line_[i]].noise)
                                         : std::span<const std::int64_t>();
    auto published = line.publish(all ? std::span<const std::uint32_t>(all_choices) : latest,
                                  all ? number_of_choices : devices, noise);
    if (!published) errors[i] = std::move(published).error();
  });
  for (std::optional<Error>& error : errors) {
    if (error) return *std::move(error);
  }
  return Ok{};
}

void RoundSeries::train_shared_parts(std::uint64_t devices, const Choices& choices, train::ThreadPool& pool) {
  if (federated_) {
    std::vector<HeadGradient*> gradients;
    for (Collected& part : collected_) gradients.push_back(&*part.head);
    federated_->finish_round(gradients, devices);
  }
  if (adapter_) {
    std::vector<std::span<float>> gradients;
    for (Collected& part : collected_) gradients.emplace_back(part.adapter);
    adapter_->finish_round(gradients, devices);
  }
  if (central_) central_->finish_round(setting_->model.engine().kernels(), choices, choices_before_, pool);
}

}  // namespace sotto::simulate
