#include <sotto/data/read_ahead.hpp>

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <utility>

namespace sotto::data {
namespace {

class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(ReadAhead input) : input_(std::move(input)) {}
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;
  ~GzipSource() override { inflateEnd(&stream_); }

  Status start() {
    constexpr int window_bits_gzip_only = 15 + 16;
    if (inflateInit2(&stream_, window_bits_gzip_only) != Z_OK) return Error{ErrorCode::io, "no memory for inflating"};
    return Ok{};
  }

  Result<std::size_t> read(std::span<std::byte> into) override {
    while (true) {
      if (auto filled = input_.fill(1); !filled) return std::move(filled).error();
      const auto compressed = input_.available();
      if (between_members_) {
        if (compressed.empty()) return std::size_t{0};
        if (auto next = begin_member(); !next) return std::move(next).error();
        continue;
      }
      if (compressed.empty()) {
        return Error{ErrorCode::truncated, fmt::format("the gzip data ends early, after {} bytes; the file is "
                                                       "incomplete, fetch or write it again",
                                                       input_.consumed())};
      }
      stream_.next_in = reinterpret_cast<Bytef*>(compressed.data());
      stream_.avail_in = static_cast<uInt>(compressed.size());
      stream_.next_out = reinterpret_cast<Bytef*>(into.data());
      stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(into.size(), 1U << 30));
      const uInt room = stream_.avail_out;
      const int code = inflate(&stream_, Z_NO_FLUSH);
      input_.consume(compressed.size() - stream_.avail_in);
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) return damaged();
      between_members_ = code == Z_STREAM_END;
      if (const std::size_t made = room - stream_.avail_out; made > 0) return made;
    }
  }

 private:
  // Another member may follow, or the zeros that tapes and block devices add behind a file.
  Status begin_member() {
    if (auto filled = input_.fill(gzip_magic.size()); !filled) return std::move(filled).error();
    const auto available = input_.available();
    if (available.front() == std::byte{0}) {
      input_.consume(1);
      return Ok{};
    }
    if (!std::ranges::equal(available.first(std::min(available.size(), gzip_magic.size())), gzip_magic) ||
        inflateReset(&stream_) != Z_OK) {
      return damaged();
    }
    between_members_ = false;
    return Ok{};
  }

  [[nodiscard]] Error damaged() const {
    return {ErrorCode::malformed,
            fmt::format("the gzip data is damaged near byte {}; fetch or write the file again", input_.consumed())};
  }

  ReadAhead input_;
  z_stream stream_{};
  bool between_members_ = false;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> gzip_source(ReadAhead input) {
  auto gzip = std::make_unique<GzipSource>(std::move(input));
  if (auto started = gzip->start(); !started) return std::move(started).error();
  return std::unique_ptr<ByteSource>(std::move(gzip));
}

}  // namespace sotto::data
