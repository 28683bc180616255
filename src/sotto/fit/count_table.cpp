#include <sotto/fit/count_table.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace sotto::fit {
namespace {

// The table's max value after scaling, in units of 2^-count_bits. Sums of 16 events stay below 2^29, and small values
// keep their precision.
constexpr double max_value = 8.0 * (1 << count_bits);
constexpr double weight_max = 255;

// An item's company: the items that came most often within 10 events of it, before or after. More of them took memory
// and gained nothing.
constexpr CountTableOptions company_options{
    .neighbors = 20, .window = 10, .gap_decay = 0.8, .backward = 1, .source_power = 0};

// The places of each item's training events in the log.
struct EventIndex {
  std::span<const ItemIndex> items;   // all events, including held-out ones
  std::vector<bool> starts;           // true at a user's first training event
  std::vector<bool> ends;             // true at a user's last
  std::vector<std::uint64_t> begin;   // [items + 1], into places
  std::vector<std::uint32_t> places;  // rows of the log, ascending for each item; data::max_events limits them
};

EventIndex index_events(const data::Split& split, std::span<const std::uint64_t> item_count) {
  const data::Interactions& log = split.log();
  EventIndex index;
  index.items = log.item;
  index.starts.resize(log.events());
  index.ends.resize(log.events());
  index.begin.assign(item_count.size() + 1, 0);
  std::partial_sum(item_count.begin(), item_count.end(), index.begin.begin() + 1);
  index.places.resize(index.begin.back());
  std::vector<std::uint64_t> next(index.begin.begin(), index.begin.end() - 1);
  for (std::size_t user = 0; user < log.users(); ++user) {
    const std::size_t begin = log.user_begin[user];
    const std::size_t end = begin + split.training_items(user).size();
    if (begin == end) continue;
    index.starts[begin] = true;
    index.ends[end - 1] = true;
    for (std::size_t row = begin; row < end; ++row) {
      index.places[next[log.item[row]]++] = static_cast<std::uint32_t>(row);
    }
  }
  return index;
}

struct Neighbor {
  ItemIndex item;
  double value;
};

// What adds to the pairs: `weight` times the cosine of two items. Null or empty: nothing.
struct SimilarityTerm {
  const ContentSimilarity* similarity;
  double weight;
};

// Counts one item's row, heaviest first (ties: the lower index). It keeps its buffers from row to row.
class RowCounter {
 public:
  RowCounter(const EventIndex& events, std::span<const std::uint64_t> item_count, const CountTableOptions& options,
             std::span<const SimilarityTerm> similar = {})
      : events_(events), item_count_(item_count), options_(options), similar_(similar), sum_(item_count.size()) {}

  const std::vector<Neighbor>& row(ItemIndex from) {
    touched_.clear();
    for (std::uint64_t i = events_.begin[from]; i < events_.begin[from + 1]; ++i) {
      add_forward(events_.places[i]);
      if (options_.backward > 0) add_backward(events_.places[i]);
    }
    for (const auto& [similarity, weight] : similar_) {
      if (weight <= 0 || similarity == nullptr || similarity->empty()) continue;
      similarity->for_each_part(from,
                                [this, weight = weight](ItemIndex item, double part) { add(item, weight * part); });
    }
    row_.clear();
    const auto events_of = [this](ItemIndex item) {
      return static_cast<double>(std::max<std::uint64_t>(1, item_count_[item]));
    };
    const double scale = std::pow(events_of(from), -options_.source_power);
    for (const ItemIndex item : touched_) {
      // The history term covers the item itself.
      if (item != from) row_.push_back({item, sum_[item] * scale * std::pow(events_of(item), -options_.target_power)});
      sum_[item] = 0;
    }
    const auto heavier = [](const Neighbor& a, const Neighbor& b) {
      return a.value != b.value ? a.value > b.value : a.item < b.item;
    };
    const auto kept = std::min<std::size_t>(row_.size(), options_.neighbors);
    std::ranges::partial_sort(row_, row_.begin() + static_cast<std::ptrdiff_t>(kept), heavier);
    row_.resize(kept);
    return row_;
  }

