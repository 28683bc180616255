#include <sotto/data/text_encoding.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace sotto::data {
namespace {

constexpr std::uint32_t high_surrogate = 0xD800;
constexpr std::uint32_t low_surrogate = 0xDC00;
constexpr std::uint32_t after_surrogates = 0xE000;
constexpr std::uint32_t byte_order_mark = 0xFEFF;
constexpr std::size_t max_character_bytes = 4;

// Returns the number of bytes.
std::size_t encode(std::uint32_t character, std::array<std::byte, max_character_bytes>& into) noexcept {
  const auto tail = [&](unsigned shift) { return static_cast<std::byte>(0x80U | ((character >> shift) & 0x3FU)); };
  if (character < 0x80) {
    into = {static_cast<std::byte>(character)};
    return 1;
  }
  if (character < 0x800) {
    into = {static_cast<std::byte>(0xC0U | (character >> 6U)), tail(0)};
    return 2;
  }
  if (character < 0x10000) {
    into = {static_cast<std::byte>(0xE0U | (character >> 12U)), tail(6), tail(0)};
    return 3;
  }
  into = {static_cast<std::byte>(0xF0U | (character >> 18U)), tail(12), tail(6), tail(0)};
  return 4;
}

class Utf16Source final : public ByteSource {
 public:
  Utf16Source(ReadAhead input, Utf16 order) : input_(std::move(input)), order_(order) {}

  Result<std::size_t> read(std::span<std::byte> into) override {
    std::size_t written = 0;
    while (written < into.size()) {
      if (taken_ == size_) {
        auto more = next_character();
        if (!more) return std::move(more).error();
        if (!*more) break;
      }
      while (taken_ < size_ && written < into.size()) into[written++] = character_[taken_++];
    }
    return written;
  }

 private:
  [[nodiscard]] std::uint32_t unit(std::size_t byte) noexcept {
    const auto bytes = input_.available().subspan(byte, 2);
    const auto first = static_cast<std::uint32_t>(bytes[0]);
    const auto second = static_cast<std::uint32_t>(bytes[1]);
    return order_ == Utf16::little_endian ? second << 8U | first : first << 8U | second;
  }

  // Returns false at the end.
  Result<bool> next_character() {
    if (input_.available().size() < 4) {
      if (auto filled = input_.fill(4); !filled) return std::move(filled).error();
    }
    if (input_.available().empty()) return false;
    if (input_.available().size() < 2) return damaged();
    std::uint32_t character = unit(0);
    std::size_t bytes = 2;
    if (character >= high_surrogate && character < after_surrogates) {
      if (character >= low_surrogate || input_.available().size() < 4) return damaged();
      const std::uint32_t low = unit(2);
      if (low < low_surrogate || low >= after_surrogates) return damaged();
      character = 0x10000U + ((character - high_surrogate) << 10U) + (low - low_surrogate);
      bytes = 4;
    }
    const bool mark = character == byte_order_mark && input_.consumed() == 0;
    input_.consume(bytes);
    taken_ = 0;
    size_ = mark ? 0 : encode(character, character_);
    return true;
  }

  [[nodiscard]] Error damaged() const {
    return {ErrorCode::malformed,
            fmt::format("the UTF-16 text is damaged at byte {}; export the log as UTF-8", input_.consumed())};
  }

  ReadAhead input_;
  Utf16 order_;
  std::array<std::byte, max_character_bytes> character_{};
  std::size_t taken_ = 0;  // of the bytes of character_
  std::size_t size_ = 0;
};

}  // namespace

std::optional<Utf16> find_utf16(std::span<const std::byte> beginning) noexcept {
  constexpr std::size_t looked_at = 64;
  const auto bytes = beginning.first(std::min(beginning.size(), looked_at) / 2 * 2);
  if (bytes.size() < 2) return std::nullopt;
  if (bytes[0] == std::byte{0xFF} && bytes[1] == std::byte{0xFE}) return Utf16::little_endian;
  if (bytes[0] == std::byte{0xFE} && bytes[1] == std::byte{0xFF}) return Utf16::big_endian;
  constexpr std::size_t min_bytes = 8;
  if (bytes.size() < min_bytes) return std::nullopt;
  std::array<std::size_t, 2> zeros{};
  for (std::size_t i = 0; i < bytes.size(); ++i) zeros[i % 2] += bytes[i] == std::byte{0} ? 1U : 0U;
  const std::size_t units = bytes.size() / 2;
  if (zeros[0] == 0 && zeros[1] == units) return Utf16::little_endian;
  if (zeros[1] == 0 && zeros[0] == units) return Utf16::big_endian;
  return std::nullopt;
}

std::unique_ptr<ByteSource> utf16_source(ReadAhead input, Utf16 order) {
  return std::make_unique<Utf16Source>(std::move(input), order);
}

}  // namespace sotto::data
