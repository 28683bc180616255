// Random operations: a store, and a few lines that say what it should have.
#include "places.hpp"

#include <sotto/base/random.hpp>

#include <catch2/catch_template_test_macros.hpp>

#include <cstdint>
#include <map>
#include <set>

using namespace sotto;
using namespace sotto::store;
using test::OnPostgres;
using test::OnSqlite;

namespace {

constexpr std::int64_t start = 1'750'000'000;

struct ModelUser {
  UserHead head;
  std::optional<Snapshot> snapshot;
  std::vector<Event> events;  // all of this life
  std::map<std::string, Append> keys;

  [[nodiscard]] std::uint64_t at() const { return snapshot ? snapshot->at : 0; }
};

class Model {
 public:
  // Generations are the store's choice: the model learns them, and demands that each is new.
  Appended append(const Append& request, const Appended& seen) {
    const bool is_known = users_.contains(request.user);
    if (!is_known && request.events.empty() && request.key.empty()) return {Appended::Kind::added, {}, request.answer};
    auto& user = users_[request.user];
    if (!is_known) user.head.generation = new_generation(seen.head.generation);
    if (const auto key = user.keys.find(request.key); !request.key.empty() && key != user.keys.end()) {
      if (key->second.content != request.content) return {Appended::Kind::key_reused, user.head, ""};
      return {Appended::Kind::repeated, user.head, key->second.answer};
    }
    for (const Event& event : request.events) user.events.push_back(event);
    user.head.last += request.events.size();
    if (!request.key.empty()) user.keys[request.key] = request;
    return {Appended::Kind::added, user.head, request.answer};
  }

  void save(const SnapshotWrite& write) {
    const auto user = users_.find(write.user);
    if (user == users_.end() || user->second.head.generation != write.generation) return;
    if (write.snapshot.at > user->second.head.last || write.snapshot.at < user->second.at()) return;
    user->second.snapshot = write.snapshot;
  }

  bool can_replace(const std::string& user, UserHead expected) {
    return (users_.contains(user) ? users_[user].head : UserHead{}) == expected;
  }

  void replace(const std::string& id, const Snapshot& state, UserHead seen) {
    auto& user = users_[id];
    user.head.generation = new_generation(seen.generation);
    user.snapshot = Snapshot{user.head.last, state.model, state.state};
  }

  bool forget(const std::string& user) { return users_.erase(user) > 0; }

  StoredUser load(const std::string& id, UserHead known) {
    StoredUser stored;
    const auto found = users_.find(id);
    if (found == users_.end()) return stored;
    const ModelUser& user = found->second;
    stored.head = user.head;
    std::uint64_t after = user.at();
    if (known.generation == user.head.generation && known.last <= user.head.last && known.last >= after)
      after = known.last;
    else
      stored.snapshot = user.snapshot;
    stored.events.assign(user.events.end() - static_cast<std::ptrdiff_t>(user.head.last - after), user.events.end());
    return stored;
  }

  UserHead head(const std::string& user) { return users_.contains(user) ? users_[user].head : UserHead{}; }

  StoreSize size() {
    StoreSize size;
    for (const auto& [id, user] : users_) {
      ++size.users;
      size.events += user.head.last - user.at();
    }
    return size;
  }

 private:
  std::uint64_t new_generation(std::uint64_t seen) {
    CHECK(seen > 0);
    CHECK(generations_.insert(seen).second);
    return seen;
  }
  std::map<std::string, ModelUser> users_;
  std::set<std::uint64_t> generations_;
};

class Choices {
 public:
  explicit Choices(std::uint64_t seed) : random_(seed) {}
  std::uint64_t below(std::uint64_t limit) { return random_.below(static_cast<std::uint32_t>(limit)); }
  std::string user() { return "user " + std::to_string(below(12)); }
  std::vector<Event> events() {
    std::vector<Event> events(below(5));
    for (Event& event : events)
      event = {"item " + std::to_string(below(1000)), start + static_cast<std::int64_t>(below(1000)),
               static_cast<std::uint32_t>(below(12)), static_cast<float>(below(100)) / 8};
    return events;
  }
  Append append() {
    Append request{user(), events(), "", "", "answer " + std::to_string(below(1000)), start};
    if (below(3) == 0) {
      request.key = "key " + std::to_string(below(20));
      request.content = "content " + std::to_string(below(3) / 2);
    }
    return request;
  }
  Snapshot snapshot(std::uint64_t at) {
    Bytes state(below(300));
    for (std::byte& byte : state) byte = static_cast<std::byte>(below(7));
    return {at, below(4), state};
  }
  // Mostly where the user stands.
  UserHead near(UserHead head) {
    if (below(4) == 0) head.generation += below(2);
    if (below(2) == 0) head.last -= std::min(head.last, below(6));
    if (below(8) == 0) head.last += below(3);
    return head;
  }

