#include <sotto/model/extend_model.hpp>
#include <sotto/numeric/weights_s4.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sotto {
namespace {

constexpr double max_weight_s8 = 127;
constexpr double max_weight_s4 = 7;

// The known items of each category.
using Categories = std::map<std::string, std::vector<std::uint32_t>, std::less<>>;

Categories categories_of(const FixedModel& model) {
  Categories categories;
  const auto& names = model.info.catalogue.categories;
  for (std::uint32_t item = 0; item < names.size(); ++item) {
    if (!names[item].empty()) categories[names[item]].push_back(item);
  }
  return categories;
}

// The mean of some rows, in units of a multiplier. `weight(row, column)` gives the stored weight.
template <class Weight>
std::vector<double> mean_row(std::span<const std::uint32_t> rows, std::uint32_t columns,
                             std::span<const std::int32_t> multiplier, Weight weight) {
  std::vector<double> mean(columns);
  for (const std::uint32_t row : rows) {
    for (std::uint32_t column = 0; column < columns; ++column) {
      mean[column] += static_cast<double>(weight(row, column)) * multiplier[row] / static_cast<double>(rows.size());
    }
  }
  return mean;
}

// A row as weights and their multiplier. A row of zeros has the multiplier 1.
struct QuantizedRow {
  std::vector<std::int32_t> weights;
  std::int32_t multiplier = 1;
};

QuantizedRow quantized(std::span<const double> row, double max_weight) {
  double largest = 0;
  for (const double value : row) largest = std::max(largest, std::abs(value));
  QuantizedRow result{std::vector<std::int32_t>(row.size()), 1};
  // The mean is not longer than its longest row, so that the multiplier fits.
  result.multiplier = std::max(1, static_cast<std::int32_t>(std::lround(largest / max_weight)));
  for (std::size_t column = 0; column < row.size(); ++column) {
    const double weight = std::clamp(row[column] / result.multiplier, -max_weight, max_weight);
    result.weights[column] = static_cast<std::int32_t>(std::lround(weight));
  }
  return result;
}

WeightValues with_rows(std::span<const std::int8_t> values, const std::vector<std::int8_t>& added) {
  std::vector<std::int8_t> all(values.begin(), values.end());
  all.insert(all.end(), added.begin(), added.end());
  return all;
}

// Collects the added rows of a model's item tables.
class Extension {
 public:
  explicit Extension(const FixedModel& model) : model_(model), categories_(categories_of(model)) {
    const auto& bias = model.weights.head_bias;
    lowest_bias_ = *std::ranges::min_element(bias);
  }

  // Returns whether the category has a known item.
  bool add(const std::string& category) {
    const auto found = category.empty() ? categories_.end() : categories_.find(category);
    const bool is_known = found != categories_.end();
    const std::span<const std::uint32_t> rows =
        is_known ? std::span<const std::uint32_t>(found->second) : std::span<const std::uint32_t>();
    const FixedWeights& weights = model_.weights;
    QuantizedRow head = head_row(rows);
    head_multiplier_.push_back(head.multiplier);
    head_bias_.push_back(lowest_bias_);
    const bool tied = model_.info.architecture.tied_head;
    if (weights.head_bits() == 4) {
      head_s4_.push_back(head.weights);
    } else if (!tied) {
      append(head_, head.weights);
    }
    if (tied) {
      // One row of weights serves both tables, each with its own multiplier.
      embedding_multiplier_.push_back(tied_embedding_multiplier(rows, head.multiplier));
      if (weights.head_bits() == 8) append(embedding_, head.weights);
    } else {
      const MatrixS8& table = weights.embedding;
      const QuantizedRow row = quantized(
          mean_row(rows, table.cols, table.multiplier, [&](auto r, auto c) { return table.row(r)[c]; }), max_weight_s8);
      embedding_multiplier_.push_back(row.multiplier);
      append(embedding_, row.weights);
    }
    return is_known;
  }

