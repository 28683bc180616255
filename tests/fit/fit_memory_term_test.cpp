#include "../support/random_model.hpp"
#include "../support/small_logs.hpp"

#include <sotto/fit/fit_memory_term.hpp>

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <vector>

namespace {

using sotto::ItemIndex;

// Users who alternate between two items of their own: what was last is never next, what was before it always.
std::vector<std::vector<ItemIndex>> alternating_users() {
  std::vector<std::vector<ItemIndex>> users;
  for (ItemIndex user = 0; user < 80; ++user) {
    users.emplace_back();
    for (ItemIndex event = 0; event < 12; ++event) users.back().push_back((2 * user + event % 2) % 17);
  }
  return users;
}

sotto::FixedModel network(ItemIndex items) { return sotto::test::random_fixed_model({items, 4, 4, 1, true, false}, 3); }

}  // namespace

TEST_CASE("the memory term learns which past items come again", "[fit][memory]") {
  const auto log = sotto::test::make_log(alternating_users());
  const sotto::data::Split split(log, sotto::data::SplitKind::leave_last_out);
  const auto model = network(17);
  const auto term = sotto::fit::fit_memory_term(model, split);
  REQUIRE(term);
  const auto age = static_cast<std::size_t>(sotto::MemoryFeature::age);
  const std::int32_t of_last = term->weight[sotto::memory_weight_begin[age]];
  const std::int32_t of_the_one_before = term->weight[sotto::memory_weight_begin[age] + 1U];
  CHECK(of_last < 0);
  CHECK(of_the_one_before > 0);
  CHECK(term->temperature >= sotto::min_memory_temperature);
  CHECK(term->temperature <= sotto::max_memory_temperature);
  CHECK(sotto::fit::fit_memory_term(model, split) == term);
}

TEST_CASE("there is no memory term without targets, of a binary head, or when it was stopped", "[fit][memory]") {
  const auto log = sotto::test::make_log(alternating_users());
  const sotto::data::Split none(log, sotto::data::SplitKind::none);
  CHECK(!sotto::fit::fit_memory_term(network(17), none));
  const sotto::data::Split split(log, sotto::data::SplitKind::leave_last_out);
  const std::atomic<bool> stop{true};
  CHECK(!sotto::fit::fit_memory_term(network(17), split, {.on_progress = {}, .stop = &stop}));
  const auto binary =
      sotto::test::random_fixed_model({17, 4, 4, 1, false, false, false, false, sotto::HeadKind::binary}, 3);
  CHECK(!sotto::fit::fit_memory_term(binary, split));
}
