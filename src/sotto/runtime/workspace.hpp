// One thread's scratch memory for all users of an engine. It has about 11 bytes for each item. A user has none.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/runtime/count_lookup.hpp>
#include <sotto/runtime/diverse_ranking.hpp>
#include <sotto/runtime/engine.hpp>
#include <sotto/runtime/history_lookup.hpp>
#include <sotto/runtime/revision.hpp>
#include <sotto/runtime/sketch_search.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace sotto {

// Values for all items that were computed for one content of a user.
struct ItemScores {
  explicit ItemScores(std::size_t items) : values(items) {}
  AlignedBuffer<std::int32_t> values;  // [items]
  Revision of = Revision::none();
};

// Sessions compute in it. Any number of users may use it in any order. It keeps the results for the latest user, so
// that a single user computes nothing twice. One thread at a time may use it. All memory is allocated at construction.
class Workspace {
 public:
  // The engine must outlive the workspace. If the workspace is to search the sketch, call Engine::sketch_head first.
  explicit Workspace(const Engine& engine);

  // The number of events whose input products are computed together. Their inputs and sums stay in the L1 cache.
  static constexpr std::size_t event_tile = 8;

 private:
  friend class Session;
  friend class SessionGroup;

  // The item's embedding as 7-bit activations [padded D].
  void embed(ItemIndex item, std::uint8_t* out_u7) noexcept;

  const Engine* engine_;
  // Values that depend on the latest user.
  AlignedBuffer<std::uint8_t> hidden_u7_;  // the hidden states as activations [layers × padded H]
  Revision hidden_of_ = Revision::none();
  ItemScores scores_;

  HistoryLookup history_lookup_;
  CountLookup count_lookup_;
  std::vector<std::int16_t> embedding_s16_;  // an item's embedding [D]
  AlignedBuffer<std::uint8_t> embedding_u7_;  // the last item's embedding [padded D]
  AlignedBuffer<std::uint8_t> inputs_u7_;  // a layer's inputs at a tile of events [event_tile × padded D or H]
  AlignedBuffer<std::int32_t> input_sums_;  // their products [event_tile × 4H]
  AlignedBuffer<std::int32_t> hidden_sums_;  // [4H]; of a binary head [layers × 4H]
  AlignedBuffer<std::uint8_t> head_input_u7_;  // [the head's input size]
  AlignedBuffer<std::int32_t> skip_sums_;  // [H]
  // For a binary head: the state after a candidate, [H] each.
  std::vector<std::int16_t> candidate_cell_;
  std::vector<std::int16_t> candidate_hidden_;
  AlignedBuffer<std::uint8_t> candidate_u7_;  // [padded H]
  std::vector<std::uint8_t> excluded_;  // [items]: why an item is left out of a ranking; all 0 between calls
  std::unique_ptr<SketchSearch> sketch_search_;  // where the engine has a sketch
  std::vector<ItemIndex> touched_;  // items that the history term and count expert changed, during a search
  DiverseRanking diverse_;
};

}  // namespace sotto
