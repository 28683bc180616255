// Entropy whose bytes a test chooses.
#pragma once

#include <sotto/privacy/entropy.hpp>

#include <algorithm>
#include <vector>

namespace sotto::aggregate {

// Hands out the given bytes once, and fails when they are used up.
class FixedEntropy final : public privacy::Entropy {
 public:
  explicit FixedEntropy(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}
  Status fill(std::span<std::byte> out) override {
    if (out.size() > bytes_.size() - used_) return Error{ErrorCode::io, "the test's entropy is used up"};
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(used_), out.size(), out.begin());
    used_ += out.size();
    return Ok{};
  }

 private:
  std::vector<std::byte> bytes_;
  std::size_t used_ = 0;
};

}  // namespace sotto::aggregate
