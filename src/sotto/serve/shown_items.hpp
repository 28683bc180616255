// Which items of a catalogue were shown: a set that several servers can join.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/item_index.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::serve {

// A bit for each item. In a catalogue of more than max_bits items, a bit for every second, third, … item: the share
// that was shown is then that of a sample.
class ShownItems {
 public:
  static constexpr std::size_t max_bits = 65'536;

  ShownItems() = default;
  // An empty set of a catalogue.
  explicit ShownItems(std::size_t catalogue_items);

  // Legal: item < catalogue_items.
  void add(ItemIndex item) noexcept;
  // Joins the other set. Sets of other catalogues, which a version does not have, are left out.
  void add(const ShownItems& other);

  [[nodiscard]] std::size_t catalogue_items() const noexcept { return catalogue_items_; }
  [[nodiscard]] std::size_t count() const noexcept;  // of the items that have a bit
  [[nodiscard]] double coverage() const noexcept;  // the share of the catalogue that was shown, 0 … 1

  // "items:r:…" with the bits, or "items:g:…" with the gaps between them, whichever is shorter, in base64url.
  [[nodiscard]] std::string to_text() const;
  // Fails with malformed.
  [[nodiscard]] static Result<ShownItems> from_text(std::string_view text);

  bool operator==(const ShownItems&) const = default;

 private:
  [[nodiscard]] std::size_t bits() const noexcept;

  std::size_t catalogue_items_ = 0;
  std::size_t stride_ = 1;  // every stride-th item has a bit
  std::vector<std::uint64_t> words_;
};

}  // namespace sotto::serve
