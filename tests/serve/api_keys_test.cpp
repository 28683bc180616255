#include <sotto/serve/api_keys.hpp>

#include "key_store.hpp"

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <set>
#include <string>

using namespace sotto;
using namespace sotto::serve;
using Kind = KeyDecision::Kind;
using WithoutKeys = ApiKeys::WithoutKeys;

namespace {

MadeKey made(ApiKeys& keys, const std::string& scopes) {
  auto key = keys.make("a test", scopes, 1);
  INFO((key ? "" : key.error().detail));
  REQUIRE(key);
  return std::move(key).value();
}

}  // namespace

TEST_CASE("without keys, calls are open where the operator said so, and admin calls are off") {
  test::KeyStore store;
  const ApiKeys open(store, WithoutKeys::open);
  const ApiKeys closed(store, WithoutKeys::closed);
  CHECK(open.decide(Scope::recommend, {}).kind == Kind::allowed);
  CHECK(open.decide(Scope::events, {}).kind == Kind::allowed);
  CHECK(open.decide(Scope::admin, {}).kind == Kind::admin_off);
  CHECK(open.decide(Scope::admin, "Bearer sk_a_b").kind == Kind::admin_off);
  CHECK(open.decide(Scope::recommend, "Bearer sk_a_b").kind == Kind::unauthorized);
  CHECK(closed.decide(Scope::recommend, {}).kind == Kind::unauthorized);
  CHECK(closed.decide(Scope::open, {}).kind == Kind::allowed);
  CHECK(closed.decide(Scope::open, "nonsense").kind == Kind::allowed);
}

TEST_CASE("a key opens its scopes and closes them for others") {
  test::KeyStore store;
  ApiKeys keys(store, WithoutKeys::open);
  const MadeKey shop = made(keys, "recommend");
  CHECK(keys.decide(Scope::recommend, {}).kind == Kind::unauthorized);
  CHECK(keys.decide(Scope::events, {}).kind == Kind::allowed);
  const auto good = keys.decide(Scope::recommend, "Bearer " + shop.key);
  CHECK(good.kind == Kind::allowed);
  CHECK(good.key_id == shop.id);
  // Events are open to all, also to those with a key for something else.
  CHECK(keys.decide(Scope::events, "Bearer " + shop.key).kind == Kind::allowed);

  const MadeKey admin = made(keys, "events,admin");
  CHECK(keys.decide(Scope::admin, "bearer  " + admin.key).kind == Kind::allowed);
  CHECK(keys.decide(Scope::admin, "Bearer " + shop.key).kind == Kind::lacks_scope);
  CHECK(keys.decide(Scope::recommend, "Bearer " + admin.key).kind == Kind::lacks_scope);
  CHECK(keys.decide(Scope::events, "Bearer " + shop.key).kind == Kind::lacks_scope);
}

TEST_CASE("what is not exactly a key is not good") {
  test::KeyStore store;
  ApiKeys keys(store, WithoutKeys::open);
  const MadeKey key = made(keys, "recommend,events,admin");
  std::string changed = key.key;
  changed.back() = changed.back() == 'A' ? 'B' : 'A';
  const std::string other_id = "sk_0000000000000000" + key.key.substr(key.key.find('_', 3));
  for (const std::string& authorization :
       {std::string(), std::string("Bearer"), std::string("Bearer "), key.key, "Basic " + key.key, "Bearer " + changed,
        "Bearer " + key.key + "x", "Bearer " + key.key.substr(0, key.key.size() - 1), "Bearer " + other_id,
        "Bearer sk_" + key.id, "Bearer sk_" + key.id + "_", "Bearer " + key.key + ", Bearer x",
        std::string("Bearer sk__")}) {
    CAPTURE(authorization);
    CHECK(keys.decide(Scope::admin, authorization).kind == Kind::unauthorized);
  }
}

TEST_CASE("keys are long, differ, and are not stored") {
  test::KeyStore store;
  ApiKeys keys(store, WithoutKeys::open);
  std::set<std::string> all;
  for (int i = 0; i < 20; ++i) all.insert(made(keys, "recommend").key);
  CHECK(all.size() == 20);
  const auto kept = store.keys();
  REQUIRE(kept);
  for (const std::string& key : all) {
    CHECK(key.size() == 3 + 16 + 1 + 43);
    for (const store::ApiKey& stored : *kept) CHECK(stored.name.find(key) == std::string::npos);
  }
  ApiKeys counted(store, WithoutKeys::open, std::make_shared<test::CountingEntropy>());
  CHECK(made(counted, "admin").key == "sk_0102030405060708_CQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJyg");
  ApiKeys without_entropy(store, WithoutKeys::open, std::make_shared<test::NoEntropy>());
  CHECK(without_entropy.make("a", "admin", 1).error().code == ErrorCode::io);
}

TEST_CASE("names and scopes of keys are checked") {
  test::KeyStore store;
  ApiKeys keys(store, WithoutKeys::open);
  for (const char* scopes : {"", ",", "recommend,", "open", "Recommend", "recommend recommend", "admin,admin"}) {
    CAPTURE(scopes);
    CHECK(keys.make("a", scopes, 1).error().code == ErrorCode::invalid_argument);
  }
  for (const std::string& name : {std::string(), std::string(101, 'a'), std::string("a\nb"), std::string("\xff")}) {
    CHECK(keys.make(name, "admin", 1).error().code == ErrorCode::invalid_argument);
  }
  CHECK(store.keys()->empty());
}

TEST_CASE("a removed key is good for nothing, and the last one of a scope stays") {
  test::KeyStore store;
  ApiKeys keys(store, WithoutKeys::open);
  const MadeKey first = made(keys, "recommend,admin");
  CHECK(keys.remove(first.id).error().code == ErrorCode::mismatch);
  const MadeKey second = made(keys, "admin");
  CHECK(keys.remove(first.id).error().detail.find("recommend") != std::string::npos);
  made(keys, "recommend");
  CHECK(*keys.remove(first.id));
  CHECK_FALSE(*keys.remove(first.id));
  CHECK(keys.decide(Scope::admin, "Bearer " + first.key).kind == Kind::unauthorized);
  CHECK(keys.decide(Scope::admin, "Bearer " + second.key).kind == Kind::allowed);
}

TEST_CASE("keys that other servers made count after a refresh, and a store that fails loses none") {
  test::KeyStore store;
  ApiKeys here(store, WithoutKeys::open);
  ApiKeys there(store, WithoutKeys::open);
  const MadeKey key = made(there, "admin");
  CHECK(here.decide(Scope::admin, "Bearer " + key.key).kind == Kind::admin_off);
  REQUIRE(here.refresh());
  CHECK(here.decide(Scope::admin, "Bearer " + key.key).kind == Kind::allowed);

  store.fails = true;
  CHECK_FALSE(here.refresh());
  CHECK(here.decide(Scope::admin, "Bearer " + key.key).kind == Kind::allowed);
  CHECK(here.make("a", "admin", 1).error().code == ErrorCode::io);
}
