// A ranked list as JSON.
#pragma once

#include <sotto/serve/deployment.hpp>
#include <sotto/serve/ranking.hpp>

#include <nlohmann/json_fwd.hpp>

namespace sotto::serve {

inline constexpr std::size_t max_reasons = 5;  // events that an answer names for an item

// {"recommendations": [{"id", "title"?, "score", "because"?: [{"id", "logit"}]}], "model": {"name", "version"},
// "unknown_items"}. Scores are logits. `because` has the events that speak most for the item.
[[nodiscard]] nlohmann::json list_document(const RankedList& list, const LoadedModel& model);

}  // namespace sotto::serve
