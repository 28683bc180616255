#include <sotto/evaluate/baselines.hpp>
#include <sotto/evaluate/followers.hpp>
#include <sotto/evaluate/popularity.hpp>

#include "toy_log.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

using namespace sotto;
using Catch::Approx;
using data::Split;
using data::SplitKind;
using evaluate::Ranker;
using sotto::test::toy_log;

namespace {

// Items get their indices in the order of first appearance, so that in these logs a = 0, b = 1, …
std::vector<double> scores_after(Ranker& ranker, const std::string& history, std::size_t items) {
  ranker.reset();
  for (const char item : history) ranker.observe(static_cast<ItemIndex>(item - 'a'));
  std::vector<double> scores(items);
  ranker.scores(scores);
  return scores;
}

}  // namespace

TEST_CASE("popularity counts training events only") {
  const auto log = toy_log({"abca", "abbc"});  // training: ab, ab
  const Split split(log, SplitKind::leave_last_out);
  CHECK(data::training_counts(split) == std::vector<std::uint64_t>{2, 2, 0});
  const auto ranker = evaluate::make_popularity_ranker(split);
  const auto scores = scores_after(*ranker, "", 3);
  CHECK(scores[0] == scores[1]);
  CHECK(scores[2] == 0);
}

TEST_CASE("the Markov chain counts successors and breaks ties by popularity") {
  const auto log = toy_log({"abcab", "ad", "bb"});
  const Split split(log, SplitKind::none);
  // a → b twice, a → d once; b → c, b → b once each. 9 events: a 3, b 4, c 1, d 1.
  const auto ranker = evaluate::make_markov_ranker(split);
  const auto after_a = scores_after(*ranker, "ca", 4);
  CHECK(after_a[0] == Approx(3.0 / 10));
  CHECK(after_a[1] == Approx(2 + 4.0 / 10));
  CHECK(after_a[2] == Approx(1.0 / 10));
  CHECK(after_a[3] == Approx(1 + 1.0 / 10));
  const auto after_b = scores_after(*ranker, "b", 4);
  CHECK(after_b[1] == Approx(1 + 4.0 / 10));
  CHECK(after_b[2] == Approx(1 + 1.0 / 10));
  CHECK(scores_after(*ranker, "d", 4)[3] == Approx(1.0 / 10));
  CHECK(scores_after(*ranker, "", 4)[1] == Approx(4.0 / 10));

  const auto other = ranker->clone();
  CHECK(scores_after(*other, "ca", 4) == after_a);
}

TEST_CASE("sequential kNN adds up the decayed neighbours of the recent events") {
  const auto log = toy_log({"abc", "xabyy"});  // items a b c x y
  const Split split(log, SplitKind::none);
  const auto ranker = evaluate::make_sequential_knn_ranker(split);
  ranker->reset();
  ranker->observe(0);  // a
  ranker->observe(1);  // b
  std::vector<double> scores(5);
  ranker->scores(scores);
  // a and b occur twice each. W(b → c) = 1, W(b → y) = 1 + 0.8; W(a → b) = 2, W(a → c) = 0.8,
  // W(a → y) = 0.8 + 0.64. The last event counts 1, the one before it 0.5.
  const double scale = std::pow(2.0, -0.7);
  const double tie = 1e-6;  // popularity's share
  CHECK(scores[0] == Approx(0).margin(tie));
  CHECK(scores[1] == Approx(0.5 * 2 * scale).margin(tie));
  CHECK(scores[2] == Approx((1 + 0.5 * 0.8) * scale).margin(tie));
  CHECK(scores[3] == Approx(0).margin(tie));
  CHECK(scores[4] == Approx((1.8 + 0.5 * 1.44) * scale).margin(tie));
  CHECK(scores[0] > scores[3]);  // the tie goes to the more popular
}

TEST_CASE("neighbours never cross from one user to the next or into held-out events") {
  const auto log = toy_log({"abcd", "ea"});
  const auto table =
      evaluate::count_followers(Split(log, SplitKind::leave_last_out), {.window = 5, .decay = 1, .max_neighbors = 0});
  CHECK(table.of(0).size() == 1);  // a → b
  CHECK(table.of(1).empty());
  CHECK(table.of(4).size() == 1);  // e → a
}

TEST_CASE("the heaviest neighbours are kept") {
  const auto log = toy_log({"abaca", "acad"});
  const auto table =
      evaluate::count_followers(Split(log, SplitKind::none), {.window = 1, .decay = 1, .max_neighbors = 2});
  std::vector<ItemIndex> kept;
  for (const auto& neighbor : table.of(0)) kept.push_back(neighbor.item);
  std::ranges::sort(kept);
  CHECK(kept == std::vector<ItemIndex>{1, 2});  // c twice; b before d, by index
}

