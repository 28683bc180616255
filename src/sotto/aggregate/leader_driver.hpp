// The thread that moves the leader's reports on: from waiting to a job, from a job to the batch, from a full batch to
// its release. Each step is stored before the next one begins, so that it can stop anywhere and go on later.
#pragma once

#include <sotto/aggregate/helper_client.hpp>
#include <sotto/aggregate/leader.hpp>
#include <sotto/aggregate/opened_reports.hpp>
#include <sotto/sync/leader_job.hpp>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace sotto::aggregate {

class LeaderDriver {
 public:
  // What is referred to must outlive the driver.
  LeaderDriver(const LeaderOptions& options, const Keyring& keys, store::AggregationStore& store,
               privacy::Entropy& entropy, Leader::Now now, ReportProblem problem, OpenedReports& reports,
               std::atomic<std::uint64_t>& waiting, std::function<LeaderTaskPointer()> current);
  LeaderDriver(const LeaderDriver&) = delete;
  LeaderDriver& operator=(const LeaderDriver&) = delete;
  ~LeaderDriver() { stop(); }

  // There is something new to do.
  void wake();
  // Counts reports that were refused at their upload. They are stored with the next step: nobody can make the store
  // write by sending what is refused.
  void count_refused(const sync::TaskId& task, std::span<const sync::ReportUploadStatus> refused);
  // Ends the thread; a request to the helper is broken off.
  void stop();

 private:
  // What became of a step.
  enum class Progress : std::uint8_t {
    idle,  // there was nothing to do
    done,  // something changed: look again at once
    failed,  // the helper or the store did not answer: try later
  };

  void run();
  [[nodiscard]] Status store_refused(const store::Id32& task);
  // Once in a window: the serials of windows before the last one.
  [[nodiscard]] Status forget_old_tokens();
  [[nodiscard]] Progress step(const LeaderTask& task);
  // Makes a job, or closes the batch. `pending`: the reports of jobs that the helper has not answered.
  [[nodiscard]] Progress start_next(const LeaderTask& task, std::uint64_t pending);
  [[nodiscard]] Progress start_job(const LeaderTask& task, const store::StoredBatch& batch, std::size_t wanted);
  [[nodiscard]] Progress finish_job(const LeaderTask& task, const store::LeaderJobRow& job, const HelperAnswer& answer);
  [[nodiscard]] Progress without_answer(const HelperAnswer& answer);
  [[nodiscard]] Progress close_batch(const LeaderTask& task, const store::StoredBatch& batch);
  [[nodiscard]] Progress collect_batch(const LeaderTask& task, const store::StoredBatch& batch);
  [[nodiscard]] Progress release_batch(const LeaderTask& task, const store::StoredBatch& batch, sync::ByteSpan answer);
  // `job`: the number of the job because of which the batch ends, if any.
  [[nodiscard]] Progress give_up(const LeaderTask& task, const store::Id32& batch, std::optional<std::uint64_t> job,
                                 const std::string& reason);

  struct Opened {
    std::vector<sync::OpenedReport> reports;
    std::vector<sync::ReportUploadStatus> refused;
  };
  // Reports with the leader's share open, from memory or from the store.
  [[nodiscard]] Result<Opened> open_reports(const LeaderTask& task, std::span<const store::Id16> ids);
  // The job's state, from memory or computed again from its reports.
  [[nodiscard]] Result<sync::LeaderJob> job_state(const LeaderTask& task, const store::LeaderJobRow& job);
  [[nodiscard]] Result<privacy::AggregateShare> helper_share(const LeaderTask& task, const store::StoredBatch& batch,
                                                             sync::ByteSpan answer);
  // Says a problem once, until it changes or goes away.
  void say(std::string_view what, const std::string& reason);
  // The store has failed.
  [[nodiscard]] Progress fail(const Error& error);

  const LeaderOptions& options_;
  const Keyring& keys_;
  store::AggregationStore& store_;
  privacy::Entropy& entropy_;
  const Leader::Now now_;
  const ReportProblem problem_;
  OpenedReports& reports_;
  std::atomic<std::uint64_t>& waiting_;  // how many reports wait in the store
  const std::function<LeaderTaskPointer()> current_;
  std::map<sync::Sha256, sync::LeaderJob> states_;  // by the hash of the request
  std::chrono::steady_clock::time_point waits_since_{};  // since when fewer reports wait than a job takes
  std::uint64_t tokens_looked_at_ = 0;  // the window in which old tokens were last forgotten
  std::string said_;
  std::atomic<bool> stops_{false};
  HelperClient helper_;
  std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  bool is_woken_ = false;
  std::map<store::Id32, std::map<std::string, std::uint64_t>> refused_;  // by task and reason, not yet stored
  std::thread thread_;  // last, so that it starts when the rest is there
};

}  // namespace sotto::aggregate
