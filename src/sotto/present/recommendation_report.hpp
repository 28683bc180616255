// The result of 'sotto recommend' as text for a terminal and as JSON.
#pragma once

#include <sotto/model/catalogue.hpp>
#include <sotto/report/json.hpp>
#include <sotto/runtime/explanation.hpp>
#include <sotto/runtime/top_k.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace sotto::present {

struct RecommendedItem {
  ScoredItem scored;
  std::vector<EventContribution> reasons;  // the user's events that raise the item most, the largest first
};

struct RecommendationReport {
  std::string model_file;
  std::vector<ItemIndex> events;             // of the user, oldest first
  std::vector<std::string> unknown_items;    // events that the model has no item for
  std::vector<RecommendedItem> items;        // the best first
};

// The catalogue is that of the model.
[[nodiscard]] std::string to_text(const RecommendationReport& report, const Catalogue& catalogue);
[[nodiscard]] report::Json to_json(const RecommendationReport& report, const Catalogue& catalogue);

}  // namespace sotto::present
