// What an aggregator of private sync keeps: reports that wait, jobs, batches and what was released. One interface, a
// SQLite file or a PostgreSQL database behind it. It is apart from the store of users (store.hpp): it never goes into a
// backup, because an older copy would count reports again and release batches again.
//
// Each function is one transaction. A function that changes something says in its result whether the change was still
// due: several processes may try the same step, and one of them takes it.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/store/store.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sotto::store {

using Id16 = std::array<std::byte, 16>;
using Id32 = std::array<std::byte, 32>;

// --- uploads (leader) ---

struct UploadedReport {
  Id32 task{};
  Id16 id{};
  Bytes sealed;  // as the client sent it
  std::optional<Id16> token;  // the serial of the upload token that admits it
  std::uint64_t token_window = 0;
};

enum class UploadOutcome : std::uint8_t {
  stored,
  known,  // a report of this id came before: nothing was added
  token_spent,  // the token has admitted another report: nothing was added
  task_ended,  // the task was forgotten meanwhile: nothing was added
};

// --- batches (both sides) ---

enum class BatchState : std::uint8_t {
  open = 1,  // reports are added
  closing = 2,  // leader: the noised share is stored, the helper's is asked for
  released = 3,  // leader: the histogram is out. Helper: the noised share has left
  given_up = 4,  // leader: the sides do not agree; nothing was released
};

struct StoredBatch {
  Id32 id{};
  BatchState state = BatchState::open;
  std::uint64_t reports = 0;
  Id32 checksum{};  // exclusive or of the SHA-256 of the reports' ids
  Bytes share;  // the sum of open batches, the noised sum of closing ones; else empty
  Bytes request;  // leader: the exact bytes for the helper from closing on
  std::int64_t opened = 0;  // seconds since 1970
  std::int64_t closed = 0;  // when it was released or given up; 0 before
  std::string reason;  // of given_up
};

// Adds to a batch's share; an empty one is the sum of no reports.
using MergeShares = std::function<Result<Bytes>(std::span<const std::byte> stored)>;

struct BatchAddition {
  std::uint64_t reports = 0;
  Id32 checksum{};  // exclusive or of the added ones
  MergeShares merge;
};

// How many reports were refused, by the reason's name.
struct RefusalCount {
  std::string reason;
  std::uint64_t reports = 0;
};

// --- jobs of the leader ---

struct LeaderJobRow {
  std::uint64_t number = 0;  // the store chooses it
  Id32 task{};
  Id32 batch{};
  Bytes request;  // the exact bytes for the helper
  std::uint64_t reports = 0;
};

struct NewLeaderJob {
  Id32 task{};
  Id32 batch{};
  Bytes request;  // empty: all reports were refused, and there is no job
  std::vector<Id16> reports;
  std::vector<Id16> dropped;  // reports that the leader refused when it started the job
  std::vector<RefusalCount> refusals;
};

// --- jobs of the helper ---

struct HelperJobRow {
  Id16 id{};
  Id32 request_hash{};
  Bytes response;  // empty where the leader has deleted the job
};

struct NewHelperJob {
  Id32 task{};
  Id32 batch{};
  HelperJobRow job;
  std::vector<Id16> reports;  // those that count
  BatchAddition addition;
  std::int64_t now = 0;
  std::vector<RefusalCount> refusals;
};

enum class HelperCommit : std::uint8_t {
  committed,
  known_request,  // a job of these bytes is stored
  known_report,  // one of the reports was counted meanwhile
  batch_closed,  // the batch's share has left, or the task has ended
};

// --- releases (leader) ---

// What is kept of a release. Rows are only ever added; the version counts up without a gap.
struct Release {
  std::uint64_t version = 0;  // of the trend
  Id32 task{};
  Id32 batch{};  // zeros: an operator's rollback
  std::uint64_t reports = 0;
  std::int64_t at = 0;
  Bytes histogram;  // 64-bit little-endian counts with noise, for each slot; empty for a rollback
  Bytes trend_file;
  Bytes trend_state;  // what the rule carries on to the next batch
  std::string figures;  // JSON, owned by the caller
};

// May be used from several threads at a time. Every function returns when what it wrote is on the disk, and fails as
// Store's do. After a failure nothing of the call is stored.
class AggregationStore {
 public:
  virtual ~AggregationStore() = default;

  [[nodiscard]] virtual std::string description() const = 0;

  // Stores all reports in one transaction. The result has one entry for each.
  [[nodiscard]] virtual Result<std::vector<UploadOutcome>> upload(std::span<const UploadedReport> reports) = 0;
  // How many reports of the task wait for a job.
  [[nodiscard]] virtual Result<std::uint64_t> waiting(const Id32& task) = 0;
  // The oldest of them.
  [[nodiscard]] virtual Result<std::vector<Id16>> waiting_ids(const Id32& task, std::size_t limit) = 0;
  // A report as the client sent it. Nothing where it has been removed.
  [[nodiscard]] virtual Result<std::optional<Bytes>> report(const Id32& task, const Id16& id) = 0;
  // Adds to the counts of refused reports.
  [[nodiscard]] virtual Status count_refusals(const Id32& task, std::span<const RefusalCount> refusals) = 0;
  [[nodiscard]] virtual Result<std::vector<RefusalCount>> refusals(const Id32& task) = 0;

