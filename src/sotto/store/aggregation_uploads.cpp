// Uploaded reports, and the counts of refused ones.
#include <sotto/store/internal/sql_aggregation_store.hpp>

namespace sotto::store {
namespace {

Result<UploadOutcome> upload_one(SyncSession& session, const UploadedReport& report) {
  auto ended = has_ended(session, report.task);
  if (!ended) return std::move(ended).error();
  if (*ended) return UploadOutcome::task_ended;
  auto known = session.query("SELECT 1 FROM ids WHERE task = $1 AND id = $2", {report.task, report.id});
  if (!known) return std::move(known).error();
  if (!known->empty()) return UploadOutcome::known;
  if (report.token) {
    auto spent = session.execute(
        "INSERT INTO tokens (task, serial, report, period) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        {report.task, *report.token, report.id, report.token_window});
    if (!spent) return std::move(spent).error();
    if (*spent == 0) return UploadOutcome::token_spent;
  }
  auto noted = session.execute("INSERT INTO ids (task, id) VALUES ($1, $2)", {report.task, report.id});
  if (!noted) return std::move(noted).error();
  auto row = session.query("INSERT INTO reports (task, id, job) VALUES ($1, $2, 0) RETURNING number",
                           {report.task, report.id});
  if (!row) return std::move(row).error();
  auto stored =
      session.execute("INSERT INTO sealed (number, report) VALUES ($1, $2)", {row->natural(0, 0), report.sealed});
  if (!stored) return std::move(stored).error();
  return UploadOutcome::stored;
}

std::vector<Id16> ids_in(SyncRows& rows) {
  std::vector<Id16> ids;
  ids.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) ids.push_back(rows.fixed<16>(row, 0));
  return ids;
}

}  // namespace

Result<bool> has_ended(SyncSession& session, const Id32& task) {
  auto rows = session.query("SELECT 1 FROM ended_tasks WHERE task = $1", {task});
  if (!rows) return std::move(rows).error();
  return !rows->empty();
}

Status add_refusals(SyncSession& session, const Id32& task, std::span<const RefusalCount> refusals) {
  for (const RefusalCount& refusal : refusals) {
    auto added = session.execute(
        "INSERT INTO refusals (task, reason, reports) VALUES ($1, $2, $3) "
        "ON CONFLICT (task, reason) DO UPDATE SET reports = refusals.reports + excluded.reports",
        {task, refusal.reason, refusal.reports});
    if (!added) return std::move(added).error();
  }
  return Ok{};
}

Result<std::vector<UploadOutcome>> SqlAggregationStore::upload(std::span<const UploadedReport> reports) {
  return write([&](SyncSession& session) -> Result<std::vector<UploadOutcome>> {
    std::vector<UploadOutcome> outcomes;
    outcomes.reserve(reports.size());
    for (const UploadedReport& report : reports) {
      auto outcome = upload_one(session, report);
      if (!outcome) return std::move(outcome).error();
      outcomes.push_back(*outcome);
    }
    return outcomes;
  });
}

Result<std::uint64_t> SqlAggregationStore::waiting(const Id32& task) {
  return read([&](SyncSession& session) -> Result<std::uint64_t> {
    auto rows = session.query("SELECT count(*) FROM reports WHERE task = $1 AND job = 0", {task});
    if (!rows) return std::move(rows).error();
    return rows->natural(0, 0);
  });
}

Result<std::vector<Id16>> SqlAggregationStore::waiting_ids(const Id32& task, std::size_t limit) {
  return read([&](SyncSession& session) -> Result<std::vector<Id16>> {
    auto rows = session.query("SELECT id FROM reports WHERE task = $1 AND job = 0 ORDER BY number LIMIT $2",
                              {task, static_cast<std::uint64_t>(limit)});
    if (!rows) return std::move(rows).error();
    return ids_in(*rows);
  });
}

Result<std::optional<Bytes>> SqlAggregationStore::report(const Id32& task, const Id16& id) {
  return read([&](SyncSession& session) -> Result<std::optional<Bytes>> {
    auto rows = session.query(
        "SELECT s.report FROM reports r JOIN sealed s ON s.number = r.number WHERE r.task = $1 AND r.id = $2",
        {task, id});
    if (!rows) return std::move(rows).error();
    if (rows->empty()) return std::optional<Bytes>();
    return std::optional(rows->take(0, 0));
  });
}

Result<std::vector<Id16>> SqlAggregationStore::job_ids(std::uint64_t number) {
  return read([&](SyncSession& session) -> Result<std::vector<Id16>> {
    auto rows = session.query(
        "SELECT r.id FROM jobs j JOIN reports r ON r.task = j.task AND r.job = j.number "
        "WHERE j.number = $1 ORDER BY r.number",
        {number});
    if (!rows) return std::move(rows).error();
    return ids_in(*rows);
  });
}

Status SqlAggregationStore::count_refusals(const Id32& task, std::span<const RefusalCount> refusals) {
  return database_->write([&](SyncSession& session) { return add_refusals(session, task, refusals); });
}

Result<std::vector<RefusalCount>> SqlAggregationStore::refusals(const Id32& task) {
  return read([&](SyncSession& session) -> Result<std::vector<RefusalCount>> {
    auto rows = session.query("SELECT reason, reports FROM refusals WHERE task = $1 ORDER BY reason", {task});
    if (!rows) return std::move(rows).error();
    std::vector<RefusalCount> found;
    for (std::size_t row = 0; row < rows->size(); ++row) found.push_back({rows->text(row, 0), rows->natural(row, 1)});
    return found;
  });
}

}  // namespace sotto::store
