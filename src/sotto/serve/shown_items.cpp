#include <sotto/base/base64url.hpp>
#include <sotto/serve/shown_items.hpp>
#include <sotto/serve/varint.hpp>

#include <algorithm>
#include <bit>
#include <charconv>
#include <limits>
#include <span>

namespace sotto::serve {
namespace {

constexpr std::size_t max_items = std::size_t{std::numeric_limits<ItemIndex>::max()} + 1;

Error malformed_items(std::string_view what) {
  return Error{ErrorCode::malformed, "the items of a row of figures " + std::string(what)};
}

}  // namespace

ShownItems::ShownItems(std::size_t catalogue_items)
    : catalogue_items_(catalogue_items),
      stride_(std::max<std::size_t>(1, (catalogue_items + max_bits - 1) / max_bits)) {
  words_.resize((bits() + 63) / 64);
}

std::size_t ShownItems::bits() const noexcept { return (catalogue_items_ + stride_ - 1) / stride_; }

void ShownItems::add(ItemIndex item) noexcept {
  if (item % stride_ != 0) return;
  const std::size_t bit = item / stride_;
  words_[bit / 64] |= std::uint64_t{1} << bit % 64;
}

void ShownItems::add(const ShownItems& other) {
  if (catalogue_items_ == 0) *this = other;
  if (catalogue_items_ != other.catalogue_items_) return;
  for (std::size_t word = 0; word < words_.size(); ++word) words_[word] |= other.words_[word];
}

std::size_t ShownItems::count() const noexcept {
  std::size_t count = 0;
  for (const std::uint64_t word : words_) count += static_cast<std::size_t>(std::popcount(word));
  return count;
}

double ShownItems::coverage() const noexcept {
  return words_.empty() ? 0 : static_cast<double>(count()) / static_cast<double>(bits());
}

std::string ShownItems::to_text() const {
  std::string raw;
  std::string gaps;
  std::size_t next = 0;  // the first bit that the next gap counts from
  for (std::size_t bit = 0; bit < bits(); ++bit) {
    const bool is_set = (words_[bit / 64] >> bit % 64 & 1) != 0;
    if (bit % 8 == 0) raw.push_back('\0');
    if (!is_set) continue;
    raw.back() = static_cast<char>(raw.back() | 1 << bit % 8);
    append_varint(gaps, bit - next);
    next = bit + 1;
  }
  const bool is_sparse = gaps.size() < raw.size();
  return std::to_string(catalogue_items_) + (is_sparse ? ":g:" : ":r:") +
         to_base64url(std::as_bytes(std::span(is_sparse ? gaps : raw)));
}

Result<ShownItems> ShownItems::from_text(std::string_view text) {
  std::size_t items = 0;
  const auto number = std::from_chars(text.data(), text.data() + text.size(), items);
  text.remove_prefix(static_cast<std::size_t>(number.ptr - text.data()));
  if (number.ec != std::errc() || items > max_items) return malformed_items("do not start with a catalogue's size");
  const bool is_sparse = text.starts_with(":g:");
  if (!is_sparse && !text.starts_with(":r:")) return malformed_items("have no known form");
  const auto bytes = from_base64url(text.substr(3));
  if (!bytes) return malformed_items("are no base64url");

  ShownItems shown(items);
  const std::size_t bits = shown.bits();
  if (is_sparse) {
    std::string_view rest(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    for (std::size_t next = 0; !rest.empty();) {
      const std::optional<std::uint64_t> gap = take_varint(rest, max_bits);
      if (!gap || next + *gap >= bits) return malformed_items("are not in the catalogue");
      const std::size_t bit = next + *gap;
      shown.words_[bit / 64] |= std::uint64_t{1} << bit % 64;
      next = bit + 1;
    }
    return shown;
  }
  if (bytes->size() != (bits + 7) / 8) return malformed_items("have another size than the catalogue");
  for (std::size_t bit = 0; bit < bytes->size() * 8; ++bit) {
    if ((std::to_integer<unsigned>((*bytes)[bit / 8]) >> bit % 8 & 1) == 0) continue;
    if (bit >= bits) return malformed_items("are not in the catalogue");
    shown.words_[bit / 64] |= std::uint64_t{1} << bit % 64;
  }
  return shown;
}

}  // namespace sotto::serve
