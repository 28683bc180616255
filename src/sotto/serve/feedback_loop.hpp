// What was recommended, and what the user then did. A list's id carries the list itself, signed, so that any server of
// a store understands it later, and none has to remember it.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/item_index.hpp>
#include <sotto/serve/loaded_model.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::serve {

// A list that one version made.
struct ShownList {
  std::uint64_t version = 0;  // the model's fingerprint
  std::vector<ItemIndex> items;  // best first, at most max_signed_items
};
inline constexpr std::size_t max_signed_items = 50;

struct Recommendation {
  std::int64_t at = 0;  // seconds since 1970
  ShownList shown;
  std::optional<ShownList> shadow;  // what the shadow would have shown
};

using SigningKey = std::array<std::byte, 32>;

// The lists and a keyed hash (HMAC-SHA-256, RFC 2104, cut to 128 bits), in base64url without padding. `user` is part of
// what is signed, so an id is only good for the user who got the list; it is empty for requests without a user. Items
// after the first max_signed_items are left out, and a negative time is signed as 0.
[[nodiscard]] std::string sign(const Recommendation& recommendation, std::string_view user, const SigningKey& key);
// Fails with malformed for anything that `sign` did not make with this key and user.
[[nodiscard]] Result<Recommendation> verify(std::string_view id, std::string_view user, const SigningKey& key);

// Reads an id's content, which `verify` has found to be signed. Nothing for what `sign` does not write.
[[nodiscard]] std::optional<Recommendation> parse_recommendation(std::string_view content);

// The item that a user chose after a list, as the versions that made the lists know it.
struct Choice {
  std::optional<ItemIndex> item;  // in the version that made the list; absent where that version does not have the item
  std::optional<ItemIndex> in_shadow;  // in the version that made the shadow's list
};

// Adds up what happened. May be used from several threads at a time; nothing here waits for the store.
class FeedbackLoop {
 public:
  virtual ~FeedbackLoop() = default;
  // A list was answered. `micros` is the time from the request's arrival to its answer.
  virtual void shown(const LoadedModel& version, std::span<const ItemIndex> items, std::int64_t micros,
                     std::int64_t now) = 0;
  // The user chose an item after a list, whether the list has it or not. It is for events that speak for an item, such
  // as a click or a purchase. Both versions' figures count the same choice, so that they can be compared in pairs.
  virtual void chosen(const Recommendation& list, const Choice& choice, std::int64_t now) = 0;
};

}  // namespace sotto::serve
