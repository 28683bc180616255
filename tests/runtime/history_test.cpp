#include "../support/random_model.hpp"

#include <sotto/runtime/history.hpp>
#include <sotto/runtime/history_lookup.hpp>
#include <sotto/runtime/owning_session.hpp>

#include <catch2/catch_test_macros.hpp>

#include <vector>

using sotto::ItemIndex;

TEST_CASE("ages and counts fall into their buckets", "[runtime][history]") {
  const std::size_t ages[] = {0, 1, 2, 3, 4, 4, 5, 5, 6, 6, 6, 6, 7};
  for (std::uint32_t age = 0; age < std::size(ages); ++age) CHECK(sotto::age_bucket(age) == ages[age]);
  CHECK(sotto::age_bucket(1023) == 19);
  const std::size_t counts[] = {0, 1, 2, 2, 3, 3, 3, 3, 4, 4};
  for (std::uint32_t count = 1; count <= std::size(counts); ++count)
    CHECK(sotto::count_bucket(count) == counts[count - 1]);
}

TEST_CASE("evidence tells age, count and what followed", "[runtime][history]") {
  sotto::HistoryLookup lookup(10);
  const std::vector<ItemIndex> events{4, 7, 4, 2, 7, 4};
  const auto evidence = lookup.evidence(events);
  REQUIRE(evidence.size() == 3);
  CHECK(evidence[0].item == 4);
  CHECK(evidence[0].age == 0);
  CHECK(evidence[0].count == 3);
  CHECK_FALSE(evidence[0].follows);
  CHECK(evidence[1].item == 7);
  CHECK(evidence[1].age == 1);
  CHECK(evidence[1].count == 2);
  CHECK(evidence[1].follows);  // 4, 7 at the start
  CHECK(evidence[2].item == 2);
  CHECK(evidence[2].age == 2);
  CHECK(evidence[2].count == 1);
  CHECK(evidence[2].follows);  // 4, 2
  CHECK(lookup.evidence(events).size() == 3);
}

TEST_CASE("an item that repeats at once follows itself", "[runtime][history]") {
  sotto::HistoryLookup lookup(3);
  const auto evidence = lookup.evidence(std::vector<ItemIndex>{1, 1});
  REQUIRE(evidence.size() == 1);
  CHECK(evidence[0].count == 2);
  CHECK(evidence[0].follows);
}

TEST_CASE("the oldest events are forgotten at the capacity", "[runtime][history]") {
  sotto::History history;
  sotto::HistoryLookup lookup(5000);
  for (ItemIndex i = 0; i < sotto::history_capacity + 10; ++i) history.observe(i);
  CHECK(history.events().size() == sotto::history_capacity);
  CHECK(history.events().front() == 10);
  CHECK(lookup.evidence(history.events()).back().age == sotto::history_capacity - 1);
}

TEST_CASE("the history term adds exactly its tables to the network's scores", "[runtime][history]") {
  auto model = sotto::test::random_fixed_model({23, 8, 8, 1, true, true, true}, 3);
  const sotto::Engine with(model, 1);
  const sotto::HistoryTerm term = *model.weights.history;
  model.weights.history.reset();
  model.info.architecture.history_term = false;
  const sotto::Engine without(model, 1);
  sotto::OwningSession a(with);
  sotto::OwningSession b(without);
  for (const ItemIndex item : {3U, 9U, 3U}) {
    REQUIRE(a.observe(item).ok());
    REQUIRE(b.observe(item).ok());
  }
  CHECK(a.scores()[3] == b.scores()[3] + term.age[0] + term.count[1]);
  CHECK(a.scores()[9] == b.scores()[9] + term.age[1] + term.count[0] + term.follow);
  CHECK(a.scores()[0] == b.scores()[0]);
}
