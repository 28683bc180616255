#include <sotto/serve/snapshots.hpp>

#include <algorithm>
#include <utility>

namespace sotto::serve {
namespace {

using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr double busy_requests_per_second = 200;
constexpr int rest_for_work = 9;
constexpr Steady::duration max_rest = 250ms;
constexpr Steady::duration idle_sleep = 20ms;
constexpr Steady::duration failure_sleep = 1s;

}  // namespace

Snapshots::Snapshots(store::Store& store, Users& users, const Models& models, DueUsers& due, Metrics& metrics,
                     app::Logger& log, std::function<std::uint64_t()> requests)
    : store_(store),
      users_(users),
      models_(models),
      due_(due),
      metrics_(metrics),
      log_(log),
      requests_(std::move(requests)),
      thread_([this] { serve(); }) {}

void Snapshots::stop() {
  stops_ = true;
  if (thread_.joinable()) thread_.join();
}

void Snapshots::serve() {
  Scratch scratch;
  while (!stops_) {
    metrics_.snapshot_backlog.set(static_cast<std::int64_t>(due_.size()));
    if (due_.size() == 0) {
      std::this_thread::sleep_for(idle_sleep);
    } else if (!save_some(scratch)) {
      for (auto slept = Steady::duration::zero(); slept < failure_sleep && !stops_; slept += idle_sleep) {
        std::this_thread::sleep_for(idle_sleep);
      }
    }
  }
  const auto end = Steady::now() + max_stop_time;
  while (due_.size() > 0 && Steady::now() < end && save_some(scratch)) {}
}

bool Snapshots::save_some(Scratch& scratch) {
  std::vector<store::SnapshotWrite> writes;
  bool all_well = true;
  while (writes.size() < max_together) {
    const auto user = due_.take();
    if (!user) break;
    const DeploymentPointer deployment = models_.deployment("");
    if (!deployment) break;
    const auto start = Steady::now();
    const std::uint64_t before = requests_();
    auto snapshot = users_.snapshot(*user, scratch.of(deployment->for_user(*user)));
    // A user whose state cannot be read now becomes due again with later events.
    if (!snapshot) {
      metrics_.background_failures.add();
      all_well = false;
      break;
    }
    if (*snapshot) writes.push_back(std::move(**snapshot));
    give_way(Steady::now() - start, before);
  }
  if (writes.empty()) return all_well;
  const auto start = Steady::now();
  const std::uint64_t before = requests_();
  if (const auto status = store_.save_snapshots(writes); !status) {
    log_.error("states could not be saved", {{"reason", status.error().detail}});
    metrics_.background_failures.add();
    for (const store::SnapshotWrite& write : writes) due_.add(write.user);
    return false;
  }
  metrics_.snapshots_saved.add(writes.size());
  give_way(Steady::now() - start, before);
  return all_well;
}

void Snapshots::give_way(Steady::duration worked, std::uint64_t requests_before) {
  if (stops_) return;
  const double seconds = std::max(1e-6, std::chrono::duration<double>(worked).count());
  const auto came = static_cast<double>(requests_() - requests_before);
  if (came > busy_requests_per_second * seconds)
    std::this_thread::sleep_for(std::min(max_rest, rest_for_work * worked));
}

}  // namespace sotto::serve
