// What every aggregation store does, on SQLite and on PostgreSQL.
#include "places.hpp"

#include <sotto/store/aggregation_store.hpp>

#include <catch2/catch_template_test_macros.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <thread>

using namespace sotto;
using namespace sotto::store;

namespace {

class AggregationOnSqlite {
 public:
  [[nodiscard]] Result<std::unique_ptr<AggregationStore>> try_open() const {
    return open_sqlite_aggregation(folder_ / "sync.db");
  }

 private:
  test::Folder folder_;
};

class AggregationOnPostgres {
 public:
  [[nodiscard]] Result<std::unique_ptr<AggregationStore>> try_open() const {
    return open_postgres_aggregation(database_.url(), "sotto_leader", 4);
  }

 private:
  test::OnPostgres database_;
};

template <class Place>
std::unique_ptr<AggregationStore> opened(const Place& place) {
  auto store = place.try_open();
  INFO((store ? "" : store.error().detail));
  REQUIRE(store);
  return std::move(store).value();
}

template <class T>
T got(Result<T> result) {
  INFO((result ? "" : result.error().detail));
  REQUIRE(result);
  return std::move(result).value();
}

constexpr std::int64_t noon = 1'750'000'000;

Id32 id32(unsigned char letter) {
  Id32 id{};
  id.fill(std::byte{letter});
  return id;
}

Id16 id16(unsigned char letter) {
  Id16 id{};
  id.fill(std::byte{letter});
  return id;
}

Bytes letters(const std::string& text) {
  const auto* start = reinterpret_cast<const std::byte*>(text.data());
  return {start, start + text.size()};
}

const Id32 task = id32('t');

UploadedReport upload_of(unsigned char letter, std::optional<Id16> token = std::nullopt) {
  return {task, id16(letter), letters(std::string("report ") + static_cast<char>(letter)), token, 3};
}

void upload(AggregationStore& store, const std::string& ids) {
  std::vector<UploadedReport> reports;
  for (const char id : ids) reports.push_back(upload_of(static_cast<unsigned char>(id)));
  const auto outcomes = got(store.upload(reports));
  CHECK(std::ranges::all_of(outcomes, [](UploadOutcome outcome) { return outcome == UploadOutcome::stored; }));
}

std::vector<Id16> ids_of(const std::string& text) {
  std::vector<Id16> ids;
  for (const char id : text) ids.push_back(id16(static_cast<unsigned char>(id)));
  return ids;
}

// In these tests shares are texts, and adding appends.
BatchAddition addition(const std::string& text) {
  return {text.size(), id32(static_cast<unsigned char>(text.size())), [text](std::span<const std::byte> stored) {
            Bytes sum(stored.begin(), stored.end());
            for (const std::byte letter : letters(text)) sum.push_back(letter);
            return Result<Bytes>(sum);
          }};
}

NewHelperJob helper_job(unsigned char letter, const std::string& reports) {
  NewHelperJob job;
  job.task = task;
  job.batch = id32('b');
  job.job = {id16(letter), id32(letter), letters(std::string("answer ") + static_cast<char>(letter))};
  job.reports = ids_of(reports);
  job.addition = addition(reports);
  job.now = noon;
  job.refusals = {{"report_replayed", 2}};
  return job;
}

}  // namespace

TEMPLATE_TEST_CASE("aggregation store: a report counts once by its id, and a token once", "", AggregationOnSqlite,
                   AggregationOnPostgres) {
  const TestType place;
  {
    auto store = opened(place);
    const std::vector first = {upload_of('a', id16('1')), upload_of('a'), upload_of('b', id16('1')), upload_of('c')};
    CHECK(got(store->upload(first)) ==
          std::vector{UploadOutcome::stored, UploadOutcome::known, UploadOutcome::token_spent, UploadOutcome::stored});
  }
  auto store = opened(place);
  const std::vector again = {upload_of('a', id16('1')), upload_of('b')};
  CHECK(got(store->upload(again)) == std::vector{UploadOutcome::known, UploadOutcome::stored});
  CHECK(got(store->waiting(task)) == 3);
  CHECK(got(store->waiting(id32('u'))) == 0);
  const auto reports = got(store->waiting_ids(task, 2));
  REQUIRE(reports.size() == 2);
  CHECK(reports[0] == id16('a'));
  CHECK(got(store->report(task, id16('a'))) == letters("report a"));
  CHECK(reports[1] == id16('c'));
  CHECK_FALSE(got(store->report(task, id16('z'))));
  CHECK_FALSE(got(store->report(id32('u'), id16('a'))));
  // The serials of window 3 are kept as long as it may be the present one.
  REQUIRE(store->forget_tokens(3));
  CHECK(got(store->upload(std::vector{upload_of('d', id16('1'))})) == std::vector{UploadOutcome::token_spent});
  REQUIRE(store->forget_tokens(4));
  CHECK(got(store->upload(std::vector{upload_of('d', id16('1'))})) == std::vector{UploadOutcome::stored});
}

