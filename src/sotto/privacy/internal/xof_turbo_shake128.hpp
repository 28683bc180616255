// XofTurboShake128 of draft-irtf-cfrg-vdaf, section 6.2.1: seeds and vectors of field elements from a seed, a domain
// separation tag and a binder.
#pragma once

#include <sotto/base/internal/bytes.hpp>
#include <sotto/privacy/internal/field_vector.hpp>
#include <sotto/privacy/turbo_shake128.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sotto::privacy {

// Moves the elements whose memory is canonical to the front, in their order, and returns their number.
//
// This is the rejection of section 6.2: a candidate >= p is left out. Whether all candidates were accepted, and else
// which ones, is declassified: an accepted element is uniform below p whatever became of the other candidates, and a
// rejected one is used nowhere. It happens with a probability of 2^-59 for each element of Field128.
template <class Field>
[[nodiscard]] std::size_t keep_canonical(std::span<Field> candidates) noexcept {
  if (declassified(all_canonical(std::span<const Field>{candidates})) == 1) return candidates.size();
  std::size_t kept = 0;
  for (const Field& candidate : candidates) {
    if (declassified(Field::is_encoding(reinterpret_cast<const std::byte*>(&candidate))) == 1) {
      candidates[kept++] = candidate;
    }
  }
  return kept;
}

class XofTurboShake128 {
 public:
  static constexpr std::size_t seed_size = 32;
  using Seed = std::array<std::byte, seed_size>;

  // The domain separation tag is `tag` and then `context`, together at most 65,535 bytes; the seed has at most 255.
  XofTurboShake128(std::span<const std::byte> seed, std::span<const std::byte> tag,
                   std::span<const std::byte> context) noexcept {
    std::array<std::byte, 2> tag_bytes;
    store_le(tag_bytes.data(), static_cast<std::uint16_t>(tag.size() + context.size()));
    const std::array<std::byte, 1> seed_bytes{static_cast<std::byte>(seed.size())};
    for (const auto part :
         {std::span<const std::byte>{tag_bytes}, tag, context, std::span<const std::byte>{seed_bytes}, seed}) {
      sponge_.absorb(part);
    }
  }

  // Takes the next part of the binder. To be called before any output is taken.
  XofTurboShake128& bind(std::span<const std::byte> binder) noexcept {
    sponge_.absorb(binder);
    return *this;
  }

  void next(std::span<std::byte> out) noexcept {
    if (!squeezing_) sponge_.finish(0x01);
    squeezing_ = true;
    sponge_.squeeze(out);
  }

  template <class Field>
  void next_elements(std::span<Field> out) noexcept {
    while (!out.empty()) {
      next(std::as_writable_bytes(out));
      out = out.subspan(keep_canonical(out));
    }
  }

  [[nodiscard]] Seed next_seed() noexcept {
    Seed seed;
    next(seed);
    return seed;
  }

 private:
  TurboShake128 sponge_;
  bool squeezing_ = false;
};

}  // namespace sotto::privacy
