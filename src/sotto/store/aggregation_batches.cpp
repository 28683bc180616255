// The leader's jobs and batches.
#include <sotto/store/internal/sql_aggregation_store.hpp>

namespace sotto::store {
namespace {

// Of the columns id, state, reports, checksum, opened, closed, reason.
StoredBatch batch_in(SyncRows& rows, std::size_t row) {
  StoredBatch batch;
  batch.id = rows.fixed<32>(row, 0);
  batch.state = static_cast<BatchState>(rows.integer(row, 1));
  batch.reports = rows.natural(row, 2);
  batch.checksum = rows.fixed<32>(row, 3);
  batch.opened = rows.integer(row, 4);
  batch.closed = rows.integer(row, 5);
  batch.reason = rows.text(row, 6);
  return batch;
}

StoredBatch whole_batch_in(SyncRows& rows) {
  StoredBatch batch = batch_in(rows, 0);
  batch.share = rows.take(0, 7);
  batch.request = rows.take(0, 8);
  return batch;
}

Result<bool> is_in_state(SyncSession& session, const Id32& task, const Id32& batch, BatchState state) {
  auto rows = session.query("SELECT 1 FROM batches WHERE task = $1 AND id = $2 AND state = $3",
                            {task, batch, number_of(state)});
  if (!rows) return std::move(rows).error();
  return !rows->empty();
}

Result<bool> insert_release(SyncSession& session, const Release& release) {
  auto latest = session.query("SELECT coalesce(max(version), 0) FROM releases", {});
  if (!latest) return std::move(latest).error();
  if (latest->natural(0, 0) + 1 != release.version) return false;
  auto added = session.execute(
      "INSERT INTO releases (version, task, batch, reports, at, histogram, trend_file, trend_state, figures) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {release.version, release.task, release.batch, release.reports, release.at, release.histogram, release.trend_file,
       release.trend_state, release.figures});
  if (!added) return std::move(added).error();
  return true;
}

std::vector<Release> releases_in(SyncRows& rows) {
  std::vector<Release> releases;
  for (std::size_t row = 0; row < rows.size(); ++row)
    releases.push_back({rows.natural(row, 0), rows.fixed<32>(row, 1), rows.fixed<32>(row, 2), rows.natural(row, 3),
                        rows.integer(row, 4), rows.take(row, 5), rows.take(row, 6), rows.take(row, 7),
                        rows.text(row, 8)});
  return releases;
}

// Removes a report; its id stays known.
Status remove_report(SyncSession& session, const Id32& task, const Id16& id) {
  auto emptied = session.execute(
      "DELETE FROM sealed WHERE number IN (SELECT number FROM reports WHERE task = $1 AND job = 0 AND id = $2)",
      {task, id});
  if (!emptied) return std::move(emptied).error();
  auto removed = session.execute("DELETE FROM reports WHERE task = $1 AND job = 0 AND id = $2", {task, id});
  if (!removed) return std::move(removed).error();
  return Ok{};
}

}  // namespace

Status remove_reports_of_job(SyncSession& session, const Id32& task, std::uint64_t job) {
  auto emptied = session.execute(
      "DELETE FROM sealed WHERE number IN (SELECT number FROM reports WHERE task = $1 AND job = $2)", {task, job});
  if (!emptied) return std::move(emptied).error();
  auto removed = session.execute("DELETE FROM reports WHERE task = $1 AND job = $2", {task, job});
  if (!removed) return std::move(removed).error();
  return Ok{};
}

Status add_to_batch(SyncSession& session, const Id32& task, const Id32& batch, const BatchAddition& addition) {
  auto rows = session.query("SELECT checksum, share FROM batches WHERE task = $1 AND id = $2", {task, batch});
  if (!rows) return std::move(rows).error();
  if (rows->empty()) return Error{ErrorCode::malformed, "the store lacks a batch that it must have"};
  auto checksum = rows->fixed<32>(0, 0);
  for (std::size_t n = 0; n < checksum.size(); ++n) checksum[n] ^= addition.checksum[n];
  auto share = addition.merge(rows->take(0, 1));
  if (!share) return std::move(share).error();
  auto updated = session.execute(
      "UPDATE batches SET reports = reports + $1, checksum = $2, share = $3 WHERE task = $4 AND id = $5",
      {addition.reports, checksum, *share, task, batch});
  if (!updated) return std::move(updated).error();
  return Ok{};
}