TEST_CASE("recent popularity halves with each half-life before the last training event") {
  const auto day = static_cast<std::int64_t>(evaluate::recent_popularity_half_life_days * 24 * 3600);
  auto log = toy_log({"ababc", "cc"});
  // a at 0 and 2 half-lives, b at 1 and 3; the second user's c are training, the first's last is not.
  log.timestamp = {0, day, 2 * day, 3 * day, 9 * day, 3 * day, 4 * day};
  const Split split(log, SplitKind::leave_last_out);  // held out: the first user's b at 3 and c at 9
  const auto ranker = evaluate::make_recent_popularity_ranker(split);
  const auto scores = scores_after(*ranker, "a", 3);
  CHECK(scores[0] == Approx(1.0 / 16 + 1.0 / 4));
  CHECK(scores[1] == Approx(1.0 / 8));
  CHECK(scores[2] == Approx(1.0 / 2 + 1));
}

TEST_CASE("item-kNN adds up the cosines of the latest distinct items") {
  // Users of a: 0 1 2, of b: 0 1, of c: 0, of d: 2 (twice, counted once).
  const auto log = toy_log({"abc", "ab", "add"});
  const Split split(log, SplitKind::none);
  const auto ranker = evaluate::make_item_knn_ranker(split);
  const double tie = 1e-6;
  const auto after_a = scores_after(*ranker, "a", 4);
  CHECK(after_a[0] == Approx(0).margin(tie));
  CHECK(after_a[1] == Approx(2 / std::sqrt(6.0)).margin(tie));
  CHECK(after_a[2] == Approx(1 / std::sqrt(3.0)).margin(tie));
  CHECK(after_a[3] == Approx(1 / std::sqrt(3.0)).margin(tie));
  CHECK(after_a[3] > after_a[2]);  // the tie goes to the more popular
  const auto after_aba = scores_after(*ranker, "aba", 4);
  CHECK(after_aba[2] == Approx(1 / std::sqrt(3.0) + 1 / std::sqrt(2.0)).margin(tie));
  CHECK(scores_after(*ranker, "abccc", 4) == scores_after(*ranker, "c", 4));
}

TEST_CASE("item-kNN looks at the last 100 events of a user only") {
  const std::string many(100, 'b');
  const auto log = toy_log({"a" + many, "ac"});
  const auto ranker = evaluate::make_item_knn_ranker(Split(log, SplitKind::none));
  const auto after_a = scores_after(*ranker, "a", 3);
  CHECK(after_a[1] < 1e-5);
  CHECK(after_a[2] == Approx(1).margin(1e-5));
}

TEST_CASE("the own past: often, or lately") {
  const auto log = toy_log({"abcd"});
  const Split split(log, SplitKind::none);
  const auto frequency = evaluate::make_own_past_ranker(split, evaluate::frequency_kept_share);
  const auto often = scores_after(*frequency, "aab", 4);
  CHECK(often[0] == Approx(0.99 + 0.99 * 0.99));
  CHECK(often[1] == Approx(1));
  const auto recency = evaluate::make_own_past_ranker(split, evaluate::recency_kept_share);
  const auto lately = scores_after(*recency, "aaaaaaaab", 4);
  CHECK(lately[1] > lately[0]);
  CHECK(lately[2] == lately[3]);  // popularity
  CHECK(lately[2] < 1e-8);
  CHECK(scores_after(*recency->clone(), "aaaaaaaab", 4) == lately);
}

TEST_CASE("the own past and sequential kNN are mixed as chances") {
  const auto log = toy_log({"ab", "ab"});
  const Split split(log, SplitKind::none);
  const auto ranker = evaluate::make_past_and_knn_ranker(split, {.kept_share = 0.5, .own_weight = 0.25});
  const auto scores = scores_after(*ranker, "ba", 2);
  // The own past says a 2/3, b 1/3; a's only neighbor is b.
  CHECK(scores[0] == Approx(0.25 * 2 / 3).margin(1e-5));
  CHECK(scores[1] == Approx(0.25 / 3 + 0.75).margin(1e-5));
}

TEST_CASE("the mixture follows what the validation targets show") {
  // Users who come back to an item of their own, and users who all take one way without repeating.
  std::vector<std::string> repeating;
  std::vector<std::string> following;
  const std::string way = "abcdefghijklmnopqrst";
  for (std::size_t user = 0; user < 20; ++user) {
    // z always follows the own item but at the end, so that kNN alone puts z first.
    repeating.push_back(std::string("?z?z?z???"));
    std::ranges::replace(repeating.back(), '?', way[user]);
    following.push_back(way.substr(user % 5, 12));
  }
  const auto tuned = [](const std::vector<std::string>& users) {
    const auto log = toy_log(users);
    return evaluate::tune_past_mixture(Split(log, SplitKind::leave_last_out));
  };
  CHECK(tuned(repeating).own_weight > 0);
  CHECK(tuned(following).own_weight == 0);
  const auto log = toy_log({"abc"});
  CHECK(evaluate::tune_past_mixture(Split(log, SplitKind::none)) == evaluate::PastMixture{});
}
