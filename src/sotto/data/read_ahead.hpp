// Lets the caller see a source's next bytes before they are taken, for magic numbers, formats and decompressors.
#pragma once

#include <sotto/data/byte_source.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace sotto::data {

class ReadAhead {
 public:
  static constexpr std::size_t capacity = 65536;

  explicit ReadAhead(std::unique_ptr<ByteSource> source);

  // Makes at least `count` bytes (at most `capacity`) available, unless the source ends earlier.
  [[nodiscard]] Status fill(std::size_t count);

  [[nodiscard]] std::span<std::byte> available() noexcept { return std::span(chunk_).subspan(begin_, end_ - begin_); }
  void consume(std::size_t count) noexcept {
    begin_ += count;
    consumed_ += count;
  }
  [[nodiscard]] std::uint64_t consumed() const noexcept { return consumed_; }
  // True if the source has nothing behind available().
  [[nodiscard]] bool complete() const noexcept { return at_end_; }

 private:
  std::unique_ptr<ByteSource> source_;
  std::vector<std::byte> chunk_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t consumed_ = 0;
  bool at_end_ = false;
};

// Returns the rest of the input as a source, unchanged.
[[nodiscard]] std::unique_ptr<ByteSource> plain_source(ReadAhead input);
// The decompressors. Precondition: the input begins with the format's magic number.
inline constexpr std::array<std::byte, 2> gzip_magic = {std::byte{0x1f}, std::byte{0x8b}};
[[nodiscard]] Result<std::unique_ptr<ByteSource>> gzip_source(ReadAhead input);
[[nodiscard]] Result<std::unique_ptr<ByteSource>> zstd_source(ReadAhead input);

}  // namespace sotto::data