Result<StoredBatch> SqlAggregationStore::open_batch(const Id32& task, const Id32& proposal, std::int64_t now) {
  const auto find = [&](SyncSession& session) -> Result<std::optional<StoredBatch>> {
    auto rows = session.query(
        "SELECT id, state, reports, checksum, opened, closed, reason, share, request FROM batches "
        "WHERE task = $1 AND state = $2 ORDER BY number LIMIT 1",
        {task, number_of(BatchState::open)});
    if (!rows) return std::move(rows).error();
    if (rows->empty()) return std::optional<StoredBatch>();
    return std::optional(whole_batch_in(*rows));
  };
  // Nearly always there is one, and looking for it needs no writer.
  if (auto found = read(find); !found || *found) {
    if (!found) return std::move(found).error();
    return **std::move(found);
  }
  return write([&](SyncSession& session) -> Result<StoredBatch> {
    auto found = find(session);
    if (!found) return std::move(found).error();
    if (*found) return **std::move(found);
    StoredBatch batch;
    batch.id = proposal;
    batch.opened = now;
    auto made = session.execute(
        "INSERT INTO batches (task, id, state, reports, checksum, opened, closed, reason, share, request) "
        "VALUES ($1, $2, $3, 0, $4, $5, 0, $6, $7, $8)",
        {task, batch.id, number_of(batch.state), batch.checksum, now, batch.reason, batch.share, batch.request});
    if (!made) return std::move(made).error();
    return batch;
  });
}

Result<std::optional<StoredBatch>> SqlAggregationStore::batch(const Id32& task, const Id32& id) {
  return read([&](SyncSession& session) -> Result<std::optional<StoredBatch>> {
    auto rows = session.query(
        "SELECT id, state, reports, checksum, opened, closed, reason, share, request FROM batches "
        "WHERE task = $1 AND id = $2",
        {task, id});
    if (!rows) return std::move(rows).error();
    if (rows->empty()) return std::optional<StoredBatch>();
    return std::optional(whole_batch_in(*rows));
  });
}

Result<std::optional<StoredBatch>> SqlAggregationStore::closing_batch(const Id32& task) {
  return read([&](SyncSession& session) -> Result<std::optional<StoredBatch>> {
    auto rows = session.query(
        "SELECT id, state, reports, checksum, opened, closed, reason, share, request FROM batches "
        "WHERE task = $1 AND state = $2 ORDER BY number LIMIT 1",
        {task, number_of(BatchState::closing)});
    if (!rows) return std::move(rows).error();
    if (rows->empty()) return std::optional<StoredBatch>();
    return std::optional(whole_batch_in(*rows));
  });
}

Result<std::vector<StoredBatch>> SqlAggregationStore::batches(const Id32& task, std::size_t limit) {
  return read([&](SyncSession& session) -> Result<std::vector<StoredBatch>> {
    auto rows = session.query(
        "SELECT id, state, reports, checksum, opened, closed, reason FROM batches WHERE task = $1 "
        "ORDER BY number DESC LIMIT $2",
        {task, static_cast<std::uint64_t>(limit)});
    if (!rows) return std::move(rows).error();
    std::vector<StoredBatch> batches;
    for (std::size_t row = 0; row < rows->size(); ++row) batches.push_back(batch_in(*rows, row));
    return batches;
  });
}

Result<bool> SqlAggregationStore::start_job(const NewLeaderJob& job) {
  return write([&](SyncSession& session) -> Result<bool> {
    auto open = is_in_state(session, job.task, job.batch, BatchState::open);
    if (!open || !*open) return open;
    for (const auto* ids : {&job.reports, &job.dropped}) {
      for (const Id16& id : *ids) {
        auto waits = session.query("SELECT 1 FROM reports WHERE task = $1 AND job = 0 AND id = $2", {job.task, id});
        if (!waits) return std::move(waits).error();
        if (waits->empty()) return false;
      }
    }
    for (const Id16& id : job.dropped) {
      if (auto removed = remove_report(session, job.task, id); !removed) return std::move(removed).error();
    }
    if (auto counted = add_refusals(session, job.task, job.refusals); !counted) return std::move(counted).error();
    if (job.reports.empty()) return true;
    auto made = session.query(
        "INSERT INTO jobs (task, batch, reports, request) VALUES ($1, $2, $3, $4) "
        "RETURNING number",
        {job.task, job.batch, static_cast<std::uint64_t>(job.reports.size()), job.request});
    if (!made) return std::move(made).error();
    for (const Id16& id : job.reports) {
      auto bound = session.execute("UPDATE reports SET job = $1 WHERE task = $2 AND job = 0 AND id = $3",
                                   {made->natural(0, 0), job.task, id});
      if (!bound) return std::move(bound).error();
    }
    return true;
  });
}

