// One column of a log while it is being read. It grows without moving its values. While it is read out, it returns its
// memory to the system. A column and its sorted copy are thus in memory together only for a short part.
#pragma once

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

#include <sys/mman.h>

namespace sotto::data {

template <class T>
class ChunkedColumn {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  void push_back(T value) {
    if (size_ == chunks_.size() * chunk_size) chunks_.emplace_back();
    chunks_.back()[size_ % chunk_size] = value;
    ++size_;
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  [[nodiscard]] T& operator[](std::size_t i) noexcept { return chunks_[i / chunk_size][i % chunk_size]; }
  [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return chunks_[i / chunk_size][i % chunk_size]; }
  void clear() {
    chunks_.clear();
    size_ = 0;
  }

  // Calls use(index, value) for each value in order.
  template <class Use>
  void for_each(Use&& use) const {
    for (std::size_t i = 0; i < size_; ++i) use(i, chunks_[i / chunk_size][i % chunk_size]);
  }
  // Does the same and frees each chunk when it is done. The column is empty afterwards.
  template <class Use>
  void consume(Use&& use) {
    for (std::size_t i = 0; i < size_; ++i) {
      use(i, chunks_[i / chunk_size][i % chunk_size]);
      if ((i + 1) % chunk_size == 0) chunks_[i / chunk_size] = Chunk(nullptr);
    }
    clear();
  }

 private:
  static constexpr std::size_t chunk_size = std::size_t{1} << 18;

  // A chunk takes its memory directly from the system. The allocator would keep freed chunks that lie between others.
  class Chunk {
   public:
    Chunk() {
      void* memory =
          ::mmap(nullptr, chunk_size * sizeof(T), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (memory == MAP_FAILED) throw std::bad_alloc();
      values_ = static_cast<T*>(memory);
    }
    explicit Chunk(std::nullptr_t) noexcept {}
    Chunk(Chunk&& other) noexcept : values_(std::exchange(other.values_, nullptr)) {}
    Chunk& operator=(Chunk&& other) noexcept {
      std::swap(values_, other.values_);
      return *this;
    }
    ~Chunk() {
      if (values_ != nullptr) ::munmap(values_, chunk_size * sizeof(T));
    }
    T& operator[](std::size_t i) noexcept { return values_[i]; }
    const T& operator[](std::size_t i) const noexcept { return values_[i]; }

   private:
    T* values_ = nullptr;
  };

  std::vector<Chunk> chunks_;
  std::size_t size_ = 0;
};

}  // namespace sotto::data
