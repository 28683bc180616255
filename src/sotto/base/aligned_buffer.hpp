// A zero-filled array with a fixed size. It is aligned for the widest vector loads. The caller pads its size, so that
// kernels need no code for a remainder and never read out of bounds.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

namespace sotto {

inline constexpr std::size_t vector_alignment = 64;  // bytes: one cache line, one AVX-512 register

template <class T>
  requires std::is_trivially_copyable_v<T>
class AlignedBuffer {
 public:
  AlignedBuffer() noexcept = default;
  explicit AlignedBuffer(std::size_t count)
      : values_(static_cast<T*>(::operator new(count * sizeof(T), std::align_val_t{vector_alignment}))), count_(count) {
    std::uninitialized_value_construct_n(values_.get(), count);
  }

  // Takes ownership of values that ::operator new allocated with vector_alignment.
  [[nodiscard]] static AlignedBuffer adopt(T* values, std::size_t count) noexcept {
    AlignedBuffer buffer;
    buffer.values_.reset(values);
    buffer.count_ = count;
    return buffer;
  }

  [[nodiscard]] T* data() noexcept { return values_.get(); }
  [[nodiscard]] const T* data() const noexcept { return values_.get(); }
  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  [[nodiscard]] std::size_t size_bytes() const noexcept { return count_ * sizeof(T); }
  T& operator[](std::size_t i) noexcept { return values_.get()[i]; }
  const T& operator[](std::size_t i) const noexcept { return values_.get()[i]; }
  [[nodiscard]] std::span<T> span() noexcept { return {values_.get(), count_}; }
  [[nodiscard]] std::span<const T> span() const noexcept { return {values_.get(), count_}; }

 private:
  struct Release {
    void operator()(T* p) const noexcept { ::operator delete(p, std::align_val_t{vector_alignment}); }
  };
  std::unique_ptr<T, Release> values_;
  std::size_t count_ = 0;
};

}  // namespace sotto