Result<std::vector<LeaderJobRow>> SqlAggregationStore::pending_jobs(const Id32& task) {
  return read([&](SyncSession& session) -> Result<std::vector<LeaderJobRow>> {
    auto rows =
        session.query("SELECT number, batch, reports, request FROM jobs WHERE task = $1 ORDER BY number", {task});
    if (!rows) return std::move(rows).error();
    std::vector<LeaderJobRow> jobs;
    for (std::size_t row = 0; row < rows->size(); ++row)
      jobs.push_back({rows->natural(row, 0), task, rows->fixed<32>(row, 1), rows->take(row, 3), rows->natural(row, 2)});
    return jobs;
  });
}

Result<bool> SqlAggregationStore::finish_job(const LeaderJobRow& job, const BatchAddition& addition,
                                             std::span<const RefusalCount> refusals) {
  return write([&](SyncSession& session) -> Result<bool> {
    auto removed = session.execute("DELETE FROM jobs WHERE number = $1", {job.number});
    if (!removed) return std::move(removed).error();
    if (*removed == 0) return false;
    if (auto reports = remove_reports_of_job(session, job.task, job.number); !reports)
      return std::move(reports).error();
    if (auto counted = add_refusals(session, job.task, refusals); !counted) return std::move(counted).error();
    if (addition.reports == 0) return true;
    if (auto added = add_to_batch(session, job.task, job.batch, addition); !added) return std::move(added).error();
    return true;
  });
}

Result<bool> SqlAggregationStore::close_batch(const Id32& task, const Id32& id, std::uint64_t reports,
                                              std::span<const std::byte> request,
                                              std::span<const std::byte> noised_share) {
  return write([&](SyncSession& session) -> Result<bool> {
    auto jobs = session.query("SELECT 1 FROM jobs WHERE task = $1 AND batch = $2 LIMIT 1", {task, id});
    if (!jobs) return std::move(jobs).error();
    if (!jobs->empty()) return false;
    auto closed = session.execute(
        "UPDATE batches SET state = $1, request = $2, share = $3 "
        "WHERE task = $4 AND id = $5 AND state = $6 AND reports = $7",
        {number_of(BatchState::closing), request, noised_share, task, id, number_of(BatchState::open), reports});
    if (!closed) return std::move(closed).error();
    return *closed > 0;
  });
}

Result<bool> SqlAggregationStore::release(const Release& release) {
  return write([&](SyncSession& session) -> Result<bool> {
    auto closing = is_in_state(session, release.task, release.batch, BatchState::closing);
    if (!closing || !*closing) return closing;
    auto inserted = insert_release(session, release);
    if (!inserted || !*inserted) return inserted;
    const Bytes nothing;
    auto released = session.execute(
        "UPDATE batches SET state = $1, share = $2, request = $3, closed = $4 WHERE task = $5 AND id = $6",
        {number_of(BatchState::released), nothing, nothing, release.at, release.task, release.batch});
    if (!released) return std::move(released).error();
    return true;
  });
}

Result<bool> SqlAggregationStore::give_up(const Id32& task, const Id32& id, std::optional<std::uint64_t> job,
                                          const std::string& reason, std::int64_t now) {
  return write([&](SyncSession& session) -> Result<bool> {
    if (job) {
      auto pending = session.query("SELECT number FROM jobs WHERE task = $1 AND number = $2", {task, *job});
      if (!pending) return std::move(pending).error();
      if (pending->empty()) return false;
    }
    const Bytes nothing;
    auto given_up = session.execute(
        "UPDATE batches SET state = $1, share = $2, request = $3, reason = $4, closed = $5 "
        "WHERE task = $6 AND id = $7 AND state IN ($8, $9)",
        {number_of(BatchState::given_up), nothing, nothing, reason, now, task, id, number_of(BatchState::open),
         number_of(BatchState::closing)});
    if (!given_up) return std::move(given_up).error();
    if (*given_up == 0) return false;
    auto ended = session.query("SELECT number FROM jobs WHERE task = $1 AND batch = $2", {task, id});
    if (!ended) return std::move(ended).error();
    for (std::size_t row = 0; row < ended->size(); ++row) {
      if (auto reports = remove_reports_of_job(session, task, ended->natural(row, 0)); !reports)
        return std::move(reports).error();
    }
    auto jobs = session.execute("DELETE FROM jobs WHERE task = $1 AND batch = $2", {task, id});
    if (!jobs) return std::move(jobs).error();
    return true;
  });
}

