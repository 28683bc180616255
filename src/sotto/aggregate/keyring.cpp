#include <sotto/aggregate/keyring.hpp>

#include <sotto/aggregate/internal/json_fields.hpp>
#include <sotto/aggregate/private_file.hpp>
#include <sotto/aggregate/sha256.hpp>
#include <sotto/base/base64url.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace sotto::aggregate {
namespace {

constexpr int keyring_format = 1;
constexpr std::size_t root_bytes = 32;

Result<std::string> fresh_keyring(privacy::Entropy& entropy) {
  auto shares = generate_hpke_key_pair(entropy);
  if (!shares) return std::move(shares).error();
  auto collector = generate_hpke_key_pair(entropy);
  if (!collector) return std::move(collector).error();
  auto signing = generate_signing_key_pair(entropy);
  if (!signing) return std::move(signing).error();
  privacy::SecretBytes root(root_bytes);
  if (auto filled = entropy.fill(root.span()); !filled) return std::move(filled).error();
  const nlohmann::json document = {{"format", keyring_format},
                                   {"shares", to_base64url(shares->private_key.span())},
                                   {"collector", to_base64url(collector->private_key.span())},
                                   {"signing", to_base64url(signing->seed.span())},
                                   {"root", to_base64url(root.span())}};
  return document.dump(2) + "\n";
}

Result<Keyring> parse_keyring(std::string_view text) {
  JsonFields fields(text);
  const std::uint64_t format = fields.integer("format", 0, max_json_integer);
  if (fields.ok() && format != keyring_format) {
    return Error{ErrorCode::unsupported_version, "its format is " + std::to_string(format)};
  }
  const auto secret = [&fields](std::string_view name) {
    privacy::SecretBytes bytes(root_bytes);
    fields.fixed_bytes(name, bytes.span());
    return bytes;
  };
  const auto shares = secret("shares");
  const auto collector = secret("collector");
  const auto signing = secret("signing");
  auto root = secret("root");
  if (!fields.ok()) return Error{ErrorCode::malformed, fields.status().error().detail};
  auto shares_pair = hpke_key_pair(shares.span());
  if (!shares_pair) return std::move(shares_pair).error();
  auto collector_pair = hpke_key_pair(collector.span());
  if (!collector_pair) return std::move(collector_pair).error();
  auto signing_pair = signing_key_pair(signing.span());
  if (!signing_pair) return std::move(signing_pair).error();
  return Keyring{std::move(*shares_pair), std::move(*collector_pair), std::move(*signing_pair), std::move(root)};
}

}  // namespace

sync::Sha256 Keyring::derived(std::string_view purpose, const sync::TaskId& task) const {
  sync::Bytes message;
  const auto name = std::as_bytes(std::span(purpose));
  message.insert(message.end(), name.begin(), name.end());
  message.push_back(std::byte{0});
  message.insert(message.end(), task.bytes.begin(), task.bytes.end());
  return hmac_sha256(root.span(), message);
}

Result<Keyring> open_keyring(const std::filesystem::path& file, privacy::Entropy& entropy) {
  auto text = read_private_file(file);
  if (!text && text.error().code == ErrorCode::missing) {
    auto fresh = fresh_keyring(entropy);
    if (!fresh) return std::move(fresh).error();
    // Where two processes start together, the first one's keys are kept.
    const auto made = make_private_file(file, *fresh);
    text = read_private_file(file);
    if (!text && !made) return made.error();
  }
  if (!text) return std::move(text).error();
  if (auto owned = check_private_mode(file); !owned) return std::move(owned).error();
  auto keyring = parse_keyring(*text);
  if (!keyring) {
    return Error{keyring.error().code, "the file of keys '" + file.string() + "': " + keyring.error().detail};
  }
  return keyring;
}

}  // namespace sotto::aggregate
