// One user whose recommender learns: a session over the shared engine, and beside it what this user taught it. A
// personal memory, a sparse delta of the head, and the gate that says how far both are to be trusted.
#pragma once

#include <sotto/base/aligned_buffer.hpp>
#include <sotto/base/result.hpp>
#include <sotto/personal/gate.hpp>
#include <sotto/personal/memory.hpp>
#include <sotto/personal/personal_head.hpp>
#include <sotto/runtime/engine.hpp>
#include <sotto/runtime/session.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto {

// Which parts learn. Without the gate, what was learned counts in full.
struct PersonalOptions {
  bool memory = true;
  bool head = true;
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

  // All items' logits at a moment, Q15.16: the model's own, moved where this user taught it otherwise. Only items of
  // the memory and of the head's rows move: ratios to all others are those of the gate's mixture of both predictions.
  // Valid until the next call.
  [[nodiscard]] std::span<const std::int32_t> scores(std::int64_t now) noexcept;

  // As Session::recommend, by these scores.
  [[nodiscard]] std::size_t recommend(std::int64_t now, const RecommendOptions& options,
                                      std::span<ScoredItem> best) noexcept;

  // Forgets the user and all that was learned.
  void reset() noexcept;

  [[nodiscard]] const Session& session() const noexcept { return session_; }
  [[nodiscard]] const Gate& gate() const noexcept { return gate_; }
  [[nodiscard]] const PersonalHead& head() const noexcept { return head_; }

  // Everything as bytes (docs/format.md), at most about 256 KiB for states of common size.
  [[nodiscard]] std::size_t state_size() const noexcept;
  void export_state(std::span<std::byte> out) const noexcept;  // out.size() = state_size()
  // Replaces everything. Damaged bytes, another version or another model's state are refused by name and leave the
  // session as it was.
  Status import_state(std::span<const std::byte> bytes);

 private:
  // An item that the user taught something about.
  struct Moved {
    ItemIndex item;
    float addition;  // to its log-odds
    float factor;  // e^addition
  };

  [[nodiscard]] Status check_item(ItemIndex item) const;
  void predict(std::int64_t now) noexcept;
  void add(ItemIndex item, float addition) noexcept;
  [[nodiscard]] float personal_probability(ItemIndex item) const noexcept;
  void learn(ItemIndex came) noexcept;

  const Engine* engine_;
  PersonalOptions options_;
  float temperature_;
  Session session_;
  Memory memory_;
  std::array<float, memory_weights> memory_weight_{};
  PersonalHead head_;
  Gate gate_;
  // Of the latest prediction.
  std::span<const MemoryEvidence> evidence_;
  AlignedBuffer<float> probabilities_;  // the base's [items, padded to float_tile]
  std::vector<Moved> moved_;
  std::vector<std::uint16_t> moved_place_;  // [items]: 1 + the item's place in moved_, 0: none
  float normaliser_ = 1;  // what the moved odds sum to, the base's being 1
  std::vector<std::int32_t> scores_;  // [items]
};

}  // namespace sotto
