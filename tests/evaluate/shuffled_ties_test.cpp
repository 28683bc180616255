#include <sotto/evaluate/arms.hpp>
#include <sotto/evaluate/evaluate.hpp>
#include <sotto/evaluate/shuffled_ties.hpp>

#include "../data/log_text.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

using namespace sotto;
using data::Split;
using data::SplitKind;

namespace {

// Users with the events a0, b0, …, all in one second where `tied`, in alphabetical order of items. Each user begins at
// another letter and has another item of its own before.
data::Interactions alphabetical(int users, bool tied, const std::string& fraction = "") {
  std::string text = "user_id,item_id,timestamp\n";
  for (int user = 0; user < users; ++user) {
    const std::string id = "u" + std::to_string(user);
    text += id + ",own" + std::to_string(user % 7) + ",1000" + fraction + "\n";
    for (int i = 0; i < 6; ++i) {
      text += id + "," + std::string(1, static_cast<char>('a' + (user + i) % 12)) + "," +
              std::to_string(2000 + (tied ? 0 : 10 * i)) + fraction + "\n";
    }
  }
  auto log = test::read_text(text);
  REQUIRE(log.ok());
  return *std::move(log);
}

double ndcg_of_markov(const data::Interactions& log) {
  const Split split(log, SplitKind::leave_last_out);
  const auto evaluation = evaluate::evaluate(split, evaluate::baseline_arms(split, split, true), {.threads = 1}, {});
  REQUIRE(evaluation.ok());
  const auto arm = std::ranges::find(evaluation->arms, "markov", &evaluate::ArmMetrics::name);
  return arm->accuracy.ndcg[evaluation->main_cutoff].value;
}

}  // namespace

TEST_CASE("shuffled ties keep the targets, what is before each of them, and all times") {
  const auto log = alphabetical(40, true);
  for (const SplitKind kind : {SplitKind::leave_last_out, SplitKind::temporal}) {
    const Split split(log, kind);
    const auto shuffled = evaluate::shuffled_ties(split, 1);
    CHECK(shuffled.timestamp == log.timestamp);
    CHECK(shuffled.user_begin == log.user_begin);
    CHECK(shuffled.item != log.item);
    const Split again(shuffled, kind);
    CHECK(data::test_targets(again) == data::test_targets(split));
    for (std::size_t user = 0; user < log.users(); ++user) {
      const std::size_t begin = split.test_targets(user).begin;
      const auto sides = [begin](std::span<const ItemIndex> items) {
        std::vector<ItemIndex> before(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(begin));
        std::vector<ItemIndex> test(items.begin() + static_cast<std::ptrdiff_t>(begin), items.end());
        std::ranges::sort(before);
        std::ranges::sort(test);
        return std::pair(before, test);
      };
      CHECK(sides(shuffled.items_of(user)) == sides(log.items_of(user)));
      CHECK(shuffled.items_of(user).front() == log.items_of(user).front());  // alone in its second
    }
    CHECK(evaluate::shuffled_ties(split, 1).item == shuffled.item);
    CHECK(evaluate::shuffled_ties(split, 2).item != shuffled.item);
  }
}

TEST_CASE("an event goes nowhere without its weight, and stays in its session") {
  auto log = alphabetical(40, true);
  log.begins_session.assign(log.events(), false);
  for (std::size_t row = 0; row < log.events(); ++row) {
    log.weight.push_back(static_cast<float>(log.item[row] + 1));
    log.begins_session[row] = row % 7 == 0 || row % 7 == 4;
  }
  const auto shuffled = evaluate::shuffled_ties(Split(log, SplitKind::leave_last_out), 1);
  for (std::size_t row = 0; row < log.events(); ++row) {
    CHECK(shuffled.weight[row] == static_cast<float>(shuffled.item[row] + 1));
    // Rows 1 to 3 and 4 to 6 of a user are two sessions in one second; row 6 is the test.
    const std::size_t user = row - row % 7;
    const auto same = [&](std::size_t from, std::size_t to) {
      return std::is_permutation(log.item.begin() + static_cast<std::ptrdiff_t>(user + from),
                                 log.item.begin() + static_cast<std::ptrdiff_t>(user + to),
                                 shuffled.item.begin() + static_cast<std::ptrdiff_t>(user + from));
    };
    CHECK((same(1, 4) && same(4, 6)));
  }
}

TEST_CASE("an arm that follows a file's sorting falls when ties are shuffled, and a log with times keeps its figures") {
  const auto sorted = alphabetical(400, true);
  const Split split(sorted, SplitKind::leave_last_out);
  CHECK(evaluate::ties_matter(split));
  CHECK(ndcg_of_markov(evaluate::shuffled_ties(split, 1)) < 0.9 * ndcg_of_markov(sorted));

  const auto timed = alphabetical(400, false);
  const Split timed_split(timed, SplitKind::leave_last_out);
  CHECK_FALSE(evaluate::ties_matter(timed_split));
  CHECK(evaluate::shuffled_ties(timed_split, 1).item == timed.item);
}

TEST_CASE("events of one second are in order where the log's times are finer") {
  const auto log = alphabetical(40, true, ".250");
  CHECK(log.finer_than_seconds);
  CHECK_FALSE(evaluate::ties_matter(Split(log, SplitKind::leave_last_out)));
  CHECK_FALSE(alphabetical(40, true).finer_than_seconds);
}
