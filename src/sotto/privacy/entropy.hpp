// The source of random bytes. It is passed in, because the privacy room has no randomness of its own. In production it
// is the operating system's generator or crypto.getRandomValues, and nothing else.
#pragma once

#include <sotto/base/result.hpp>

#include <cstddef>
#include <span>

namespace sotto::privacy {

class Entropy {
 public:
  virtual ~Entropy() = default;
  // Fills the span with independent uniform bytes. Fails with io, and then the bytes must not be used.
  virtual Status fill(std::span<std::byte> out) = 0;
};

}  // namespace sotto::privacy
