// The users: those in memory, and how they come there. The users used last stay; the others are read from the store
// when they come again.
#pragma once

#include <sotto/app/logger.hpp>
#include <sotto/base/result.hpp>
#include <sotto/serve/deployment.hpp>
#include <sotto/serve/due_users.hpp>
#include <sotto/serve/live_user.hpp>
#include <sotto/serve/metrics.hpp>
#include <sotto/serve/model_scratch.hpp>
#include <sotto/serve/refusal.hpp>
#include <sotto/store/store.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sotto::serve {

// A user who is up to date. The user is locked as long as it exists.
class CurrentUser {
 public:
  CurrentUser(std::shared_ptr<LiveUser> live, std::unique_lock<std::mutex> lock) noexcept
      : live_(std::move(live)), lock_(std::move(lock)) {}

  [[nodiscard]] PersonalUser& state() noexcept { return *live_->state; }
  [[nodiscard]] store::UserHead head() const noexcept { return live_->folded; }

 private:
  std::shared_ptr<LiveUser> live_;  // before the lock, which is released first
  std::unique_lock<std::mutex> lock_;
};

// May be used from several threads at a time. All but committed() may read or write the store, and so may block.
class Users {
 public:
  // All that is referred to must outlive the users.
  Users(store::Store& store, Models& models, Metrics& metrics, app::Logger& log, DueUsers& due,
        std::size_t max_in_memory);

  // The user on the scratch's version, after all events that the store has. A user that the store does not know is one
  // without events. A user who is carried over to the version becomes due.
  [[nodiscard]] Answered<CurrentUser> current(const std::string& user, ModelScratch& scratch);

  // The writer committed events of a user; the last of them has the number head.last.
  void committed(const std::string& user, store::UserHead head, std::span<const store::Event> events);

  // Replaces the user's state by this one, whatever it was.
  [[nodiscard]] Answered<Ok> replace(const std::string& user, PersonalUser state, ModelScratch& scratch);
  // Merges the state of another device into the user's, and returns the bytes of both.
  [[nodiscard]] Answered<store::Bytes> merge(const std::string& user, PersonalUser other, ModelScratch& scratch);
  // Erases the user, in memory too. Tells whether there was anything.
  [[nodiscard]] Answered<bool> forget(const std::string& user, std::int64_t now);

  // What is to be saved of a user. Absent for a user without events.
  [[nodiscard]] Answered<std::optional<store::SnapshotWrite>> snapshot(const std::string& user, ModelScratch& scratch);

 private:
  struct Entry {
    std::string user;
    std::shared_ptr<LiveUser> live;
  };
  struct Shard {
    std::mutex mutex;
    std::list<Entry> entries;  // the latest one first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> by_user;  // views into the entries
  };
  static constexpr std::size_t shard_count = 64;

  [[nodiscard]] Shard& shard_of(std::string_view user) {
    return shards_[std::hash<std::string_view>()(user) % shard_count];
  }
  [[nodiscard]] std::shared_ptr<LiveUser> take(const std::string& user);
  void remove(const std::string& user, const LiveUser* live);
  [[nodiscard]] std::optional<Refusal> bring_up_to_date(const std::string& user, LiveUser& live, ModelScratch& scratch);
  [[nodiscard]] std::optional<Refusal> load(const std::string& user, LiveUser& live, ModelScratch& scratch,
                                            store::UserHead known);
  void fold_into(LiveUser& live, std::span<const store::Event> events, ModelScratch& scratch);
  void set(LiveUser& live, PersonalUser state, store::UserHead head, ModelScratch& scratch);
  [[nodiscard]] Refusal refuse(const Error& error);

  store::Store& store_;
  Models& models_;
  Metrics& metrics_;
  app::Logger& log_;
  DueUsers& due_;
  std::size_t max_in_shard_;
  std::array<Shard, shard_count> shards_;
  std::atomic<std::int64_t> failure_logged_{-1};  // second of the clock
};

}  // namespace sotto::serve
