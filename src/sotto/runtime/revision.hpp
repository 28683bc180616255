// Identifies the content of a user, so that a workspace knows whether its computed values are still valid. A copy has
// the revision of its original, because both have the same content. A revision is never stored and never changes a
// result.
#pragma once

#include <atomic>
#include <cstdint>

namespace sotto {

class Revision {
 public:
  // The content of every new user of a model.
  constexpr Revision() noexcept = default;
  // No content. It differs from the revision of every user.
  [[nodiscard]] static constexpr Revision none() noexcept {
    Revision revision;
    revision.number_ = ~std::uint64_t{0};
    return revision;
  }

  // Records that the content changes: takes a number that is new in this process. Safe in any thread.
  void renew() noexcept { number_ = last_.fetch_add(1, std::memory_order_relaxed) + 1; }

  bool operator==(const Revision&) const = default;

 private:
  static inline std::atomic<std::uint64_t> last_{0};

  std::uint64_t number_ = 0;
};

}  // namespace sotto
