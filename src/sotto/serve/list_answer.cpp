#include <sotto/numeric/formats.hpp>
#include <sotto/serve/list_answer.hpp>

#include <nlohmann/json.hpp>

#include <utility>

namespace sotto::serve {
namespace {

double logit_of(std::int32_t score) { return static_cast<double>(score) / (1 << score_bits); }

nlohmann::json reasons_document(const std::vector<EventContribution>& reasons, const Catalogue& catalogue) {
  auto document = nlohmann::json::array();
  for (const EventContribution& reason : reasons) {
    if (document.size() == max_reasons || reason.logit <= 0) break;
    document.push_back({{"id", catalogue.item_ids[reason.item]}, {"logit", logit_of(reason.logit)}});
  }
  return document;
}

}  // namespace

nlohmann::json list_document(const RankedList& list, const LoadedModel& model) {
  const Catalogue& catalogue = model.catalogue();
  auto items = nlohmann::json::array();
  for (std::size_t rank = 0; rank < list.items.size(); ++rank) {
    const auto [item, score] = list.items[rank];
    nlohmann::json entry{{"id", catalogue.item_ids[item]}, {"score", logit_of(score)}};
    if (!catalogue.titles.empty() && !catalogue.titles[item].empty()) entry["title"] = catalogue.titles[item];
    if (!list.reasons.empty()) entry["because"] = reasons_document(list.reasons[rank], catalogue);
    items.push_back(std::move(entry));
  }
  return {{"recommendations", std::move(items)},
          {"model", {{"name", model.name()}, {"version", model.version()}}},
          {"unknown_items", list.unknown_items}};
}

}  // namespace sotto::serve
