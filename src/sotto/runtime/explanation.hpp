// Why an item is recommended: which of the user's own events moved its logit, and by how much.
#pragma once

#include <sotto/model/item_index.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

class Engine;

inline constexpr std::size_t max_explained_events = 50;

// What one event did for an item. All logits Q15.16, signed.
struct EventContribution {
  ItemIndex item;        // that the event was about
  std::uint32_t age;     // events since; 0 is the latest
  std::int32_t logit;    // with all events, less without this one
  std::int32_t history;  // of that, through the history term
  std::int32_t counts;   // of that, through the count expert; the rest is through the network
};

// The contributions of the latest max_explained_events events, largest first, of equal ones the later event first.
// Each is what the item's logit would lack had the event not been: the others are observed again without it, so that
// what the network makes of their order counts, too. Costs events.size() steps, and for n events explained another
// n · (n + 1) / 2 and n head products; allocates. Precondition: item and events are items of the engine.
[[nodiscard]] std::vector<EventContribution> explain(const Engine& engine, std::span<const ItemIndex> events,
                                                     ItemIndex item);

}  // namespace sotto
