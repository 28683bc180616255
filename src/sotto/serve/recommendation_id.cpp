// An id's bytes, before base64url (RFC 4648, section 5, without padding):
//
//   1 byte    format: 1 without and 2 with a shadow's list
//   varint    time (varint.hpp)
//   list      8 bytes of the version, little-endian; varint number of items; a varint for each item
//   list      the shadow's, in format 2
//   16 bytes  the first half of HMAC-SHA-256 over "sotto recommendation", a zero byte, the length of the user's id as a
//             varint, the user's id, and all bytes above
//
// Every part has one form alone, so that a content has one id.
#include <sotto/base/base64url.hpp>
#include <sotto/serve/feedback_loop.hpp>
#include <sotto/serve/varint.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

namespace sotto::serve {
namespace {

constexpr std::size_t mac_bytes = 16;
constexpr std::string_view signed_for = "sotto recommendation";

constexpr std::size_t max_list_bytes = 8 + max_varint_bytes + max_signed_items * 5;
constexpr std::size_t max_id_bytes = 1 + max_varint_bytes + 2 * max_list_bytes + mac_bytes;
constexpr std::size_t max_id_characters = (max_id_bytes * 4 + 2) / 3;

using Mac = std::array<unsigned char, mac_bytes>;

Error not_signed_here(std::string_view what) {
  return Error{ErrorCode::malformed, "the recommendation_id " + std::string(what)};
}

void append_list(std::string& bytes, const ShownList& list) {
  for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<char>(list.version >> shift & 0xff));
  const std::size_t count = std::min(list.items.size(), max_signed_items);
  append_varint(bytes, count);
  for (std::size_t i = 0; i < count; ++i) append_varint(bytes, list.items[i]);
}

Mac mac_of(std::string_view content, std::string_view user, const SigningKey& key) {
  std::string message(signed_for);
  message.push_back('\0');
  append_varint(message, user.size());
  message.append(user).append(content);
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(message.data()),
       message.size(), hash.data(), &size);
  Mac mac{};
  std::copy_n(hash.begin(), mac.size(), mac.begin());
  return mac;
}

std::optional<std::uint8_t> take_byte(std::string_view& bytes) {
  if (bytes.empty()) return std::nullopt;
  const auto value = static_cast<std::uint8_t>(bytes.front());
  bytes.remove_prefix(1);
  return value;
}

std::optional<ShownList> take_list(std::string_view& bytes) {
  ShownList list;
  for (int shift = 0; shift < 64; shift += 8) {
    const std::optional<std::uint8_t> byte = take_byte(bytes);
    if (!byte) return std::nullopt;
    list.version |= std::uint64_t{*byte} << shift;
  }
  const std::optional<std::uint64_t> count = take_varint(bytes, max_signed_items);
  if (!count) return std::nullopt;
  list.items.reserve(*count);
  for (std::uint64_t i = 0; i < *count; ++i) {
    const std::optional<std::uint64_t> item = take_varint(bytes, std::numeric_limits<ItemIndex>::max());
    if (!item) return std::nullopt;
    list.items.push_back(static_cast<ItemIndex>(*item));
  }
  return list;
}

}  // namespace

std::optional<Recommendation> parse_recommendation(std::string_view content) {
  const std::optional<std::uint8_t> format = take_byte(content);
  if (format != 1 && format != 2) return std::nullopt;
  const std::optional<std::uint64_t> at = take_varint(content, std::numeric_limits<std::int64_t>::max());
  if (!at) return std::nullopt;
  std::optional<ShownList> shown = take_list(content);
  if (!shown) return std::nullopt;
  std::optional<ShownList> shadow;
  if (format == 2) {
    shadow = take_list(content);
    if (!shadow) return std::nullopt;
  }
  if (!content.empty()) return std::nullopt;
  return Recommendation{static_cast<std::int64_t>(*at), std::move(*shown), std::move(shadow)};
}

std::string sign(const Recommendation& recommendation, std::string_view user, const SigningKey& key) {
  std::string bytes(1, recommendation.shadow ? '\2' : '\1');
  append_varint(bytes, static_cast<std::uint64_t>(std::max<std::int64_t>(recommendation.at, 0)));
  append_list(bytes, recommendation.shown);
  if (recommendation.shadow) append_list(bytes, *recommendation.shadow);
  for (const unsigned char byte : mac_of(bytes, user, key)) bytes.push_back(static_cast<char>(byte));
  return to_base64url(std::as_bytes(std::span(bytes)));
}

Result<Recommendation> verify(std::string_view id, std::string_view user, const SigningKey& key) {
  if (id.size() > max_id_characters) return not_signed_here("is too long");
  const auto bytes = from_base64url(id);
  if (!bytes || bytes->size() <= mac_bytes) return not_signed_here("is not one that this server gave");
  const std::string_view content(reinterpret_cast<const char*>(bytes->data()), bytes->size() - mac_bytes);
  const Mac mac = mac_of(content, user, key);
  if (CRYPTO_memcmp(mac.data(), bytes->data() + content.size(), mac.size()) != 0) {
    return not_signed_here("does not belong to this user, or was changed");
  }
  std::optional<Recommendation> recommendation = parse_recommendation(content);
  if (!recommendation) return not_signed_here("has contents of another version of this server");
  return std::move(*recommendation);
}

}  // namespace sotto::serve
