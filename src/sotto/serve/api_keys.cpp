#include <sotto/aggregate/bearer_token.hpp>
#include <sotto/aggregate/sha256.hpp>
#include <sotto/base/base64url.hpp>
#include <sotto/data/text.hpp>
#include <sotto/http/text.hpp>
#include <sotto/serve/api_keys.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace sotto::serve {
namespace {

constexpr std::size_t key_id_bytes = 8;
constexpr std::size_t key_secret_bytes = 32;
constexpr std::size_t max_key_name_bytes = 100;
constexpr std::array<Scope, 3> keyed_scopes = {Scope::recommend, Scope::events, Scope::admin};

using ScopeSet = unsigned;  // a bit for each scope

constexpr ScopeSet bit_of(Scope scope) noexcept { return 1U << static_cast<unsigned>(scope); }

// Fails with invalid_argument for an unknown scope, a repeated one, and for none.
Result<ScopeSet> scopes_from(std::string_view list) {
  ScopeSet set = 0;
  while (true) {
    const std::size_t comma = list.find(',');
    const std::string_view name = list.substr(0, comma);
    const auto* scope =
        std::ranges::find_if(keyed_scopes, [&](Scope candidate) { return scope_name(candidate) == name; });
    if (scope == keyed_scopes.end()) {
      return Error{ErrorCode::invalid_argument,
                   fmt::format("{} is no scope; scopes are recommend, events and admin", data::in_quotes(name))};
    }
    if ((set & bit_of(*scope)) != 0) {
      return Error{ErrorCode::invalid_argument, fmt::format("the scope {} is named twice", name)};
    }
    set |= bit_of(*scope);
    if (comma == std::string_view::npos) return set;
    list.remove_prefix(comma + 1);
  }
}

std::string text_of(ScopeSet set) {
  std::string text;
  for (const Scope scope : keyed_scopes) {
    if ((set & bit_of(scope)) == 0) continue;
    if (!text.empty()) text += ',';
    text += scope_name(scope);
  }
  return text;
}

sync::Sha256 hash_of(std::string_view key) noexcept { return aggregate::sha256(std::as_bytes(std::span(key))); }

// The id of "sk_<id>_<secret>"; empty for every other form.
std::string_view key_id_of(std::string_view key) noexcept {
  if (!key.starts_with("sk_")) return {};
  const std::string_view rest = key.substr(3);
  const std::size_t end = rest.find('_');
  return end == std::string_view::npos ? std::string_view() : rest.substr(0, end);
}

bool is_good_key_name(std::string_view name) noexcept {
  const bool has_control = std::ranges::any_of(name, [](char c) { return http::is_control(c); });
  return !name.empty() && name.size() <= max_key_name_bytes && !has_control && data::is_utf8(name);
}

}  // namespace

struct ApiKeys::Table {
  struct Key {
    sync::Sha256 hash{};
    ScopeSet scopes = 0;
  };
  std::unordered_map<std::string, Key> by_id;
  ScopeSet scopes = 0;  // those that some key has
};

std::string_view scope_name(Scope scope) noexcept {
  switch (scope) {
    case Scope::open: return "open";
    case Scope::recommend: return "recommend";
    case Scope::events: return "events";
    case Scope::admin: return "admin";
  }
  return "open";
}

ApiKeys::ApiKeys(store::Store& store, WithoutKeys without_keys, std::shared_ptr<privacy::Entropy> entropy)
    : store_(&store),
      without_keys_(without_keys),
      entropy_(std::move(entropy)),
      table_(std::make_shared<const Table>()) {}

std::shared_ptr<const ApiKeys::Table> ApiKeys::table() const {
  const std::lock_guard lock(mutex_);
  return table_;
}

bool ApiKeys::has_key_for(Scope scope) const { return (table()->scopes & bit_of(scope)) != 0; }

KeyDecision ApiKeys::decide(Scope scope, std::optional<std::string_view> authorization) const {
  using Kind = KeyDecision::Kind;
  if (scope == Scope::open) return {};
  const auto known = table();
  const bool has_keys = (known->scopes & bit_of(scope)) != 0;
  if (scope == Scope::admin && !has_keys) return {Kind::admin_off, {}};
  const bool is_open = scope != Scope::admin && !has_keys && without_keys_ == WithoutKeys::open;
  if (!authorization) return {is_open ? Kind::allowed : Kind::unauthorized, {}};

  const std::string_view key = aggregate::bearer_token(*authorization);
  std::string id(key_id_of(key));
  const auto found = known->by_id.find(id);
  // A key that does not exist is compared as well, so that the time tells nothing.
  static const Table::Key nobody;
  const Table::Key& stored = found == known->by_id.end() ? nobody : found->second;
  const bool is_equal = aggregate::are_equal_in_constant_time(hash_of(key), stored.hash);
  if (!is_equal || found == known->by_id.end()) return {Kind::unauthorized, {}};
  const bool is_allowed = is_open || (stored.scopes & bit_of(scope)) != 0;
  return {is_allowed ? Kind::allowed : Kind::lacks_scope, std::move(id)};
}

Status ApiKeys::refresh() {
  const std::lock_guard one_at_a_time(refreshing_);
  auto stored = store_->keys();
  if (!stored) return std::move(stored).error();
  auto fresh = std::make_shared<Table>();
  for (store::ApiKey& key : *stored) {
    // Scopes of a later version of Sotto make the whole key unknown here.
    const auto scopes = scopes_from(key.scopes);
    if (!scopes) continue;
    fresh->scopes |= *scopes;
    fresh->by_id.emplace(std::move(key.id), Table::Key{key.hash, *scopes});
  }
  const std::lock_guard lock(mutex_);
  table_ = std::move(fresh);
  return Ok{};
}

Result<MadeKey> ApiKeys::make(std::string_view name, std::string_view scopes, std::int64_t now) {
  const auto set = scopes_from(scopes);
  if (!set) return set.error();
  if (!is_good_key_name(name)) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("the name {} of a key is not 1 to {} bytes of UTF-8 without control characters",
                             data::in_quotes(name), max_key_name_bytes)};
  }
  std::array<std::byte, key_id_bytes> id{};
  std::array<std::byte, key_secret_bytes> secret{};
  if (!entropy_->fill(id) || !entropy_->fill(secret))
    return Error{ErrorCode::io, "the system has no random bytes for a key"};

  MadeKey made;
  for (const std::byte byte : id) made.id += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  made.key = "sk_" + made.id + "_" + to_base64url(secret);
  const store::ApiKey stored{made.id, std::string(name), text_of(*set), hash_of(made.key), now};
  if (auto added = store_->add_key(stored); !added) return std::move(added).error();
  if (auto read = refresh(); !read) return std::move(read).error();
  return made;
}

Result<bool> ApiKeys::remove(std::string_view id) {
  auto stored = store_->keys();
  if (!stored) return std::move(stored).error();
  ScopeSet removed = 0;
  ScopeSet left = 0;
  for (const store::ApiKey& key : *stored) {
    const auto scopes = scopes_from(key.scopes);
    if (scopes) (key.id == id ? removed : left) |= *scopes;
  }
  if ((removed & ~left) != 0) {
    return Error{ErrorCode::mismatch,
                 fmt::format("this is the last key for {}; make another one first", text_of(removed & ~left))};
  }
  auto was_there = store_->remove_key(std::string(id));
  if (!was_there) return was_there;
  if (auto read = refresh(); !read) return std::move(read).error();
  return was_there;
}

}  // namespace sotto::serve
