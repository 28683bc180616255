#include <sotto/data/read_ahead.hpp>

#include <fmt/format.h>
#include <zstd.h>

#include <memory>
#include <utility>

namespace sotto::data {
namespace {

// The max window for decompression, 2^27 = 128 MiB. It is the limit of `zstd` itself without further options.
constexpr int max_window_log = 27;

class ZstdSource final : public ByteSource {
 public:
  explicit ZstdSource(ReadAhead input) : input_(std::move(input)), stream_(ZSTD_createDStream()) {}

  [[nodiscard]] Status start() {
    if (!stream_ || ZSTD_isError(ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, max_window_log)) != 0U)
      return Error{ErrorCode::io, "no memory for decompressing"};
    return Ok{};
  }

  Result<std::size_t> read(std::span<std::byte> into) override {
    while (true) {
      if (auto filled = input_.fill(1); !filled) return std::move(filled).error();
      const auto compressed = input_.available();
      if (compressed.empty() && between_frames_) return std::size_t{0};
      ZSTD_inBuffer in{compressed.data(), compressed.size(), 0};
      ZSTD_outBuffer out{into.data(), into.size(), 0};
      const std::size_t left = ZSTD_decompressStream(stream_.get(), &out, &in);
      input_.consume(in.pos);
      if (ZSTD_isError(left) != 0U) {
        return Error{ErrorCode::malformed, fmt::format("the zstd data cannot be read near byte {} ({}); fetch or write "
                                                       "the file again",
                                                       input_.consumed(), ZSTD_getErrorName(left))};
      }
      between_frames_ = left == 0;
      if (out.pos > 0) return out.pos;
      if (compressed.empty()) {
        return Error{ErrorCode::truncated, fmt::format("the zstd data ends early, after {} bytes; the file is "
                                                       "incomplete, fetch or write it again",
                                                       input_.consumed())};
      }
    }
  }

 private:
  struct Free {
    void operator()(ZSTD_DStream* stream) const noexcept { ZSTD_freeDStream(stream); }
  };

  ReadAhead input_;
  std::unique_ptr<ZSTD_DStream, Free> stream_;
  bool between_frames_ = false;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> zstd_source(ReadAhead input) {
  auto zstd = std::make_unique<ZstdSource>(std::move(input));
  if (auto started = zstd->start(); !started) return std::move(started).error();
  return std::unique_ptr<ByteSource>(std::move(zstd));
}

}  // namespace sotto::data
