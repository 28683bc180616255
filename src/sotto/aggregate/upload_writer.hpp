// The one thread that stores uploaded reports. It takes all uploads that wait and stores them in one transaction.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/store/aggregation_store.hpp>

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace sotto::aggregate {

struct UploadWrite {
  std::vector<store::UploadedReport> reports;
  [[nodiscard]] std::size_t bytes() const noexcept;  // of the sealed reports
  // Called once, on the writer's thread: the reports are on the disk, or none of them is stored.
  std::function<void(Result<std::vector<store::UploadOutcome>>)> done;
};

// May be used from several threads at a time.
class UploadWriter {
 public:
  static constexpr std::size_t max_together = 200;  // reports; about 70 kB each
  static constexpr std::size_t max_waiting = std::size_t{128} << 20;  // bytes

  // The store must outlive the writer. `stored` is called after each transaction, on the writer's thread.
  UploadWriter(store::AggregationStore& store, std::function<void()> stored);
  UploadWriter(const UploadWriter&) = delete;
  UploadWriter& operator=(const UploadWriter&) = delete;
  ~UploadWriter() { stop(); }

  // Returns false, and keeps nothing, if too many wait already.
  [[nodiscard]] bool write(UploadWrite upload);
  // Stores what waits, then ends the thread. Further uploads are refused.
  void stop();

 private:
  void serve();
  void write_all(std::vector<UploadWrite>& uploads);

  store::AggregationStore& store_;
  std::function<void()> stored_;
  std::mutex mutex_;  // of what follows
  std::condition_variable came_;
  std::vector<UploadWrite> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool stops_ = false;
  std::thread thread_;
};

}  // namespace sotto::aggregate