TEMPLATE_TEST_CASE("aggregation store: a batch goes from reports to its release", "", AggregationOnSqlite,
                   AggregationOnPostgres) {
  const TestType place;
  auto store = opened(place);
  upload(*store, "abcde");
  const auto batch = got(store->open_batch(task, id32('b'), noon));
  CHECK(batch.id == id32('b'));
  CHECK(got(store->open_batch(task, id32('x'), noon + 9)).id == id32('b'));

  NewLeaderJob job{task, batch.id, letters("request"), ids_of("abc"), ids_of("d"), {{"vdaf_verify_error", 1}}};
  CHECK(got(store->start_job(job)));
  CHECK_FALSE(got(store->start_job(job)));  // its reports wait no more
  CHECK(got(store->waiting(task)) == 1);
  const auto jobs = got(store->pending_jobs(task));
  REQUIRE(jobs.size() == 1);
  CHECK(jobs[0].request == letters("request"));
  CHECK(jobs[0].reports == 3);
  const auto reports = got(store->job_ids(jobs[0].number));
  REQUIRE(reports.size() == 3);
  CHECK(reports[2] == id16('c'));
  CHECK(got(store->report(task, id16('c'))) == letters("report c"));
  CHECK_FALSE(got(store->close_batch(task, batch.id, 0, letters("r"), letters("n"))));  // a job is pending

  const std::vector<RefusalCount> refusals = {{"report_replayed", 1}, {"vdaf_verify_error", 2}};
  CHECK(got(store->finish_job(jobs[0], addition("ab"), refusals)));
  CHECK_FALSE(got(store->report(task, id16('c'))));
  CHECK_FALSE(got(store->report(task, id16('d'))));
  CHECK(got(store->report(task, id16('e'))));
  CHECK_FALSE(got(store->finish_job(jobs[0], addition("ab"), refusals)));
  CHECK(got(store->pending_jobs(task)).empty());
  const auto refused = got(store->refusals(task));
  REQUIRE(refused.size() == 2);
  CHECK(refused[0].reports == 1);
  CHECK(refused[1].reports == 3);
  auto stored = got(store->batch(task, batch.id));
  REQUIRE(stored);
  CHECK(stored->reports == 2);
  CHECK(stored->share == letters("ab"));
  CHECK(stored->checksum == id32(2));

  CHECK_FALSE(got(store->close_batch(task, batch.id, 3, letters("ask"), letters("noised"))));
  CHECK(got(store->close_batch(task, batch.id, 2, letters("ask"), letters("noised"))));
  CHECK_FALSE(got(store->close_batch(task, batch.id, 2, letters("again"), letters("other"))));
  stored = got(store->batch(task, batch.id));
  CHECK(stored->state == BatchState::closing);
  CHECK(stored->share == letters("noised"));
  CHECK(stored->request == letters("ask"));
  CHECK(got(store->closing_batch(task))->id == batch.id);
  CHECK_FALSE(got(store->closing_batch(id32('u'))));
  CHECK(got(store->open_batch(task, id32('c'), noon)).id == id32('c'));

  Release release{1, task, batch.id, 2, noon + 5, letters("h"), letters("f"), letters("s"), "{}"};
  release.version = 2;
  CHECK_FALSE(got(store->release(release)));  // versions count without a gap
  release.version = 1;
  CHECK(got(store->release(release)));
  CHECK_FALSE(got(store->release(release)));
  release.version = 2;
  CHECK_FALSE(got(store->release(release)));  // a batch is released once
  stored = got(store->batch(task, batch.id));
  CHECK(stored->state == BatchState::released);
  CHECK(stored->share.empty());
  CHECK(stored->closed == noon + 5);

  const Release rollback{2, task, {}, 0, noon + 6, {}, letters("f"), letters("s"), "{}"};
  CHECK(got(store->add_release(rollback)));
  CHECK_FALSE(got(store->add_release(rollback)));
  const auto releases = got(store->releases(10));
  REQUIRE(releases.size() == 2);
  CHECK(releases[0].version == 2);
  CHECK(releases[1].trend_file == letters("f"));
  CHECK(got(store->release_of(1))->figures == "{}");
  CHECK_FALSE(got(store->release_of(3)));
}

