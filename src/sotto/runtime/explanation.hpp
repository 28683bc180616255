// Explains a recommendation: which of the user's own events changed the item's logit, and by how much.
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

// The contribution of one event to an item. All logits are signed Q15.16.
struct EventContribution {
  ItemIndex item;        // the event's item
  std::uint32_t age;     // number of later events; 0 is the latest event
  std::int32_t logit;    // the logit with all events minus the logit without this one
  std::int32_t history;  // the share of `logit` that comes from the history term
  std::int32_t counts;   // the share of `logit` that comes from the count expert; the network gives the rest
};

// Returns the contributions of the latest max_explained_events events. The largest comes first; among equal ones, the
// later event comes first. A contribution is the item's logit minus its logit without the event. The other events are
// observed again without that event, so that the order that the network sees counts, too. For N events, n of them
// explained, this costs N + n · (n + 1) / 2 steps and n head products. It allocates. Preconditions: the workspace
// belongs to this engine; item and events are items of the catalogue.
[[nodiscard]] std::vector<EventContribution> explain(const Engine& engine, std::span<const ItemIndex> events,
                                                     ItemIndex item, Workspace& workspace);

// The same for a user's remembered events. Fails with unknown_item.
[[nodiscard]] Result<std::vector<EventContribution>> why(const Engine& engine, const UserState& state, ItemIndex item,
                                                         Workspace& workspace);

}  // namespace sotto
