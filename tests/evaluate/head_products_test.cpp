#include <sotto/base/random.hpp>
#include <sotto/evaluate/head_products.hpp>
#include <sotto/evaluate/model_rankers.hpp>
#include <sotto/runtime/float_session.hpp>

#include "../support/random_model.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

using namespace sotto;
using Catch::Approx;
using evaluate::HeadProducts;

namespace {

struct Head {
  MatrixF32 rows;
  std::vector<float> bias;
};

Head random_head(std::uint32_t items, std::uint32_t dim, Random& random) {
  Head head{MatrixF32(items, dim), std::vector<float>(items)};
  for (float& v : head.rows.values) v = 2 * random.uniform() - 1;
  for (float& v : head.bias) v = 8 * random.uniform() - 4;
  return head;
}

void fill_inputs(HeadProducts& products, std::size_t batch, Random& random) {
  for (std::size_t n = 0; n < batch; ++n) {
    for (float& v : products.input(n)) v = 2 * random.uniform() - 1;
  }
}

void check(HeadProducts& products, const Head& head, std::size_t batch) {
  const auto logits = products.logits(batch);
  const std::size_t items = head.rows.rows;
  REQUIRE(logits.size() == batch * items);
  for (std::size_t n = 0; n < batch; ++n) {
    for (std::size_t i = 0; i < items; ++i) {
      double sum = static_cast<double>(head.bias[i]);
      double size = std::abs(sum);
      for (std::size_t c = 0; c < head.rows.cols; ++c) {
        const double product = static_cast<double>(head.rows.row(i)[c]) * static_cast<double>(products.input(n)[c]);
        sum += product;
        size += std::abs(product);
      }
      // Many times the rounding of sums in float, which grows with the root of the number of terms.
      if (std::abs(static_cast<double>(logits[n * items + i]) - sum) > 1e-6 * size) {
        FAIL("input " << n << ", item " << i << ": " << logits[n * items + i] << ", expected " << sum);
      }
    }
  }
}

Architecture architecture(HeadKind head) {
  Architecture architecture{.items = 301, .embedding_dim = 12, .hidden_dim = 20, .layers = 2, .head = head};
  if (head == HeadKind::softmax) {
    architecture.skip_connection = architecture.history_term = architecture.count_expert = true;
  }
  return architecture;
}

}  // namespace

TEST_CASE("both implementations give the products of a double loop, at any size and batch") {
  const auto items = GENERATE(1U, 2U, 255U, 256U, 257U, 1031U);
  const auto dim = GENERATE(1U, 3U, 16U, 61U, 128U);
  Random random(items * 1000 + dim);
  const Head head = random_head(items, dim, random);
  std::vector<std::unique_ptr<HeadProducts>> implementations;
  implementations.push_back(evaluate::make_eigen_head_products(head.rows, head.bias));
  if (auto xnnpack = evaluate::make_xnnpack_head_products(head.rows, head.bias)) {
    implementations.push_back(std::move(xnnpack));
  }
  for (const auto& products : implementations) {
    for (const std::size_t batch : {std::size_t{1}, std::size_t{2}, std::size_t{7}, HeadProducts::max_batch}) {
      CAPTURE(items, dim, batch);
      fill_inputs(*products, batch, random);
      check(*products, head, batch);
    }
  }
}

TEST_CASE("the same batch gives the same bits, from other products of the same head too") {
  Random random(3);
  const Head head = random_head(700, 48, random);
  const auto first = evaluate::make_head_products(head.rows, head.bias);
  const auto second = evaluate::make_head_products(head.rows, head.bias);
  fill_inputs(*first, HeadProducts::max_batch, random);
  for (std::size_t n = 0; n < HeadProducts::max_batch; ++n) {
    std::ranges::copy(first->input(n), second->input(n).begin());
  }
  for (const std::size_t batch : {std::size_t{5}, HeadProducts::max_batch}) {
    const auto logits = first->logits(batch);
    const std::vector<float> expected(logits.begin(), logits.end());
    CHECK(std::ranges::equal(second->logits(batch), expected));
    CHECK(std::ranges::equal(first->logits(batch), expected));
  }
}

TEST_CASE("a float ranker scores what a float session does, in the order of the moments, at once and later") {
  const auto head = GENERATE(HeadKind::softmax, HeadKind::binary);
  const FloatModel model = test::random_float_model(architecture(head), 11);
  const std::uint32_t items = model.info.architecture.items;
  const auto ranker = evaluate::make_float_ranker(model.weights)->clone();
  FloatSession session(model.weights);
  std::vector<float> expected(items);
  std::vector<double> scores(items);
  const auto agrees = [items](const std::vector<double>& own, const std::vector<float>& other) {
    for (std::size_t i = 0; i < items; ++i) {
      if (own[i] != Approx(static_cast<double>(other[i])).margin(1e-4)) return false;
    }
    return true;
  };

  Random random(5);
  std::size_t received = 0;
  std::size_t asked = 0;
  for (int user = 0; user < 3; ++user) {
    ranker->reset();
    session.reset();
    for (int event = 0; event < 15; ++event) {
      session.scores(expected);
      ranker->scores_later(scores, [&, moment = asked++, expected] {
        CHECK(moment == received++);
        CHECK(agrees(scores, expected));
      });
      const ItemIndex item = random.below(event % 2 == 0 ? items : 5);
      ranker->observe(item);
      session.observe(item);
    }
  }
  ranker->finish();
  CHECK(received == asked);

  session.scores(expected);
  ranker->scores(scores);
  CHECK(agrees(scores, expected));
}
