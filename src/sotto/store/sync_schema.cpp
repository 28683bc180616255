#include <sotto/store/internal/sync_database.hpp>

#include <array>
#include <string_view>

namespace sotto::store {
namespace {

// NUMBER, BYTES and ROW_NUMBER are types that each database calls its own way, END_TABLE what it says after a table.
// A report that waits has job 0. What the client sent is apart in `sealed`, so that no change writes it again. Its id
// stays in `ids` when it is gone: it must not count again. `answers` has the helper's answers: kind 1 to a job, kind 2
// to a request for an aggregate share.
constexpr std::array<std::string_view, 1> sync_steps = {
    R"(
CREATE TABLE ids (
  task BYTES NOT NULL,
  id BYTES NOT NULL,
  PRIMARY KEY (task, id)
)END_KEYED_TABLE;
CREATE TABLE ended_tasks (
  task BYTES PRIMARY KEY
)END_KEYED_TABLE;
CREATE TABLE tokens (
  task BYTES NOT NULL,
  serial BYTES NOT NULL,
  report BYTES NOT NULL,
  period NUMBER NOT NULL,
  PRIMARY KEY (task, serial)
)END_KEYED_TABLE;
CREATE TABLE reports (
  number ROW_NUMBER,
  task BYTES NOT NULL,
  id BYTES NOT NULL,
  job NUMBER NOT NULL
)END_TABLE;
CREATE TABLE sealed (
  number NUMBER PRIMARY KEY,
  report BYTES NOT NULL
)END_TABLE;
CREATE INDEX reports_job ON reports (task, job, number);
CREATE UNIQUE INDEX reports_id ON reports (task, id);
CREATE TABLE jobs (
  number ROW_NUMBER,
  task BYTES NOT NULL,
  batch BYTES NOT NULL,
  reports NUMBER NOT NULL,
  request BYTES NOT NULL
)END_TABLE;
CREATE TABLE batches (
  number ROW_NUMBER,
  task BYTES NOT NULL,
  id BYTES NOT NULL,
  state NUMBER NOT NULL,
  reports NUMBER NOT NULL,
  checksum BYTES NOT NULL,
  opened NUMBER NOT NULL,
  closed NUMBER NOT NULL,
  reason BYTES NOT NULL,
  share BYTES NOT NULL,
  request BYTES NOT NULL,
  UNIQUE (task, id)
)END_TABLE;
CREATE TABLE releases (
  version NUMBER PRIMARY KEY,
  task BYTES NOT NULL,
  batch BYTES NOT NULL,
  reports NUMBER NOT NULL,
  at NUMBER NOT NULL,
  histogram BYTES NOT NULL,
  trend_file BYTES NOT NULL,
  trend_state BYTES NOT NULL,
  figures BYTES NOT NULL
)END_TABLE;
CREATE TABLE refusals (
  task BYTES NOT NULL,
  reason BYTES NOT NULL,
  reports NUMBER NOT NULL,
  PRIMARY KEY (task, reason)
)END_KEYED_TABLE;
CREATE TABLE counters (
  name BYTES PRIMARY KEY,
  value NUMBER NOT NULL,
  content BYTES NOT NULL
)END_KEYED_TABLE;
CREATE TABLE answers (
  task BYTES NOT NULL,
  id BYTES NOT NULL,
  kind NUMBER NOT NULL,
  batch BYTES NOT NULL,
  request_hash BYTES NOT NULL,
  response BYTES NOT NULL,
  PRIMARY KEY (task, id)
)END_TABLE;
CREATE INDEX answers_request ON answers (task, request_hash);
CREATE INDEX answers_batch ON answers (task, batch);
)",
};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

}  // namespace

std::vector<std::string> sync_schema_steps(SyncDialect dialect) {
  const bool is_sqlite = dialect == SyncDialect::sqlite;
  std::vector<std::string> steps;
  for (const std::string_view step : sync_steps) {
    std::string sql(step);
    replace_all(sql, "ROW_NUMBER",
                is_sqlite ? "INTEGER PRIMARY KEY AUTOINCREMENT" : "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY");
    replace_all(sql, "NUMBER", is_sqlite ? "INTEGER" : "bigint");
    replace_all(sql, "BYTES", is_sqlite ? "BLOB" : "bytea");
    replace_all(sql, "END_KEYED_TABLE", is_sqlite ? " STRICT, WITHOUT ROWID" : "");
    replace_all(sql, "END_TABLE", is_sqlite ? " STRICT" : "");
    steps.push_back(std::move(sql));
  }
  return steps;
}

}  // namespace sotto::store