  void apply(FixedModel& to) const {
    FixedWeights& weights = to.weights;
    const auto added = static_cast<std::uint32_t>(head_bias_.size());
    weights.embedding.rows += added;
    weights.embedding.values = with_rows(weights.embedding.values.span(), embedding_);
    append(weights.embedding.multiplier, embedding_multiplier_);
    if (!weights.head.empty()) weights.head = with_rows(weights.head.span(), head_);
    append(weights.head_multiplier, head_multiplier_);
    append(weights.head_bias, head_bias_);
    if (weights.head_bits() == 4) {
      MatrixS4 table(weights.head_s4.rows + added, weights.head_s4.cols);
      std::ranges::copy(weights.head_s4.bytes.span(), &table.bytes[0]);
      for (std::uint32_t n = 0; n < added; ++n) {
        for (std::size_t c = 0; c < head_s4_[n].size(); ++c) table.set(weights.head_s4.rows + n, c, head_s4_[n][c]);
      }
      weights.head_s4 = std::move(table);
    }
    if (weights.counts) {
      // Nothing followed them yet.
      weights.counts->begin.insert(weights.counts->begin.end(), added, weights.counts->begin.back());
      weights.counts->multiplier.insert(weights.counts->multiplier.end(), added, 1);
    }
    to.info.architecture.items += added;
  }

 private:
  template <class To, class From>
  static void append(std::vector<To>& to, const std::vector<From>& from) {
    for (const From value : from) to.push_back(static_cast<To>(value));
  }

  [[nodiscard]] QuantizedRow head_row(std::span<const std::uint32_t> rows) const {
    const FixedWeights& weights = model_.weights;
    const std::uint32_t columns = model_.info.architecture.hidden_dim;
    if (weights.head_bits() == 4) {
      const MatrixS4& table = weights.head_s4;
      return quantized(mean_row(rows, columns, weights.head_multiplier,
                                [&](auto r, auto c) { return weight_s4(table.row(r), table.stride(), c); }),
                       max_weight_s4);
    }
    const auto values = weights.head_values();
    return quantized(mean_row(rows, columns, weights.head_multiplier,
                              [&](auto r, auto c) { return values[std::size_t{r} * columns + c]; }),
                     max_weight_s8);
  }

  // The ratio of both multipliers is the same for all rows of a tied table, up to rounding.
  [[nodiscard]] std::int32_t tied_embedding_multiplier(std::span<const std::uint32_t> rows, std::int32_t head) const {
    if (rows.empty()) return 1;
    double ratio = 0;
    for (const std::uint32_t row : rows) {
      ratio += static_cast<double>(model_.weights.embedding.multiplier[row]) /
               static_cast<double>(model_.weights.head_multiplier[row]) / static_cast<double>(rows.size());
    }
    const auto largest = static_cast<double>(*std::ranges::max_element(model_.weights.embedding.multiplier));
    return static_cast<std::int32_t>(std::lround(std::clamp(ratio * head, 1.0, largest)));
  }

  const FixedModel& model_;
  Categories categories_;
  std::int32_t lowest_bias_ = 0;
  std::vector<std::int8_t> embedding_;
  std::vector<std::int32_t> embedding_multiplier_;
  std::vector<std::int8_t> head_;
  std::vector<std::vector<std::int32_t>> head_s4_;
  std::vector<std::int32_t> head_multiplier_;
  std::vector<std::int32_t> head_bias_;
};

}  // namespace

Result<ExtendedModel> extend_model(const FixedModel& model, Catalogue catalogue) {
  const auto& known = model.info.catalogue.item_ids;
  if (model.info.architecture.head != HeadKind::softmax) {
    return Error{ErrorCode::unsupported,
                 "a model with a binary head cannot be extended: it has no popularity of items"};
  }
  if (catalogue.item_ids.size() < known.size() || !std::equal(known.begin(), known.end(), catalogue.item_ids.begin())) {
    return Error{ErrorCode::mismatch, "the extended catalogue does not begin with the model's items"};
  }
  if (catalogue.item_ids.size() > max_items) {
    return Error{ErrorCode::out_of_range, "the extended catalogue has " + std::to_string(catalogue.item_ids.size()) +
                                              " items, the limit is " + std::to_string(max_items)};
  }
  Extension extension(model);
  ExtendedModel extended{model, 0, 0};
  for (std::size_t item = known.size(); item < catalogue.item_ids.size(); ++item) {
    const std::string category = catalogue.categories.empty() ? std::string() : catalogue.categories[item];
    ++extended.added;
    if (extension.add(category)) ++extended.with_category;
  }
  extension.apply(extended.model);
  extended.model.info.catalogue = std::move(catalogue);
  return extended;
}

}  // namespace sotto
