#include <sotto/evaluate/metrics.hpp>
#include <sotto/evaluate/popularity.hpp>
#include <sotto/evaluate/slices.hpp>

#include <algorithm>
#include <array>

namespace sotto::evaluate {
namespace {

struct HistoryBand {
  std::string_view name;
  std::size_t longest;  // events before the target
};
constexpr std::array<HistoryBand, 6> history_bands = {
    {{"1–2", 2}, {"3–5", 5}, {"6–10", 10}, {"11–20", 20}, {"21–50", 50}, {"51+", ~std::size_t{0}}}};
constexpr std::array<std::string_view, 4> popularity_names = {"head", "mid", "tail", "never in training"};
constexpr std::array<std::string_view, 2> repeat_names = {"new item", "repeat item"};

constexpr std::size_t popularity_at = history_bands.size();
constexpr std::size_t repeat_at = popularity_at + popularity_names.size();

std::vector<Slice> empty_slices(std::size_t arms) {
  std::vector<Slice> slices;
  const auto add = [&](std::string_view dimension, std::string_view name) {
    slices.push_back(
        {.dimension = dimension, .name = name, .hr = std::vector<double>(arms), .ndcg = std::vector<double>(arms)});
  };
  for (const HistoryBand& band : history_bands) add("history", band.name);
  for (const std::string_view name : popularity_names) add("popularity", name);
  for (const std::string_view name : repeat_names) add("repeat", name);
  return slices;
}

}  // namespace

std::vector<Slice> slice_targets(const data::Split& split, std::span<const data::Target> targets,
                                 const Rankings& rankings) {
  std::vector<Slice> slices = empty_slices(rankings.arms);
  const std::vector<PopularityClass> popularity = popularity_classes(training_counts(split));
  for (std::size_t place = 0; place < targets.size(); ++place) {
    const auto& [user, event] = targets[place];
    const auto items = split.log().items_of(user);
    const auto band = std::ranges::find_if(history_bands, [&](const auto& b) { return event <= b.longest; });
    const bool repeat =
        std::ranges::find(items.first(event), items[event]) != items.begin() + static_cast<std::ptrdiff_t>(event);
    const std::array<std::size_t, 3> own = {static_cast<std::size_t>(band - history_bands.begin()),
                                            popularity_at + static_cast<std::size_t>(popularity[items[event]]),
                                            repeat_at + static_cast<std::size_t>(repeat)};
    for (const std::size_t slice : own) {
      ++slices[slice].targets;
      for (std::size_t arm = 0; arm < rankings.arms; ++arm) {
        const std::uint32_t rank = rankings.rank(place, arm);
        slices[slice].hr[arm] += hit_rate(rank, slice_cutoff);
        slices[slice].ndcg[arm] += ndcg(rank, slice_cutoff);
      }
    }
  }
  for (Slice& slice : slices) {
    for (auto* sums : {&slice.hr, &slice.ndcg}) {
      for (double& value : *sums) value /= static_cast<double>(slice.targets);
    }
  }
  return slices;
}

}  // namespace sotto::evaluate
