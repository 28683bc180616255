// The aggregation store on a database of either kind.
#pragma once

#include <sotto/store/aggregation_store.hpp>
#include <sotto/store/internal/sync_database.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sotto::store {

class SqlAggregationStore final : public AggregationStore {
 public:
  explicit SqlAggregationStore(std::unique_ptr<SyncDatabase> database) : database_(std::move(database)) {}

  [[nodiscard]] std::string description() const override { return database_->description(); }

  [[nodiscard]] Result<std::vector<UploadOutcome>> upload(std::span<const UploadedReport> reports) override;
  [[nodiscard]] Result<std::uint64_t> waiting(const Id32& task) override;
  [[nodiscard]] Result<std::vector<Id16>> waiting_ids(const Id32& task, std::size_t limit) override;
  [[nodiscard]] Result<std::optional<Bytes>> report(const Id32& task, const Id16& id) override;
  [[nodiscard]] Status count_refusals(const Id32& task, std::span<const RefusalCount> refusals) override;
  [[nodiscard]] Result<std::vector<RefusalCount>> refusals(const Id32& task) override;

  [[nodiscard]] Result<StoredBatch> open_batch(const Id32& task, const Id32& proposal, std::int64_t now) override;
  [[nodiscard]] Result<std::optional<StoredBatch>> batch(const Id32& task, const Id32& id) override;
  [[nodiscard]] Result<std::optional<StoredBatch>> closing_batch(const Id32& task) override;
  [[nodiscard]] Result<std::vector<StoredBatch>> batches(const Id32& task, std::size_t limit) override;

  [[nodiscard]] Result<bool> start_job(const NewLeaderJob& job) override;
  [[nodiscard]] Result<std::vector<LeaderJobRow>> pending_jobs(const Id32& task) override;
  [[nodiscard]] Result<std::vector<Id16>> job_ids(std::uint64_t number) override;
  [[nodiscard]] Result<bool> finish_job(const LeaderJobRow& job, const BatchAddition& addition,
                                        std::span<const RefusalCount> refusals) override;
  [[nodiscard]] Result<bool> close_batch(const Id32& task, const Id32& id, std::uint64_t reports,
                                         std::span<const std::byte> request,
                                         std::span<const std::byte> noised_share) override;
  [[nodiscard]] Result<bool> release(const Release& release) override;
  [[nodiscard]] Result<bool> give_up(const Id32& task, const Id32& id, std::optional<std::uint64_t> job,
                                     const std::string& reason, std::int64_t now) override;

  [[nodiscard]] Result<bool> add_release(const Release& release) override;
  [[nodiscard]] Result<std::vector<Release>> releases(std::size_t limit) override;
  [[nodiscard]] Result<std::optional<Release>> release_of(std::uint64_t version) override;
  [[nodiscard]] Result<std::uint64_t> version_of(const std::string& counter, const Id32& content) override;

  [[nodiscard]] Result<std::optional<HelperJobRow>> helper_job(const Id32& task, const Id32& request_hash) override;
  [[nodiscard]] Result<std::optional<HelperJobRow>> helper_job_by_id(const Id32& task, const Id16& id) override;
  [[nodiscard]] Result<bool> delete_helper_job(const Id32& task, const Id16& id) override;
  [[nodiscard]] Result<std::vector<bool>> are_counted(const Id32& task, std::span<const Id16> reports) override;
  [[nodiscard]] Result<HelperCommit> commit_helper_job(const NewHelperJob& job) override;
  [[nodiscard]] Result<bool> close_helper_batch(const Id32& task, const Id32& id, std::uint64_t reports,
                                                const HelperJobRow& answer, std::int64_t now) override;
  [[nodiscard]] Result<std::optional<HelperJobRow>> helper_share(const Id32& task, const Id32& batch) override;
  [[nodiscard]] Result<std::optional<HelperJobRow>> helper_share_by_id(const Id32& task, const Id16& id) override;

  [[nodiscard]] Status forget_task(const Id32& task) override;
  [[nodiscard]] Status forget_tokens(std::uint64_t before_window) override;

 private:
  // Runs a body that returns a Result of a value as a transaction. Its failure leaves nothing behind.
  template <class Body>
  [[nodiscard]] auto write(const Body& body) -> decltype(body(std::declval<SyncSession&>())) {
    return value_of([this](const SyncDatabase::Body& run) { return database_->write(run); }, body);
  }
  template <class Body>
  [[nodiscard]] auto read(const Body& body) -> decltype(body(std::declval<SyncSession&>())) {
    return value_of([this](const SyncDatabase::Body& run) { return database_->read(run); }, body);
  }
  template <class Transact, class Body>
  [[nodiscard]] static auto value_of(const Transact& transact, const Body& body)
      -> decltype(body(std::declval<SyncSession&>())) {
    std::optional<decltype(body(std::declval<SyncSession&>()))> result;
    auto status = transact([&](SyncSession& session) -> Status {
      result.emplace(body(session));
      if (!*result) return result->error();
      return Ok{};
    });
    if (!status) return std::move(status).error();
    return std::move(*result);
  }

  std::unique_ptr<SyncDatabase> database_;
};

[[nodiscard]] constexpr int number_of(BatchState state) noexcept { return static_cast<int>(state); }

// Adds to the batch's sum in a transaction that has found it open.
[[nodiscard]] Status add_to_batch(SyncSession& session, const Id32& task, const Id32& batch,
                                  const BatchAddition& addition);
// Removes the reports of a job; their ids stay known.
[[nodiscard]] Status remove_reports_of_job(SyncSession& session, const Id32& task, std::uint64_t job);
[[nodiscard]] Result<bool> has_ended(SyncSession& session, const Id32& task);
[[nodiscard]] Status add_refusals(SyncSession& session, const Id32& task, std::span<const RefusalCount> refusals);

}  // namespace sotto::store
