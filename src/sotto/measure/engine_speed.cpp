#include <sotto/measure/engine_speed.hpp>
#include <sotto/measure/weight_pass.hpp>
#include <sotto/measure/workbench.hpp>

#include <memory>
#include <utility>

namespace sotto::measure {
namespace {

constexpr std::uint8_t floor_input = 1;  // any 7-bit value takes the same time

using Call = std::function<void()>;

Call floor_call(const Engine& engine, WeightPart part) {
  return [pass = weight_pass(engine.kernels().name), matrices = weights_of(engine, part)] {
    for (const auto weights : matrices) static_cast<void>(pass(weights, floor_input));
  };
}

std::size_t floor_bytes(const Engine& engine, WeightPart part) {
  std::size_t bytes = 0;
  for (const auto weights : weights_of(engine, part)) bytes += weights.size();
  return bytes;
}

// Contenders have the order of their turns. Times that are divided by each other are thus measured shortly after each
// other.
class Contest {
 public:
  explicit Contest(std::vector<std::unique_ptr<Workbench>> benches) : benches_(std::move(benches)) {}

  void enter(Task task) {
    const Architecture& architecture = benches_.front()->engine().architecture();
    const std::size_t first = calls_.size();
    const auto part = floor_of(task, architecture);
    for (const auto& bench : benches_) {
      bench->prepare(task);
      entries_.push_back({task, bench.get(), first, calls_.size(), part});
      calls_.push_back([bench = bench.get(), task] { bench->run(task); });
    }
    if (!part) return;
    for (const auto& bench : benches_) calls_.push_back(floor_call(bench->engine(), *part));
  }

  [[nodiscard]] std::span<const Call> calls() const noexcept { return calls_; }

  // Precondition: at least one complete round.
  [[nodiscard]] EngineSpeed evaluate(const RoundTimes& times) const {
    EngineSpeed speed{.tasks = {},
                      .floors = {},
                      .stored_state_bytes = benches_.front()->stored_state_bytes(),
                      .rounds = times.rounds,
                      .total_seconds = times.total_seconds,
                      .stopped = times.stopped};
    for (const Entry& entry : entries_) {
      const Engine& engine = entry.bench->engine();
      const auto& seconds = times.seconds[entry.place];
      TaskSpeed& task = speed.tasks.emplace_back(
          TaskSpeed{entry.task, &engine.kernels(), spread_of(seconds), times.calls[entry.place]});
      if (&benches_.front()->engine().kernels() == &reference_kernels()) {
        task.times_as_fast_as_reference = median_ratio(times.seconds[entry.first_tier], seconds);
      }
      if (!entry.floor) continue;
      const auto& floor = times.seconds[entry.place + benches_.size()];
      task.share_of_floor = median_ratio(floor, seconds);
      speed.floors.push_back({*entry.floor, &engine.kernels(), floor_bytes(engine, *entry.floor), spread_of(floor)});
    }
    return speed;
  }

 private:
  struct Entry {
    Task task;
    const Workbench* bench;
    std::size_t first_tier;  // the task's call in the first tier
    std::size_t place;       // its own call; the floor's call is as many places later as there are tiers
    std::optional<WeightPart> floor;
  };

  std::vector<std::unique_ptr<Workbench>> benches_;
  std::vector<Entry> entries_;
  std::vector<Call> calls_;
};

}  // namespace

Result<EngineSpeed> measure_engine(std::span<const std::byte> file, const SpeedPlan& plan, const Clock& clock,
                                   const std::function<bool(const RoundProgress&)>& stop) {
  std::vector<std::unique_ptr<Workbench>> benches;
  for (const Kernels* tier : plan.tiers) {
    auto bench = Workbench::open(file, *tier, plan.seed);
    if (!bench) return std::move(bench).error();
    benches.push_back(std::move(bench).value());
  }
  Contest contest(std::move(benches));
  for (const Task task : plan.tasks) contest.enter(task);
  const RoundTimes times = time_rounds(contest.calls(), plan.limits, clock, stop);
  if (times.rounds == 0) return Error{ErrorCode::interrupted, "interrupted before the first round was whole"};
  return contest.evaluate(times);
}

}  // namespace sotto::measure