TEMPLATE_TEST_CASE("aggregation store: a batch that is given up leaves nothing but ids", "", AggregationOnSqlite,
                   AggregationOnPostgres) {
  const TestType place;
  auto store = opened(place);
  upload(*store, "abc");
  const auto batch = got(store->open_batch(task, id32('b'), noon));
  REQUIRE(got(store->start_job({task, batch.id, letters("request"), ids_of("ab"), {}, {}})));
  const std::uint64_t job = got(store->pending_jobs(task)).at(0).number;
  // Another process has finished that job, so that nothing is wrong with the batch.
  CHECK_FALSE(got(store->give_up(task, batch.id, job + 1, "a job of the past", noon + 1)));
  CHECK(got(store->give_up(task, batch.id, job, "the sides differ", noon + 1)));
  CHECK_FALSE(got(store->give_up(task, batch.id, std::nullopt, "again", noon + 1)));
  CHECK(got(store->pending_jobs(task)).empty());
  CHECK(got(store->waiting(task)) == 1);
  CHECK(got(store->batch(task, batch.id))->reason == "the sides differ");
  CHECK(got(store->upload(std::vector{upload_of('a')})) == std::vector{UploadOutcome::known});
  CHECK_FALSE(got(store->start_job({task, batch.id, letters("request"), ids_of("c"), {}, {}})));
}

TEMPLATE_TEST_CASE("aggregation store: the helper counts a report once, and answers a request once", "",
                   AggregationOnSqlite, AggregationOnPostgres) {
  const TestType place;
  auto store = opened(place);
  CHECK(got(store->commit_helper_job(helper_job('1', "abc"))) == HelperCommit::committed);
  CHECK(got(store->commit_helper_job(helper_job('1', "abc"))) == HelperCommit::known_request);
  CHECK(got(store->commit_helper_job(helper_job('2', "cd"))) == HelperCommit::known_report);
  CHECK(got(store->are_counted(task, ids_of("cd"))) == std::vector{true, false});
  CHECK(got(store->commit_helper_job(helper_job('2', "d"))) == HelperCommit::committed);
  CHECK(got(store->helper_job(task, id32('1')))->response == letters("answer 1"));
  CHECK(got(store->helper_job_by_id(task, id16('2')))->request_hash == id32('2'));
  CHECK_FALSE(got(store->helper_job(task, id32('3'))));
  CHECK(got(store->delete_helper_job(task, id16('1'))));
  CHECK_FALSE(got(store->delete_helper_job(task, id16('9'))));
  CHECK(got(store->helper_job(task, id32('1')))->response.empty());
  CHECK(got(store->commit_helper_job(helper_job('1', "abc"))) == HelperCommit::known_request);

  const auto batch = got(store->batch(task, id32('b')));
  REQUIRE(batch);
  CHECK(batch->reports == 4);
  CHECK(batch->share == letters("abcd"));
  const HelperJobRow answer{id16('s'), id32('s'), letters("share")};
  CHECK_FALSE(got(store->close_helper_batch(task, id32('b'), 3, answer, noon)));
  CHECK(got(store->close_helper_batch(task, id32('b'), 4, answer, noon)));
  CHECK_FALSE(got(store->close_helper_batch(task, id32('b'), 4, answer, noon)));
  CHECK(got(store->helper_share(task, id32('b')))->response == letters("share"));
  CHECK(got(store->helper_share_by_id(task, id16('s')))->request_hash == id32('s'));
  CHECK_FALSE(got(store->helper_share(task, id32('c'))));
  CHECK(got(store->batch(task, id32('b')))->share.empty());
  CHECK(got(store->helper_job_by_id(task, id16('2')))->response.empty());
  CHECK(got(store->commit_helper_job(helper_job('3', "e"))) == HelperCommit::batch_closed);
  CHECK(got(store->commit_helper_job(helper_job('4', ""))) == HelperCommit::committed);
}

TEMPLATE_TEST_CASE("aggregation store: a failing sum leaves nothing of the job behind", "", AggregationOnSqlite,
                   AggregationOnPostgres) {
  const TestType place;
  auto store = opened(place);
  auto job = helper_job('1', "a");
  job.addition.merge = [](std::span<const std::byte>) { return Result<Bytes>(Error{ErrorCode::malformed, "no sum"}); };
  CHECK(store->commit_helper_job(job).error().detail == "no sum");
  CHECK(got(store->are_counted(task, ids_of("a"))) == std::vector{false});
  CHECK_FALSE(got(store->batch(task, id32('b'))));
}

