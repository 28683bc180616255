#include <sotto/app/calibration.hpp>

#include "../evaluate/toy_log.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <vector>

using namespace sotto;

TEST_CASE("a log is translated to a model's items, and unknown items are left out") {
  const auto log = test::toy_log({"axb", "xx", "ba"});
  Catalogue catalogue;
  catalogue.item_ids = {"b", "z", "a"};
  const auto translated = app::in_indices_of(catalogue, log);
  CHECK(translated.item_ids == std::vector<std::string>{"b", "z", "a"});
  CHECK(translated.item == std::vector<ItemIndex>{2, 0, 0, 2});
  CHECK(translated.timestamp == std::vector<std::int64_t>{0, 2, 0, 1});
  CHECK(translated.user_begin == std::vector<std::size_t>{0, 2, 2, 4});
}

TEST_CASE("a model without a training log takes any log of its items") {
  TrainingRecord training;
  CHECK(app::knows_no_log(training));
  training.log.events = 1;
  CHECK_FALSE(app::knows_no_log(training));
}