 private:
  Random random_;
};

void check_equal(const StoredUser& stored, const StoredUser& expected) {
  CHECK(stored.head == expected.head);
  CHECK(stored.events == expected.events);
  CHECK(stored.snapshot.has_value() == expected.snapshot.has_value());
  if (!stored.snapshot || !expected.snapshot) return;
  CHECK(stored.snapshot->at == expected.snapshot->at);
  CHECK(stored.snapshot->model == expected.snapshot->model);
  CHECK(stored.snapshot->state == expected.snapshot->state);
}

template <class Place>
void step(const Place& place, std::unique_ptr<Store>& store, Model& model, Choices& choices) {
  const auto choice = choices.below(100);
  if (choice < 45) {
    std::vector<Append> requests(1 + choices.below(6));
    for (Append& request : requests) request = choices.append();
    const auto results = store->append(requests);
    REQUIRE(results);
    REQUIRE(results->size() == requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const auto expected = model.append(requests[i], (*results)[i]);
      CHECK((*results)[i].kind == expected.kind);
      CHECK((*results)[i].head == expected.head);
      CHECK((*results)[i].answer == expected.answer);
    }
  } else if (choice < 75) {
    const auto user = choices.user();
    const auto known = choices.near(model.head(user));
    const auto loaded = store->load(user, known);
    REQUIRE(loaded);
    check_equal(*loaded, model.load(user, known));
    CHECK(store->head(user).value() == model.head(user));
  } else if (choice < 88) {
    std::vector<SnapshotWrite> writes(1 + choices.below(3));
    for (SnapshotWrite& write : writes) {
      write.user = choices.user();
      const auto head = choices.near(model.head(write.user));
      write.generation = head.generation;
      write.snapshot = choices.snapshot(head.last);
    }
    REQUIRE(store->save_snapshots(writes));
    for (const SnapshotWrite& write : writes) model.save(write);
  } else if (choice < 94) {
    const auto user = choices.user();
    const auto expected = choices.near(model.head(user));
    const auto state = choices.snapshot(77);
    const auto replaced = store->replace(user, expected, state);
    REQUIRE(replaced.ok() == model.can_replace(user, expected));
    if (replaced) model.replace(user, state, *replaced);
    CHECK(store->head(user).value() == model.head(user));
  } else if (choice < 97) {
    const auto user = choices.user();
    CHECK(store->forget(user, start).value() == model.forget(user));
  } else {
    store.reset();
    store = place.open();
  }
}

}  // namespace

TEMPLATE_TEST_CASE("a store does what a simple model does, after thousands of random operations", "[store]", OnSqlite,
                   OnPostgres) {
  const TestType place;
  const std::uint64_t seed = GENERATE(1U, 2U);
  CAPTURE(seed);
  auto store = place.open();
  Model model;
  Choices choices(seed);
  for (int i = 0; i < 1500; ++i) {
    CAPTURE(i);
    step(place, store, model, choices);
  }
  const auto size = store->size().value();
  CHECK(size.users == model.size().users);
  CHECK(size.events == model.size().events);
  CHECK(store->check().value() == std::vector<std::string>{});
  for (int i = 0; i < 12; ++i) {
    const auto user = "user " + std::to_string(i);
    check_equal(store->load(user).value(), model.load(user, {}));
  }
}