  // The task's open batch; makes one with the id `proposal` where there is none.
  [[nodiscard]] virtual Result<StoredBatch> open_batch(const Id32& task, const Id32& proposal, std::int64_t now) = 0;
  [[nodiscard]] virtual Result<std::optional<StoredBatch>> batch(const Id32& task, const Id32& id) = 0;
  // The oldest batch of the task that is closing.
  [[nodiscard]] virtual Result<std::optional<StoredBatch>> closing_batch(const Id32& task) = 0;
  // The latest batches first, without shares and requests.
  [[nodiscard]] virtual Result<std::vector<StoredBatch>> batches(const Id32& task, std::size_t limit) = 0;

  // Stores the job and binds its reports to it. False, and nothing is stored, where one of the reports does not wait
  // any more or the batch is not open.
  [[nodiscard]] virtual Result<bool> start_job(const NewLeaderJob& job) = 0;
  // The jobs without an answer, oldest first.
  [[nodiscard]] virtual Result<std::vector<LeaderJobRow>> pending_jobs(const Id32& task) = 0;
  // The reports of a job, in the order of its request.
  [[nodiscard]] virtual Result<std::vector<Id16>> job_ids(std::uint64_t number) = 0;
  // Adds what the job gave to its batch, and removes the job with its reports. False where another process has done it.
  [[nodiscard]] virtual Result<bool> finish_job(const LeaderJobRow& job, const BatchAddition& addition,
                                                std::span<const RefusalCount> refusals) = 0;

  // Replaces the sum of an open batch without pending jobs by its noised one. False where it is not open any more, or
  // has another number of reports than `reports`.
  [[nodiscard]] virtual Result<bool> close_batch(const Id32& task, const Id32& id, std::uint64_t reports,
                                                 std::span<const std::byte> request,
                                                 std::span<const std::byte> noised_share) = 0;
  // Stores the release of a closing batch and removes its share. False where it was released before, or where another
  // release has the version.
  [[nodiscard]] virtual Result<bool> release(const Release& release) = 0;
  // Ends an open or closing batch: its share, jobs and reports are removed. `job`: the job because of which it ends, if
  // any. False where the batch has ended, or where another process has finished that job meanwhile.
  [[nodiscard]] virtual Result<bool> give_up(const Id32& task, const Id32& id, std::optional<std::uint64_t> job,
                                             const std::string& reason, std::int64_t now) = 0;

  // Stores a release that belongs to no batch: a rollback. False where another release has the version.
  [[nodiscard]] virtual Result<bool> add_release(const Release& release) = 0;
  // The latest releases first, of all tasks.
  [[nodiscard]] virtual Result<std::vector<Release>> releases(std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::optional<Release>> release_of(std::uint64_t version) = 0;

  // A number that only goes up: the first call gives 1. `content` is what the number stands for; the same content as
  // the latest one's gives the latest number again.
  [[nodiscard]] virtual Result<std::uint64_t> version_of(const std::string& counter, const Id32& content) = 0;

  // --- helper ---

  [[nodiscard]] virtual Result<std::optional<HelperJobRow>> helper_job(const Id32& task, const Id32& request_hash) = 0;
  [[nodiscard]] virtual Result<std::optional<HelperJobRow>> helper_job_by_id(const Id32& task, const Id16& id) = 0;
  // Removes the answer of a job, and keeps that it was. False where there is no such job.
  [[nodiscard]] virtual Result<bool> delete_helper_job(const Id32& task, const Id16& id) = 0;
  // One entry for each id: whether a report of it was counted.
  [[nodiscard]] virtual Result<std::vector<bool>> are_counted(const Id32& task, std::span<const Id16> reports) = 0;
  [[nodiscard]] virtual Result<HelperCommit> commit_helper_job(const NewHelperJob& job) = 0;
  // Stores the answer with the noised share, and removes the sum and the answers of the batch's jobs. False where the
  // batch is not open any more or has another number of reports.
  [[nodiscard]] virtual Result<bool> close_helper_batch(const Id32& task, const Id32& id, std::uint64_t reports,
                                                        const HelperJobRow& answer, std::int64_t now) = 0;
  // The answer that close_helper_batch stored.
  [[nodiscard]] virtual Result<std::optional<HelperJobRow>> helper_share(const Id32& task, const Id32& batch) = 0;
  [[nodiscard]] virtual Result<std::optional<HelperJobRow>> helper_share_by_id(const Id32& task, const Id16& id) = 0;

  // Ends a task: removes what is kept of it but for its batches' figures. From then on no report of it is stored or
  // counted.
  [[nodiscard]] virtual Status forget_task(const Id32& task) = 0;
  // Removes the serials of tokens of earlier windows.
  [[nodiscard]] virtual Status forget_tokens(std::uint64_t before_window) = 0;
};

// Opens the file, or makes it. Fails as open_sqlite does (store.hpp).
[[nodiscard]] Result<std::unique_ptr<AggregationStore>> open_sqlite_aggregation(const std::filesystem::path& file);
// Connects to a database. The tables are in a schema of their own, "sotto_leader" or "sotto_helper", so that both sides
// may use one database. Fails as open_postgres does.
[[nodiscard]] Result<std::unique_ptr<AggregationStore>> open_postgres_aggregation(const std::string& url,
                                                                                  const std::string& schema,
                                                                                  unsigned connections);

}  // namespace sotto::store
