// The newest reports with the leader's share open, so that a job need not read and open them again. It is a cache in
// memory: a report that is not here is in the store.
#pragma once

#include <sotto/sync/leader_job.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>

namespace sotto::aggregate {

// May be used from several threads at a time.
class OpenedReports {
 public:
  static constexpr std::size_t max_kept = 1000;  // about 70 kB each
  // What nobody takes for so long was taken by another process, or waits behind many others.
  static constexpr std::chrono::seconds max_age{60};

  // Does nothing where there are too many.
  void keep(sync::OpenedReport report);
  [[nodiscard]] std::optional<sync::OpenedReport> take(const sync::ReportId& id);

 private:
  struct Kept {
    sync::ReportId id;
    std::chrono::steady_clock::time_point since;
  };

  std::mutex mutex_;  // of what follows
  std::map<sync::ReportId, sync::OpenedReport> reports_;
  std::deque<Kept> order_;  // the oldest first; some are taken already
};

}  // namespace sotto::aggregate
