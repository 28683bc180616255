// A network that has seen a log once, for tests of what is fitted on top of it.
#pragma once

#include "../support/small_logs.hpp"

#include <sotto/train/train.hpp>

#include <catch2/catch_test_macros.hpp>

#include <utility>

namespace sotto::test {

inline FloatModel small_network(const data::Interactions& log, const data::Split& split) {
  train::TrainOptions options;
  options.embedding_dim = options.hidden_dim = 4;
  options.max_epochs = 1;
  auto model = train::train(split, catalogue_of(log), options, {});
  REQUIRE(model.ok());
  return *std::move(model);
}

}  // namespace sotto::test
