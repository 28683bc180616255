// Bytes that a connection has received and not used yet. It is small while the connection is idle.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace sotto::http {

class ReadBuffer {
 public:
  static constexpr std::size_t idle_bytes = 2048;

  // Legal: max_bytes ≥ idle_bytes.
  explicit ReadBuffer(std::size_t max_bytes) noexcept : max_bytes_(max_bytes) {}

  [[nodiscard]] std::string_view bytes() const noexcept { return {memory_.get() + begin_, end_ - begin_}; }

  void use(std::size_t count) noexcept {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }

  // Where the next bytes go. The memory grows until there is room for `wanted` bytes or max_bytes are held; the result
  // is empty only if max_bytes are held unused.
  [[nodiscard]] std::span<char> space(std::size_t wanted) {
    if (capacity_ - end_ < wanted && begin_ > 0) {
      std::memmove(memory_.get(), memory_.get() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (capacity_ - end_ < wanted && capacity_ < max_bytes_) {
      const std::size_t larger = std::min(max_bytes_, std::max({idle_bytes, capacity_ * 2, end_ + wanted}));
      std::unique_ptr<char[]> memory(new char[larger]);
      if (end_ > 0) std::memcpy(memory.get(), memory_.get(), end_);
      memory_ = std::move(memory);
      capacity_ = larger;
    }
    return {memory_.get() + end_, capacity_ - end_};
  }

  // `count` bytes have been written to space().
  void add(std::size_t count) noexcept { end_ += count; }

  // Gives memory beyond idle_bytes back if nothing is held.
  void shrink() noexcept {
    if (begin_ == end_ && capacity_ > idle_bytes) {
      memory_.reset();
      capacity_ = begin_ = end_ = 0;
    }
  }

 private:
  std::size_t max_bytes_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::unique_ptr<char[]> memory_;
};

}  // namespace sotto::http
