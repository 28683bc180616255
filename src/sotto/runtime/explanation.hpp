// Why an item is recommended: which of the user's own events moved its logit, and by how much.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/item_index.hpp>
#include <sotto/runtime/engine.hpp>
#include <sotto/runtime/user_state.hpp>
#include <sotto/runtime/workspace.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

inline constexpr std::size_t max_explained_events = 50;

// What one event did for an item. All logits Q15.16, signed.
struct EventContribution {
  ItemIndex item;        // of the event
  std::uint32_t age;     // events since; 0 is the latest
  std::int32_t logit;    // with all events, less without this one
  std::int32_t history;  // the part of it that the history term gives
  std::int32_t counts;   // the part of it that the count expert gives; the rest is the network's
};

// The contributions of the latest max_explained_events of the events: the largest first, of equal ones the later event
// first. A contribution is what the item's logit would lack without the event. The other events are observed again
// without it, so that what the network makes of their order counts, too. For N events, n of them explained, this costs
// N + n · (n + 1) / 2 steps and n head products. It allocates. The workspace is one of this engine's.
// Precondition: item and events are items of the catalogue.
[[nodiscard]] std::vector<EventContribution> explain(const Engine& engine, std::span<const ItemIndex> events,
                                                     ItemIndex item, Workspace& workspace);

// The same for a user's remembered events. Fails with unknown_item.
[[nodiscard]] Result<std::vector<EventContribution>> why(const Engine& engine, const UserState& state, ItemIndex item,
                                                         Workspace& workspace);

}  // namespace sotto
