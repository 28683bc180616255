#include <sotto/evaluate/limits.hpp>

#include "../data/log_text.hpp"
#include "toy_log.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace sotto;
using data::Split;
using data::SplitKind;

namespace {

bool says(const std::vector<std::string>& notes, const std::string& part) {
  for (const std::string& note : notes) {
    if (note.find(part) != std::string::npos) return true;
  }
  return false;
}

// Users u0, u1, … with three events each; the last two are in the same second if `tied`.
data::Interactions log_of(int users, int tied, int seconds_between_users) {
  std::string text = "user_id,item_id,timestamp\n";
  for (int user = 0; user < users; ++user) {
    const int begin = 1000 + user * seconds_between_users;
    const std::string id = "u" + std::to_string(user);
    text += id + ",a," + std::to_string(begin) + "\n" + id + ",b," + std::to_string(begin + 10) + "\n" + id + ",c," +
            std::to_string(begin + (user < tied ? 10 : 20)) + "\n";
  }
  auto log = test::read_text(text);
  REQUIRE(log.ok());
  return *std::move(log);
}

}  // namespace

TEST_CASE("targets in the same second as the event before them are counted, and said when there are many") {
  const auto log = log_of(300, 30, 0);
  const Split split(log, SplitKind::leave_last_out);
  CHECK(evaluate::count_tied_targets(split) == 30);
  CHECK(says(evaluate::limits_in_words(split), "10 % of the targets are in the same second as the event before them"));
  const auto few_ties = log_of(300, 10, 0);
  CHECK(evaluate::limits_in_words(Split(few_ties, SplitKind::leave_last_out)).empty());
}

TEST_CASE("few targets are said") {
  const auto few = log_of(199, 0, 0);
  CHECK(says(evaluate::limits_in_words(Split(few, SplitKind::leave_last_out)), "there are only 199 targets"));
  const auto enough = log_of(200, 0, 0);
  CHECK(evaluate::limits_in_words(Split(enough, SplitKind::leave_last_out)).empty());
  CHECK(evaluate::limits_in_words(Split(few, SplitKind::none)).empty());
}

TEST_CASE("training events from after the targets are said, and a temporal split has none") {
  const auto log = log_of(300, 0, 1000);
  CHECK(says(evaluate::limits_in_words(Split(log, SplitKind::leave_last_out)),
             "50 % of the training events are later than the median target"));
  CHECK_FALSE(says(evaluate::limits_in_words(Split(log, SplitKind::temporal)), "later than the median target"));
}
