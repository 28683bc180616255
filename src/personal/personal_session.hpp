// One user whose recommender learns: a session over the shared engine, and beside it what this user taught it. A
// memory of returns, a taste, and the gate that says how far both are to be trusted.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/base/result.hpp>
#include <sotto/personal/gate.hpp>
#include <sotto/personal/memory.hpp>
#include <sotto/personal/taste.hpp>
#include <sotto/runtime/engine.hpp>
#include <sotto/runtime/session.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto {

// Which parts learn. Without the gate, what was learned counts in full.
struct PersonalOptions {
  bool memory = true;
  bool taste = true;
  bool gate = true;
};

// All memory is taken at construction. Deterministic: the same events and times on the same model give the same bytes
// in every build. Not for use by two threads at once.
class PersonalSession {
 public:
  // Precondition: a softmax head. The engine must outlive the session. A model without a memory term starts with a
  // memory that knows nothing.
  explicit PersonalSession(const Engine& engine, const PersonalOptions& options = {});

  // Carries the state and the memory through an event without learning from it: what happened before learning began.
  // time: seconds since 1970; one before the latest event's counts as that. Fails with unknown_item, changing nothing.
  Status recall(ItemIndex item, std::int64_t time);

  // Predicts the event, learns from it, then carries the state on. Fails as recall does.
  Status observe(ItemIndex item, std::int64_t time);

  // All items' logits at a moment, Q15.16: the model's own with what this user taught, each part of that taken by the
  // gate's share (a geometric mixture of both predictions). Valid until the next call.
  [[nodiscard]] std::span<const std::int32_t> scores(std::int64_t now) noexcept;

  // As Session::recommend, by these scores.
  [[nodiscard]] std::size_t recommend(std::int64_t now, const RecommendOptions& options,
                                      std::span<ScoredItem> best) noexcept;

  // Forgets the user and all that was learned.
  void reset() noexcept;

  [[nodiscard]] const Session& session() const noexcept { return session_; }
  [[nodiscard]] const Gate& gate() const noexcept { return gate_; }
  [[nodiscard]] const Taste& taste() const noexcept { return taste_; }

  // Everything as bytes (docs/format.md): at most 10 kB and 4 bytes for each hidden unit beside the session's own
  // state.
  [[nodiscard]] std::size_t state_size() const noexcept;
  void export_state(std::span<std::byte> out) const noexcept;  // out.size() = state_size()
  // Replaces everything. Damaged bytes, another version or another model's state are refused by name and leave the
  // session as it was.
  Status import_state(std::span<const std::byte> bytes);

 private:
  void score(std::int64_t now, float share) noexcept;
  void to_probabilities(std::span<const std::int32_t> scores) noexcept;
  void learn(ItemIndex came) noexcept;

  const Engine* engine_;
  PersonalOptions options_;
  float temperature_;
  Session session_;
  Memory memory_;
  std::array<float, memory_weights> memory_weight_{};
  Taste taste_;
  Gate gate_;
  std::span<const MemoryEvidence> evidence_;  // of the latest scores
  AlignedBuffer<float> probabilities_;  // [items, padded to float_tile]
  AlignedBuffer<std::int32_t> scores_;  // [items]
};

}  // namespace sotto