 private:
  void add(ItemIndex item, double value) {
    if (sum_[item] == 0) touched_.push_back(item);
    sum_[item] += value;
  }
  void add_forward(std::size_t place) {
    double value = 1;
    for (std::size_t g = 1; g <= options_.window && !events_.ends[place + g - 1]; ++g) {
      add(events_.items[place + g], value);
      value *= options_.gap_decay;
    }
  }
  void add_backward(std::size_t place) {
    double value = options_.backward;
    for (std::size_t g = 1; g <= options_.window && !events_.starts[place - g + 1]; ++g) {
      add(events_.items[place - g], value);
      value *= options_.gap_decay;
    }
  }

  const EventIndex& events_;
  std::span<const std::uint64_t> item_count_;
  const CountTableOptions& options_;
  std::span<const SimilarityTerm> similar_;
  std::vector<double> sum_;  // [items], all 0 between rows
  std::vector<ItemIndex> touched_;
  std::vector<Neighbor> row_;
};

// Returns each item's company as its features. The squares of the pairs keep chance meetings small. On the validation
// targets of a sparse public log they did better than the pairs themselves and their cubes. It is incomplete if `stop`
// was set during the call.
train::ItemFeatures company_features(const EventIndex& events, std::span<const std::uint64_t> item_count,
                                     const std::atomic<bool>* stop) {
  RowCounter counter(events, item_count, company_options);
  train::ItemFeatures features{.columns = item_count.size(), .begin = {0}, .column = {}, .value = {}};
  for (std::size_t item = 0; item < item_count.size(); ++item) {
    if (stop == nullptr || !stop->load(std::memory_order_relaxed)) {
      for (const auto& [other, pairs] : counter.row(static_cast<ItemIndex>(item))) {
        features.column.push_back(other);
        features.value.push_back(static_cast<float>(pairs * pairs));
      }
    }
    features.begin.push_back(features.column.size());
  }
  return features;
}

// Converts floating-point rows to 8-bit weights with a multiplier for each row.
void quantize_rows(const std::vector<std::vector<Neighbor>>& rows, CountExpert& expert) {
  double largest = 0;
  for (const auto& row : rows) largest = row.empty() ? largest : std::max(largest, row.front().value);
  const double scale = largest > 0 ? max_value / largest : 1;
  expert.begin.push_back(0);
  for (const auto& row : rows) {
    const double peak = row.empty() ? 0 : row.front().value * scale;
    const double multiplier = std::clamp(std::ceil(peak / weight_max), 1.0, double{max_count_multiplier});
    std::vector<std::pair<ItemIndex, std::uint8_t>> entries;
    for (const auto& [item, value] : row) {
      const double weight = std::min(std::nearbyint(value * scale / multiplier), weight_max);
      if (weight >= 1) entries.emplace_back(item, static_cast<std::uint8_t>(weight));
    }
    std::ranges::sort(entries);
    for (const auto& [item, weight] : entries) {
      expert.neighbor.push_back(item);
      expert.weight.push_back(weight);
    }
    expert.multiplier.push_back(static_cast<std::int32_t>(multiplier));
    expert.begin.push_back(static_cast<std::uint32_t>(expert.neighbor.size()));
  }
}

}  // namespace

CountExpert make_count_table(const data::Split& split, const CountTableOptions& options,
                             const ContentSimilarity* content, const std::atomic<bool>* stop) {
  const auto item_count = data::training_counts(split);
  const EventIndex events = index_events(split, item_count);
  const ContentSimilarity company(options.company_pairs > 0 ? company_features(events, item_count, stop)
                                                            : train::ItemFeatures{});
  const SimilarityTerm similar[] = {{content, options.content_pairs}, {&company, options.company_pairs}};
  RowCounter counter(events, item_count, options, similar);
  std::vector<std::vector<Neighbor>> rows(item_count.size());
  for (std::size_t item = 0; item < rows.size(); ++item) {
    if (stop != nullptr && stop->load(std::memory_order_relaxed)) break;
    rows[item] = counter.row(static_cast<ItemIndex>(item));
  }
  CountExpert expert;
  quantize_rows(rows, expert);
  for (std::size_t age = 0; age < expert.decay.size(); ++age) {
    const double decay = std::pow(options.history_decay, static_cast<double>(age));
    expert.decay[age] = static_cast<std::int32_t>(std::nearbyint(std::ldexp(decay, count_decay_bits)));
  }
  return expert;
}

}  // namespace sotto::fit
