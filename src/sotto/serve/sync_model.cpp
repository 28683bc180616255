#include <sotto/numeric/formats.hpp>
#include <sotto/serve/model_scratch.hpp>
#include <sotto/serve/sync_model.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <string_view>
#include <utility>
#include <vector>

namespace sotto::serve {
namespace {

constexpr std::uint64_t max_item_count = std::uint64_t{1} << 48U;

// The shares of a new user's list become counts of this many choices.
constexpr double popularity_choices = 1e9;

// The number after the line's last comma.
bool read_count(std::string_view text, std::uint64_t& count) {
  while (!text.empty() && (text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  return error == std::errc() && end == text.data() + text.size() && count <= max_item_count;
}

std::vector<std::uint64_t> counts_from_model(const ModelPointer& model) {
  ModelScratch scratch(model);
  auto session = scratch.session(scratch.nobody());
  const auto scores = session.base_scores();  // Q15.16
  const std::int32_t best = *std::ranges::max_element(scores);
  const double to_log_odds = static_cast<double>(model->personal().temperature() * score_unit);
  std::vector<double> weights;
  double sum = 0;
  for (const std::int32_t score : scores) {
    weights.push_back(std::exp((static_cast<double>(score) - static_cast<double>(best)) * to_log_odds));
    sum += weights.back();
  }
  std::vector<std::uint64_t> counts;
  // At least 1: it is not known which items training never saw.
  for (const double weight : weights) {
    counts.push_back(1 + static_cast<std::uint64_t>(weight / sum * popularity_choices));
  }
  return counts;
}

}  // namespace

Result<ItemCounts> read_item_counts(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) return Error{ErrorCode::io, fmt::format("the file of counts '{}' cannot be read", file.string())};
  ItemCounts counts;
  std::string line;
  for (std::size_t number = 1; std::getline(stream, line); ++number) {
    if (line.empty() || line == "\r") continue;
    const std::size_t comma = line.rfind(',');
    std::uint64_t count = 0;
    const bool is_pair =
        comma != std::string::npos && comma > 0 && read_count(std::string_view(line).substr(comma + 1), count);
    if (!is_pair) {
      if (number == 1) continue;
      return Error{ErrorCode::malformed, fmt::format("'{}', line {}: expected ITEM,COUNT", file.string(), number)};
    }
    counts[line.substr(0, comma)] += count;
  }
  if (stream.bad()) return Error{ErrorCode::io, fmt::format("the file of counts '{}' cannot be read", file.string())};
  return counts;
}

Result<aggregate::SyncModel> sync_model_of(const ModelPointer& model, std::uint32_t slots, const ItemCounts* counts) {
  const Catalogue& catalogue = model->catalogue();
  std::vector<std::uint64_t> by_item;
  if (counts == nullptr) {
    by_item = counts_from_model(model);
  } else {
    for (const std::string& id : catalogue.item_ids) {
      const auto found = counts->find(id);
      by_item.push_back(found == counts->end() ? 0 : found->second);
    }
  }
  double total = 0;
  for (const std::uint64_t count : by_item) total += static_cast<double>(count);
  if (total <= 0) return Error{ErrorCode::invalid_argument, "the file of counts has no item of the model"};
  auto map = sync::SlotMap::make(slots, by_item);
  if (!map) return std::move(map).error();
  std::vector<double> expected(slots);
  for (std::uint32_t slot = 1; slot < slots; ++slot) {
    const std::uint32_t item = map->item_of(slot);
    if (item < by_item.size()) expected[slot] = static_cast<double>(by_item[item]) / total;
  }
  return aggregate::SyncModel{model->name(),       model->fingerprint(), std::move(*map),
                              std::move(expected), catalogue.item_ids,   catalogue.titles};
}

}  // namespace sotto::serve
