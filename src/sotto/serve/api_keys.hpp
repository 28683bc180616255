// The keys of the HTTP API: "sk_<id>_<secret>". The id is public; only the SHA-256 of the whole key is stored.
#pragma once

#include <sotto/aggregate/system_entropy.hpp>
#include <sotto/base/result.hpp>
#include <sotto/serve/router.hpp>
#include <sotto/store/store.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::serve {

// "recommend", "events" or "admin"; "open" for what needs no key.
[[nodiscard]] std::string_view scope_name(Scope scope) noexcept;

struct MadeKey {
  std::string id;
  std::string key;  // known to the caller alone from here on
};

struct KeyDecision {
  enum class Kind {
    allowed,
    unauthorized,  // 401: a key is needed, or the one that was sent is not good
    lacks_scope,  // 403: the key is good, but not for this
    admin_off  // 403: there is no key for admin calls yet
  };
  Kind kind = Kind::allowed;
  std::string key_id;  // of a good key, whether it was needed or not
};

// Answers from memory; what the store has is read by refresh(). May be used from several threads at a time.
class ApiKeys {
 public:
  // Whether calls for recommend and events are open as long as no key has their scope: on loopback addresses, and
  // where the operator has said so.
  enum class WithoutKeys { closed, open };

  // The store must outlive the keys. Without refresh() there are none.
  ApiKeys(store::Store& store, WithoutKeys without_keys,
          std::shared_ptr<privacy::Entropy> entropy = std::make_shared<aggregate::SystemEntropy>());

  // `authorization` is the header's value; absent where the request has none.
  [[nodiscard]] KeyDecision decide(Scope scope, std::optional<std::string_view> authorization) const;
  [[nodiscard]] bool has_key_for(Scope scope) const;

  // The functions below wait for the store: they are not for the server's threads.

  // Reads the keys again, so that those that other processes made or removed count. Fails as the store does, and then
  // keeps what was known.
  [[nodiscard]] Status refresh();
  // `scopes` is a list such as "recommend,events". Fails with invalid_argument, naming what is wrong.
  [[nodiscard]] Result<MadeKey> make(std::string_view name, std::string_view scopes, std::int64_t now);
  // Tells whether there was such a key. Fails with mismatch for the last key of a scope: without it, calls of that
  // scope might become open to all, or closed to the caller.
  [[nodiscard]] Result<bool> remove(std::string_view id);
  [[nodiscard]] Result<std::vector<store::ApiKey>> list() { return store_->keys(); }

 private:
  struct Table;

  [[nodiscard]] std::shared_ptr<const Table> table() const;

  store::Store* store_;
  WithoutKeys without_keys_;
  std::shared_ptr<privacy::Entropy> entropy_;
  std::mutex refreshing_;  // so that an older reading never replaces a newer one
  mutable std::mutex mutex_;  // of table_
  std::shared_ptr<const Table> table_;
};

}  // namespace sotto::serve
