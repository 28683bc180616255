// The baselines on the public logs in $SOTTO_DATA_DIR, against figures measured once; a change of these
// figures changes what every model is compared with.
#include <sotto/data/read_interactions.hpp>
#include <sotto/evaluate/arms.hpp>
#include <sotto/evaluate/evaluate.hpp>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

using namespace sotto;
using Catch::Approx;

TEST_CASE("the baselines reach their figures on the public logs") {
  const char* folder = std::getenv("SOTTO_DATA_DIR");
  if (folder == nullptr || *folder == '\0') SKIP("SOTTO_DATA_DIR is not set");
  struct Row {
    const char* name;
    bool never_repeats;
    // popularity, recent_popularity, markov, sequential_knn, item_knn; frequency, recency, past_and_knn
    std::vector<double> ndcg10;
  };
  const std::vector<Row> rows = {
      {"entree-chicago", false, {0.0346, 0.0332, 0.4022, 0.3989, 0.3279, 0.1665, 0.1686, 0.3989}},
      {"movielens-1m", true, {0.0180, 0.0148, 0.1259, 0.1550, 0.1131}},
      {"movietweetings-100k", true, {0.0733, 0.0957, 0.0955, 0.1158, 0.0749}},
      {"online-retail", false, {0.0216, 0.0218, 0.2011, 0.2091, 0.1790, 0.0445, 0.0305, 0.2122}}};
  for (const Row& row : rows) {
    CAPTURE(row.name);
    data::ReadReport report;
    const auto log =
        data::read_interactions({std::filesystem::path(folder) / row.name / "interactions.csv.gz"}, {}, report);
    REQUIRE(log.ok());
    const data::Split split(*log, data::SplitKind::leave_last_out);
    CHECK(data::history_never_repeats(split) == row.never_repeats);
    const auto arms = evaluate::baseline_arms(split, split, row.never_repeats);
    const auto evaluation =
        evaluate::evaluate(split, arms, {.cutoffs = {10}, .exclude_history = row.never_repeats}, {});
    REQUIRE(evaluation.ok());
    REQUIRE(arms.size() == row.ndcg10.size());
    for (std::size_t arm = 0; arm < arms.size(); ++arm) {
      CAPTURE(arms[arm].name);
      CHECK(evaluation->arms[arm].accuracy.ndcg[0].value == Approx(row.ndcg10[arm]).margin(0.0001));
    }
  }
}
