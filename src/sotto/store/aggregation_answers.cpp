// The helper's jobs, what it has counted, and its aggregate shares.
#include <sotto/store/internal/sql_aggregation_store.hpp>

namespace sotto::store {
namespace {

constexpr int job_answer = 1;
constexpr int share_answer = 2;

std::optional<HelperJobRow> answer_in(SyncRows& rows) {
  if (rows.empty()) return std::nullopt;
  return HelperJobRow{rows.fixed<16>(0, 0), rows.fixed<32>(0, 1), rows.take(0, 2)};
}

Result<bool> is_counted(SyncSession& session, const Id32& task, const Id16& report) {
  auto known = session.query("SELECT 1 FROM ids WHERE task = $1 AND id = $2", {task, report});
  if (!known) return std::move(known).error();
  return !known->empty();
}

Status put_answer(SyncSession& session, const Id32& task, const Id32& batch, int kind, const HelperJobRow& answer) {
  auto put = session.execute(
      "INSERT INTO answers (task, id, kind, batch, request_hash, response) VALUES ($1, $2, $3, $4, $5, $6)",
      {task, answer.id, kind, batch, answer.request_hash, answer.response});
  if (!put) return std::move(put).error();
  return Ok{};
}

}  // namespace

Result<std::optional<HelperJobRow>> SqlAggregationStore::helper_job(const Id32& task, const Id32& request_hash) {
  return read([&](SyncSession& session) -> Result<std::optional<HelperJobRow>> {
    auto rows = session.query(
        "SELECT id, request_hash, response FROM answers WHERE task = $1 AND request_hash = $2 AND kind = $3",
        {task, request_hash, job_answer});
    if (!rows) return std::move(rows).error();
    return answer_in(*rows);
  });
}

Result<std::optional<HelperJobRow>> SqlAggregationStore::helper_job_by_id(const Id32& task, const Id16& id) {
  return read([&](SyncSession& session) -> Result<std::optional<HelperJobRow>> {
    auto rows =
        session.query("SELECT id, request_hash, response FROM answers WHERE task = $1 AND id = $2 AND kind = $3",
                      {task, id, job_answer});
    if (!rows) return std::move(rows).error();
    return answer_in(*rows);
  });
}

Result<bool> SqlAggregationStore::delete_helper_job(const Id32& task, const Id16& id) {
  return write([&](SyncSession& session) -> Result<bool> {
    const Bytes nothing;
    auto deleted = session.execute("UPDATE answers SET response = $1 WHERE task = $2 AND id = $3 AND kind = $4",
                                   {nothing, task, id, job_answer});
    if (!deleted) return std::move(deleted).error();
    return *deleted > 0;
  });
}

Result<std::vector<bool>> SqlAggregationStore::are_counted(const Id32& task, std::span<const Id16> reports) {
  return read([&](SyncSession& session) -> Result<std::vector<bool>> {
    std::vector<bool> counted;
    counted.reserve(reports.size());
    for (const Id16& report : reports) {
      auto found = is_counted(session, task, report);
      if (!found) return std::move(found).error();
      counted.push_back(*found);
    }
    return counted;
  });
}

Result<HelperCommit> SqlAggregationStore::commit_helper_job(const NewHelperJob& job) {
  return write([&](SyncSession& session) -> Result<HelperCommit> {
    auto same = session.query("SELECT 1 FROM answers WHERE task = $1 AND request_hash = $2 AND kind = $3",
                              {job.task, job.job.request_hash, job_answer});
    if (!same) return std::move(same).error();
    if (!same->empty()) return HelperCommit::known_request;
    auto batch = session.query("SELECT state FROM batches WHERE task = $1 AND id = $2", {job.task, job.batch});
    if (!batch) return std::move(batch).error();
    // A job of which nothing counts may belong to a closed batch: its answer says so for each report.
    auto ended = has_ended(session, job.task);
    if (!ended) return std::move(ended).error();
    const bool is_open = !*ended && (batch->empty() || batch->integer(0, 0) == number_of(BatchState::open));
    if (!is_open && !job.reports.empty()) return HelperCommit::batch_closed;
    for (const Id16& report : job.reports) {
      auto counted = is_counted(session, job.task, report);
      if (!counted) return std::move(counted).error();
      if (*counted) return HelperCommit::known_report;
    }
    for (const Id16& report : job.reports) {
      auto noted = session.execute("INSERT INTO ids (task, id) VALUES ($1, $2)", {job.task, report});
      if (!noted) return std::move(noted).error();
    }
    if (!job.reports.empty()) {
      if (batch->empty()) {
        const Bytes nothing;
        const Id32 zeros{};
        auto made = session.execute(
            "INSERT INTO batches (task, id, state, reports, checksum, opened, closed, reason, share, request) "
            "VALUES ($1, $2, $3, 0, $4, $5, 0, $6, $7, $8)",
            {job.task, job.batch, number_of(BatchState::open), zeros, job.now, nothing, nothing, nothing});
        if (!made) return std::move(made).error();
      }
      if (auto added = add_to_batch(session, job.task, job.batch, job.addition); !added)
        return std::move(added).error();
    }
    if (auto counted = add_refusals(session, job.task, job.refusals); !counted) return std::move(counted).error();
    if (auto put = put_answer(session, job.task, job.batch, job_answer, job.job); !put) return std::move(put).error();
    return HelperCommit::committed;
  });
}

Result<bool> SqlAggregationStore::close_helper_batch(const Id32& task, const Id32& id, std::uint64_t reports,
                                                     const HelperJobRow& answer, std::int64_t now) {
  return write([&](SyncSession& session) -> Result<bool> {
    const Bytes nothing;
    auto closed = session.execute(
        "UPDATE batches SET state = $1, share = $2, closed = $3 "
        "WHERE task = $4 AND id = $5 AND state = $6 AND reports = $7",
        {number_of(BatchState::released), nothing, now, task, id, number_of(BatchState::open), reports});
    if (!closed) return std::move(closed).error();
    if (*closed == 0) return false;
    auto cleared =
        session.execute("UPDATE answers SET response = $1 WHERE task = $2 AND batch = $3", {nothing, task, id});
    if (!cleared) return std::move(cleared).error();
    if (auto put = put_answer(session, task, id, share_answer, answer); !put) return std::move(put).error();
    return true;
  });
}

Result<std::optional<HelperJobRow>> SqlAggregationStore::helper_share(const Id32& task, const Id32& batch) {
  return read([&](SyncSession& session) -> Result<std::optional<HelperJobRow>> {
    auto rows =
        session.query("SELECT id, request_hash, response FROM answers WHERE task = $1 AND batch = $2 AND kind = $3",
                      {task, batch, share_answer});
    if (!rows) return std::move(rows).error();
    return answer_in(*rows);
  });
}

Result<std::optional<HelperJobRow>> SqlAggregationStore::helper_share_by_id(const Id32& task, const Id16& id) {
  return read([&](SyncSession& session) -> Result<std::optional<HelperJobRow>> {
    auto rows =
        session.query("SELECT id, request_hash, response FROM answers WHERE task = $1 AND id = $2 AND kind = $3",
                      {task, id, share_answer});
    if (!rows) return std::move(rows).error();
    return answer_in(*rows);
  });
}

}  // namespace sotto::store