Result<bool> SqlAggregationStore::add_release(const Release& release) {
  return write([&](SyncSession& session) { return insert_release(session, release); });
}

Result<std::vector<Release>> SqlAggregationStore::releases(std::size_t limit) {
  return read([&](SyncSession& session) -> Result<std::vector<Release>> {
    auto rows = session.query(
        "SELECT version, task, batch, reports, at, histogram, trend_file, trend_state, figures FROM releases "
        "ORDER BY version DESC LIMIT $1",
        {static_cast<std::uint64_t>(limit)});
    if (!rows) return std::move(rows).error();
    return releases_in(*rows);
  });
}

Result<std::optional<Release>> SqlAggregationStore::release_of(std::uint64_t version) {
  return read([&](SyncSession& session) -> Result<std::optional<Release>> {
    auto rows = session.query(
        "SELECT version, task, batch, reports, at, histogram, trend_file, trend_state, figures FROM releases "
        "WHERE version = $1",
        {version});
    if (!rows) return std::move(rows).error();
    if (rows->empty()) return std::optional<Release>();
    return std::optional(std::move(releases_in(*rows).front()));
  });
}

Result<std::uint64_t> SqlAggregationStore::version_of(const std::string& counter, const Id32& content) {
  return write([&](SyncSession& session) -> Result<std::uint64_t> {
    auto rows = session.query("SELECT value, content FROM counters WHERE name = $1", {counter});
    if (!rows) return std::move(rows).error();
    if (!rows->empty() && rows->fixed<32>(0, 1) == content) return rows->natural(0, 0);
    const std::uint64_t next = rows->empty() ? 1 : rows->natural(0, 0) + 1;
    auto put = session.execute(
        "INSERT INTO counters (name, value, content) VALUES ($1, $2, $3) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value, content = excluded.content",
        {counter, next, content});
    if (!put) return std::move(put).error();
    return next;
  });
}

Status SqlAggregationStore::forget_task(const Id32& task) {
  return database_->write([&](SyncSession& session) -> Status {
    for (const std::string_view sql :
         {std::string_view("DELETE FROM ids WHERE task = $1"), std::string_view("DELETE FROM tokens WHERE task = $1"),
          std::string_view("DELETE FROM sealed WHERE number IN (SELECT number FROM reports WHERE task = $1)"),
          std::string_view("DELETE FROM reports WHERE task = $1"), std::string_view("DELETE FROM jobs WHERE task = $1"),
          std::string_view("DELETE FROM answers WHERE task = $1")}) {
      auto done = session.execute(sql, {task});
      if (!done) return std::move(done).error();
    }
    const Bytes nothing;
    const std::string reason = "the task has expired";
    auto given_up = session.execute(
        "UPDATE batches SET state = $1, share = $2, request = $3, reason = $4 WHERE task = $5 AND state IN ($6, $7)",
        {number_of(BatchState::given_up), nothing, nothing, reason, task, number_of(BatchState::open),
         number_of(BatchState::closing)});
    if (!given_up) return std::move(given_up).error();
    auto ended = session.execute("INSERT INTO ended_tasks (task) VALUES ($1) ON CONFLICT DO NOTHING", {task});
    if (!ended) return std::move(ended).error();
    return Ok{};
  });
}

Status SqlAggregationStore::forget_tokens(std::uint64_t before_window) {
  return database_->write([&](SyncSession& session) -> Status {
    auto done = session.execute("DELETE FROM tokens WHERE period < $1", {before_window});
    if (!done) return std::move(done).error();
    return Ok{};
  });
}

Result<std::unique_ptr<AggregationStore>> open_sqlite_aggregation(const std::filesystem::path& file) {
  auto database = open_sqlite_sync(file);
  if (!database) return std::move(database).error();
  return std::unique_ptr<AggregationStore>(std::make_unique<SqlAggregationStore>(std::move(database).value()));
}

Result<std::unique_ptr<AggregationStore>> open_postgres_aggregation(const std::string& url, const std::string& schema,
                                                                    unsigned connections) {
  auto database = open_postgres_sync(url, schema, connections);
  if (!database) return std::move(database).error();
  return std::unique_ptr<AggregationStore>(std::make_unique<SqlAggregationStore>(std::move(database).value()));
}

}  // namespace sotto::store
