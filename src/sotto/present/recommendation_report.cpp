#include <sotto/present/recommendation_report.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace sotto::present {
namespace {

using report::Json;

double logit(std::int32_t q15_16) noexcept { return q15_16 / 65536.0; }

const std::string& title_of(const Catalogue& catalogue, ItemIndex item) noexcept {
  static const std::string none;
  return catalogue.titles.empty() ? none : catalogue.titles[item];
}

std::string name_of(const Catalogue& catalogue, ItemIndex item) {
  const std::string& title = title_of(catalogue, item);
  return title.empty() ? catalogue.item_ids[item] : fmt::format("{} ({})", title, catalogue.item_ids[item]);
}

}  // namespace

std::string to_text(const RecommendationReport& report, const Catalogue& catalogue) {
  std::string text = report.events.empty() ? "a user without events:\n"
                                           : fmt::format("after {} event{}:\n", report.events.size(),
                                                         report.events.size() == 1 ? "" : "s");
  for (std::size_t rank = 0; rank < report.items.size(); ++rank) {
    const RecommendedItem& item = report.items[rank];
    text += fmt::format("{:>3}  {}  score {:.2f}\n", rank + 1, name_of(catalogue, item.scored.item),
                        logit(item.scored.score));
    std::string reasons;
    for (const EventContribution& reason : item.reasons) {
      reasons += fmt::format("{}{} ({:+.2f})", reasons.empty() ? "" : ", ", name_of(catalogue, reason.item),
                             logit(reason.logit));
    }
    if (!reasons.empty()) text += fmt::format("       because of {}\n", reasons);
  }
  if (report.items.empty()) text += "  nothing: every item is left out\n";
  return text;
}

Json to_json(const RecommendationReport& report, const Catalogue& catalogue) {
  const auto describe = [&](ItemIndex item) {
    Json json = Json::object({{"item", catalogue.item_ids[item]}});
    if (const std::string& title = title_of(catalogue, item); !title.empty()) json.set("title", title);
    return json;
  };
  Json items = Json::array();
  for (const RecommendedItem& item : report.items) {
    Json json = describe(item.scored.item);
    json.set("score", logit(item.scored.score));
    Json reasons = Json::array();
    for (const EventContribution& reason : item.reasons) {
      Json why = describe(reason.item);
      why.set("events_ago", reason.age);
      why.set("contribution", logit(reason.logit));
      reasons.push_back(why);
    }
    json.set("why", reasons);
    items.push_back(json);
  }
  Json events = Json::array();
  for (const ItemIndex item : report.events) events.push_back(catalogue.item_ids[item]);
  return Json::object({{"model", report.model_file},
                       {"events", events},
                       {"unknown_items", Json::array_of(report.unknown_items)},
                       {"items", items}});
}

}  // namespace sotto::present
