// Adds items to a model without training. An added item begins with the mean vector of its category, so that people who
// like the category may get it. Its popularity is the lowest of the catalogue, until a trend (personal/trend.hpp) or
// the next training says more. All other weights stay, so that the scores of the known items do not change.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/fixed_model.hpp>

#include <cstdint>

namespace sotto {

struct ExtendedModel {
  FixedModel model;
  std::uint32_t added = 0;
  std::uint32_t with_category = 0;  // added items whose category has a known item; the others begin with zeros
};

// catalogue: the model's item ids in their order, followed by the added ones, with their columns. Fails with mismatch
// if it begins with other ids, with out_of_range beyond max_items, and with unsupported for a model with a binary head,
// which has no popularity of items.
[[nodiscard]] Result<ExtendedModel> extend_model(const FixedModel& model, Catalogue catalogue);

}  // namespace sotto
