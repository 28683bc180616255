#include <sotto/aggregate/keyring.hpp>

#include <sotto/aggregate/private_file.hpp>
#include <sotto/aggregate/sha256.hpp>
#include <sotto/sync/base64url.hpp>

#include <nlohmann/json.hpp>

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
                                   {"shares", sync::to_base64url(shares->private_key.span())},
                                   {"collector", sync::to_base64url(collector->private_key.span())},
                                   {"signing", sync::to_base64url(signing->seed.span())},
                                   {"root", sync::to_base64url(root.span())}};
  return document.dump(2) + "\n";
}

Result<privacy::SecretBytes> secret_in(const nlohmann::json& document, const char* name) {
  const auto member = document.find(name);
  privacy::SecretBytes secret(root_bytes);
  if (member == document.end() || !member->is_string() ||
      !sync::from_base64url(member->get_ref<const std::string&>(), secret.span())) {
    return Error{ErrorCode::malformed, std::string("'") + name + "' is not 32 bytes in base64url"};
  }
  return secret;
}

Result<Keyring> parse_keyring(const std::string& text) {
  const auto document = nlohmann::json::parse(text, nullptr, false);
  if (!document.is_object()) return Error{ErrorCode::malformed, "it is no JSON object"};
  if (document.value("format", nlohmann::json()) != keyring_format) {
    return Error{ErrorCode::unsupported_version, "its format is not 1"};
  }
  auto shares = secret_in(document, "shares");
  if (!shares) return std::move(shares).error();
  auto collector = secret_in(document, "collector");
  if (!collector) return std::move(collector).error();
  auto signing = secret_in(document, "signing");
  if (!signing) return std::move(signing).error();
  auto root = secret_in(document, "root");
  if (!root) return std::move(root).error();
  auto shares_pair = hpke_key_pair(shares->span());
  if (!shares_pair) return std::move(shares_pair).error();
  auto collector_pair = hpke_key_pair(collector->span());
  if (!collector_pair) return std::move(collector_pair).error();
  auto signing_pair = signing_key_pair(signing->span());
  if (!signing_pair) return std::move(signing_pair).error();
  return Keyring{std::move(*shares_pair), std::move(*collector_pair), std::move(*signing_pair), std::move(*root)};
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
