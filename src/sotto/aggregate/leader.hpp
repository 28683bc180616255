// The leader: it takes reports from devices, verifies them together with the helper in jobs, closes a batch at its
// floor, and makes the next trend from the noised histogram. It is its own collector.
#pragma once

#include <sotto/aggregate/aggregation_task.hpp>
#include <sotto/aggregate/keyring.hpp>
#include <sotto/aggregate/opened_reports.hpp>
#include <sotto/aggregate/reply.hpp>
#include <sotto/aggregate/sync_model.hpp>
#include <sotto/aggregate/upload_writer.hpp>
#include <sotto/base/result.hpp>
#include <sotto/privacy/entropy.hpp>
#include <sotto/store/aggregation_store.hpp>
#include <sotto/sync/manifest.hpp>
#include <sotto/sync/report.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sotto::aggregate {

class LeaderDriver;

struct LeaderOptions {
  std::filesystem::path tasks;  // the folder of the tasks' files
  std::string endpoint;  // this server's address for devices
  std::string helper;  // the helper's
  std::uint64_t min_batch = 2000;  // reports
  std::uint32_t noise_thousandths = 8000;
  std::uint32_t reports_per_28_days = 4;
  std::uint64_t task_days = 90;  // how long a task runs
  bool is_single_operator = false;
  std::string operator_words;  // for visitors, in the manifest
  bool needs_tokens = false;  // an upload needs a token (upload_token.hpp)
  std::size_t job_reports = 250;
  std::uint64_t max_waiting = 100'000;  // reports in the store, about 70 kB each; beyond it uploads get 503
  std::chrono::milliseconds job_delay{2000};  // how long reports wait for a full job
};

// What is wrong, for the operator's log.
using ReportProblem = std::function<void(std::string_view what, std::string_view reason)>;

// A task, its model, and what both say in the manifest. It does not change.
struct LeaderTask {
  AggregationTask task;
  SyncModel model;
  sync::Bytes slots;  // the slot map's file
  sync::Manifest manifest;  // without version and trend
  std::string token;  // the bearer token for the helper
};
using LeaderTaskPointer = std::shared_ptr<const LeaderTask>;

// May be used from several threads at a time. Functions that wait for the store are not for the threads of the HTTP
// server.
class Leader {
 public:
  using Now = std::function<std::int64_t()>;

  // What is referred to must outlive the leader.
  Leader(LeaderOptions options, const Keyring& keys, store::AggregationStore& store, privacy::Entropy& entropy, Now now,
         ReportProblem problem);
  ~Leader();
  Leader(const Leader&) = delete;
  Leader& operator=(const Leader&) = delete;

  // Takes the task of this model from the folder, or makes one. The tasks of other models end: what waits for them is
  // given up. Fails with io, or as check_manifest and the store do.
  [[nodiscard]] Status set_model(SyncModel model);
  [[nodiscard]] LeaderTaskPointer current() const;
  // Whether the current task is of this model and does not end soon. Otherwise set_model makes the next one.
  [[nodiscard]] bool has_task_of(std::uint64_t model_fingerprint) const;

  [[nodiscard]] sync::Bytes hpke_configs() const;
  // The signed manifest with the latest trend. Fails with missing before there is a model.
  [[nodiscard]] Result<std::string> manifest();
  // The trend's file. Fails with missing.
  [[nodiscard]] Result<store::Bytes> trend(std::uint64_t version);

  // A release's counts with their noise, for each slot. Fails with missing.
  [[nodiscard]] Result<std::vector<std::int64_t>> histogram(std::uint64_t version);

  struct CheckedUpload {
    sync::TaskId task;
    std::vector<store::UploadedReport> reports;
    std::vector<sync::OpenedReport> opened;  // of the same reports
    std::vector<sync::ReportUploadStatus> errors;  // of the others
  };
  // Checks an upload, about 0.2 ms for each report. `token` is the upload's token, or empty.
  [[nodiscard]] std::variant<CheckedUpload, Reply> check_upload(const sync::TaskId& id, sync::ByteSpan body,
                                                                std::string_view token);
  // Stores what was checked. `done` is called once, on another thread or at once.
  void store_upload(CheckedUpload upload, std::function<void(Reply)> done);

  // Makes upload tokens for the site's visitors. Fails with missing before there is a model, with io where the entropy
  // does.
  [[nodiscard]] Result<std::vector<std::string>> make_tokens(std::size_t count);

  // An earlier trend again, with the next version; 0: no trend. Fails with missing or mismatch.
  [[nodiscard]] Result<std::uint64_t> roll_back(std::uint64_t version);
  // What the operator sees, as JSON.
  [[nodiscard]] Result<std::string> overview();

  // Stops the threads; what waits stays in the store.
  void stop();

 private:
  [[nodiscard]] Result<sync::Manifest> manifest_for(const SyncModel& model, const sync::Bytes& slots,
                                                    std::uint64_t expires) const;
  [[nodiscard]] Result<AggregationTask> task_for(const sync::Manifest& manifest, const SyncModel& model,
                                                 std::uint64_t expires);
  // `ended` gets the tasks that do not fit any more; end_task() ends each once no upload is accepted for it.
  [[nodiscard]] Result<LeaderTaskPointer> take_or_make_task(SyncModel model, std::vector<sync::TaskId>& ended);
  [[nodiscard]] Status end_task(const sync::TaskId& id);
  // Opens the leader's share, and checks what can be checked without the helper.
  [[nodiscard]] std::variant<privacy::SecretBytes, sync::ReportError> check_report(const LeaderTask& task,
                                                                                   const sync::Report& report,
                                                                                   std::uint64_t now) const;

  const LeaderOptions options_;
  const Keyring& keys_;
  store::AggregationStore& store_;
  privacy::Entropy& entropy_;
  const Now now_;
  const ReportProblem problem_;
  mutable std::mutex mutex_;  // of what follows
  LeaderTaskPointer current_;
  OpenedReports opened_;
  std::atomic<std::uint64_t> waiting_{0};  // reports in the store, about; the driver counts them
  std::unique_ptr<LeaderDriver> driver_;
  std::unique_ptr<UploadWriter> writer_;
};

}  // namespace sotto::aggregate
