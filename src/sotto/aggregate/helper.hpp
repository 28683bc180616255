// The helper: it verifies the leader's reports, adds up its own shares, and gives out one noised sum for each batch. It
// takes part in the tasks whose files its operator has put into a folder, and in no others.
#pragma once

#include <sotto/aggregate/aggregation_task.hpp>
#include <sotto/aggregate/keyring.hpp>
#include <sotto/aggregate/reply.hpp>
#include <sotto/base/result.hpp>
#include <sotto/privacy/entropy.hpp>
#include <sotto/store/aggregation_store.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::aggregate {

struct HelperOptions {
  std::filesystem::path tasks;  // the folder of the tasks' files
  std::uint64_t min_batch = 2000;  // a task with a smaller floor is not taken
  std::uint32_t noise_thousandths = 8000;  // a task with less noise is not taken
  std::string endpoint;  // empty, or the tasks' helper endpoint must be this
  std::size_t max_job_reports = 1000;
};

// May be used from several threads at a time. Functions that answer requests wait for the store, and verifying takes
// about 0.8 ms for each report: they are not for the threads of the HTTP server.
class Helper {
 public:
  using Now = std::function<std::int64_t()>;

  // What is referred to must outlive the helper.
  Helper(HelperOptions options, const Keyring& keys, store::AggregationStore& store, privacy::Entropy& entropy,
         Now now);

  // Reads the folder of tasks again. A task that expired a week ago is forgotten. Returns what is wrong with its files,
  // a phrase for each that was not said before.
  [[nodiscard]] Result<std::vector<std::string>> refresh();

  // Whether the request is of the task's leader. It does not wait for the store.
  [[nodiscard]] bool knows_leader(const sync::TaskId& id, std::string_view authorization) const;
  [[nodiscard]] sync::Bytes hpke_configs() const;
  // The signed list of tasks. Fails as the store does.
  [[nodiscard]] Result<std::string> task_list();

  // POST /tasks/{id}/aggregation_jobs. `authorization` is the header's value.
  [[nodiscard]] Reply start_job(const sync::TaskId& id, sync::ByteSpan body, std::string_view authorization);
  [[nodiscard]] Reply job(const sync::TaskId& id, const sync::AggregationJobId& job, std::string_view authorization);
  [[nodiscard]] Reply delete_job(const sync::TaskId& id, const sync::AggregationJobId& job,
                                 std::string_view authorization);
  // POST /tasks/{id}/aggregate_shares.
  [[nodiscard]] Reply start_share(const sync::TaskId& id, sync::ByteSpan body, std::string_view authorization);
  [[nodiscard]] Reply share(const sync::TaskId& id, const sync::AggregateShareId& share,
                            std::string_view authorization);

  // What the operator sees, as JSON.
  [[nodiscard]] Result<std::string> overview();

 private:
  using TaskPointer = std::shared_ptr<const AggregationTask>;

  [[nodiscard]] std::string problem_of(const AggregationTask& task) const;
  [[nodiscard]] Status forget(const sync::TaskId& id);
  [[nodiscard]] TaskPointer find(const sync::TaskId& id) const;
  [[nodiscard]] std::vector<TaskPointer> tasks() const;
  // Returns the refusal where the task is not known or the leader's token is not good.
  [[nodiscard]] std::optional<Reply> refuse(const TaskPointer& task, const sync::TaskId& id,
                                            std::string_view authorization) const;
  [[nodiscard]] Reply verify_and_commit(const AggregationTask& task, sync::ByteSpan body, const sync::Sha256& hash);
  [[nodiscard]] Result<sync::Bytes> sealed_share(const AggregationTask& task, const store::StoredBatch& batch,
                                                 sync::ByteSpan collection_request);

  const HelperOptions options_;
  const Keyring& keys_;
  store::AggregationStore& store_;
  privacy::Entropy& entropy_;
  const Now now_;
  mutable std::mutex mutex_;  // of what follows
  std::map<sync::TaskId, TaskPointer> tasks_;
  std::vector<std::string> said_;
  std::map<sync::TaskId, std::uint32_t> looks_when_over_;  // in a row, of `refresh` alone
  std::set<sync::TaskId> forgotten_;  // since the start: what the store had of them is removed
};

}  // namespace sotto::aggregate
