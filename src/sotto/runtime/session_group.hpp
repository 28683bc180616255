// Many users at once, for a server and an evaluation: the weights are read once for all of them.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/base/result.hpp>
#include <sotto/runtime/session.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto {

// Allocates at construction only. Not for use by two threads at once.
class SessionGroup {
 public:
  static constexpr std::size_t most = 16;

  // The engine must outlive the group.
  explicit SessionGroup(const Engine& engine);

  // Carries sessions[i] one event further, as sessions[i]->observe(items[i]) would: the same bits. Fails with
  // unknown_item, changing nothing, if any index is ≥ items.
  // Precondition, here and below: at most `most` sessions of this engine, none of them twice; items.size() =
  // sessions.size().
  [[nodiscard]] Status observe(std::span<Session* const> sessions, std::span<const ItemIndex> items);

  // Computes the scores that the sessions would compute when they are next asked for them or for recommendations.
  void compute_scores(std::span<Session* const> sessions) noexcept;

 private:
  void step(std::span<Session* const> sessions, std::span<const ItemIndex> items) noexcept;

  const Engine* engine_;
  AlignedBuffer<std::uint8_t> inputs_u7_;     // of a layer or of the head [most × the widest, padded]
  AlignedBuffer<std::uint8_t> hidden_u7_;     // of a layer [most × padded H]
  AlignedBuffer<std::int32_t> input_sums_;    // [most × 4H]
  AlignedBuffer<std::int32_t> hidden_sums_;   // [most × 4H]
};

}  // namespace sotto
