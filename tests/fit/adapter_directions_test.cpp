#include "../support/random_model.hpp"

#include <sotto/fit/adapter_directions.hpp>
#include <sotto/model/memory_term.hpp>
#include <sotto/runtime/row_sum.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

TEST_CASE("the adapter's directions are of length one and across each other", "[fit][memory]") {
  for (const std::uint32_t dim : {5U, 40U}) {
    const auto model = sotto::test::random_fixed_model({101, dim, dim, 1, true, false}, 7);
    const sotto::Engine engine(model, 0);
    const auto directions = sotto::fit::adapter_directions(engine);
    const std::size_t rank = sotto::adapter_rank_of(dim);
    REQUIRE(directions.size() == rank * dim);
    for (std::size_t a = 0; a < rank; ++a) {
      for (std::size_t b = 0; b <= a; ++b) {
        double dot = 0;
        for (std::size_t c = 0; c < dim; ++c) {
          dot += static_cast<double>(directions[a * dim + c]) * static_cast<double>(directions[b * dim + c]);
        }
        CHECK(std::abs(dot / (127.0 * 127.0) - (a == b ? 1 : 0)) < 0.05);
      }
    }
    CHECK(sotto::fit::adapter_directions(engine) == directions);
  }
}

TEST_CASE("rows lie along the first directions most", "[fit][memory]") {
  const auto model = sotto::test::random_fixed_model({101, 40, 40, 1, true, false}, 8);
  const sotto::Engine engine(model, 0);
  const auto directions = sotto::fit::adapter_directions(engine);
  std::vector<double> along(sotto::adapter_rank_of(40));
  sotto::RowSum rows(engine);
  for (std::size_t item = 0; item < 101; ++item) {
    rows.clear();
    rows.add(item, 1.0F);
    const auto row = rows.total();
    for (std::size_t a = 0; a < along.size(); ++a) {
      double dot = 0;
      for (std::size_t c = 0; c < 40; ++c) dot += static_cast<double>(row[c]) * directions[a * 40 + c];
      along[a] += dot * dot;
    }
  }
  for (std::size_t a = 1; a < along.size(); ++a) CHECK(along[a] < 1.02 * along[a - 1]);
}