TEMPLATE_TEST_CASE("aggregation store: versions only go up, and a task can be forgotten", "", AggregationOnSqlite,
                   AggregationOnPostgres) {
  const TestType place;
  auto store = opened(place);
  CHECK(got(store->version_of("manifest", id32('x'))) == 1);
  CHECK(got(store->version_of("manifest", id32('x'))) == 1);
  CHECK(got(store->version_of("manifest", id32('y'))) == 2);
  CHECK(got(store->version_of("manifest", id32('x'))) == 3);
  CHECK(got(store->version_of("tasks", id32('x'))) == 1);

  upload(*store, "ab");
  REQUIRE(got(store->open_batch(task, id32('b'), noon)).reports == 0);
  REQUIRE(store->forget_task(task));
  CHECK(got(store->waiting(task)) == 0);
  CHECK(got(store->batch(task, id32('b')))->state == BatchState::given_up);
  // What was on its way when the task ended is not stored, and nothing of it counts again.
  CHECK(got(store->upload(std::vector{upload_of('a'), upload_of('c')})) ==
        std::vector{UploadOutcome::task_ended, UploadOutcome::task_ended});
  CHECK(got(store->waiting(task)) == 0);
  CHECK_FALSE(got(store->report(task, id16('a'))));
  CHECK(got(store->commit_helper_job(helper_job('1', "ab"))) == HelperCommit::batch_closed);
  CHECK(got(store->commit_helper_job(helper_job('2', ""))) == HelperCommit::committed);
  REQUIRE(store->forget_task(task));
  CHECK(got(store->upload(std::vector<UploadedReport>{{id32('u'), id16('a'), letters("r"), std::nullopt, 0}})) ==
        std::vector{UploadOutcome::stored});
}

TEST_CASE("aggregation store: two processes on one PostgreSQL count a report once and release a batch once") {
  const AggregationOnPostgres place;
  const auto first = opened(place);
  const auto second = opened(place);
  const std::array stores{first.get(), second.get()};
  // Runs the same step in both at a time, and counts in how many of them it was due.
  const auto due_in = [&](const auto& step) {
    std::atomic<int> due{0};
    std::vector<std::thread> threads;
    for (AggregationStore* store : stores) {
      threads.emplace_back([&due, &step, store] {
        const auto result = step(*store);
        if (result && *result) ++due;
      });
    }
    for (std::thread& thread : threads) thread.join();
    return due.load();
  };
  const Id32 batch = got(first->open_batch(task, id32('b'), noon)).id;
  constexpr int rounds = 20;
  for (int round = 0; round < rounds; ++round) {
    const auto letter = static_cast<unsigned char>('A' + round);
    CHECK(due_in([&](AggregationStore& store) -> Result<bool> {
            auto outcomes = store.upload(std::vector{upload_of(letter)});
            if (!outcomes) return std::move(outcomes).error();
            return outcomes->front() == UploadOutcome::stored;
          }) == 1);
    const NewLeaderJob job{task, batch, letters("request"), {id16(letter)}, {}, {}};
    CHECK(due_in([&](AggregationStore& store) { return store.start_job(job); }) == 1);
    const auto jobs = got(first->pending_jobs(task));
    REQUIRE(jobs.size() == 1);
    CHECK(due_in([&](AggregationStore& store) { return store.finish_job(jobs[0], addition("a"), {}); }) == 1);
  }
  CHECK(got(second->batch(task, batch))->reports == rounds);
  CHECK(due_in([&](AggregationStore& store) {
          return store.close_batch(task, batch, rounds, letters("ask"), letters("noised"));
        }) == 1);
  const Release release{1, task, batch, rounds, noon, letters("h"), letters("f"), letters("s"), "{}"};
  CHECK(due_in([&](AggregationStore& store) { return store.release(release); }) == 1);
}

TEST_CASE("aggregation store: another program's file, and a file in use, are refused") {
  const test::Folder folder;
  {
    auto users = open_sqlite(folder / "sotto.db");
    REQUIRE(users);
  }
  auto refused = open_sqlite_aggregation(folder / "sotto.db");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::malformed);
  auto first = open_sqlite_aggregation(folder / "sync.db");
  REQUIRE(first);
  auto second = open_sqlite_aggregation(folder / "sync.db");
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::io);
}
