#include <sotto/serve/fold.hpp>
#include <sotto/serve/users.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace sotto::serve {
namespace {

// How often a replacement is tried while other requests change the same user.
constexpr int max_replace_attempts = 16;

Refusal conflict_refusal() {
  return {409, "conflict", "The user was changed by other requests all the time. Nothing was changed. Try again."};
}

}  // namespace

Users::Users(store::Store& store, Models& models, Metrics& metrics, app::Logger& log, DueUsers& due,
             std::size_t max_in_memory)
    : store_(store),
      models_(models),
      metrics_(metrics),
      log_(log),
      due_(due),
      max_in_shard_(std::max<std::size_t>(1, max_in_memory / shard_count)) {}

// The user's place in memory, which is made if needed.
std::shared_ptr<LiveUser> Users::take(const std::string& user) {
  Shard& shard = shard_of(user);
  const std::scoped_lock lock(shard.mutex);
  if (const auto found = shard.by_user.find(user); found != shard.by_user.end()) {
    shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
    return found->second->live;
  }
  if (shard.entries.size() == max_in_shard_) {
    shard.by_user.erase(shard.entries.back().user);
    shard.entries.pop_back();
    metrics_.user_evictions.add();
    metrics_.users_in_memory.add(-1);
  }
  shard.entries.push_front({user, std::make_shared<LiveUser>()});
  shard.by_user.emplace(shard.entries.front().user, shard.entries.begin());
  metrics_.users_in_memory.add(1);
  return shard.entries.front().live;
}

void Users::remove(const std::string& user, const LiveUser* live) {
  Shard& shard = shard_of(user);
  const std::scoped_lock lock(shard.mutex);
  const auto found = shard.by_user.find(user);
  if (found == shard.by_user.end() || found->second->live.get() != live) return;
  const auto entry = found->second;
  shard.by_user.erase(found);
  shard.entries.erase(entry);
  metrics_.users_in_memory.add(-1);
}

Answered<CurrentUser> Users::current(const std::string& user, ModelScratch& scratch) {
  auto live = take(user);
  std::unique_lock lock(live->mutex);
  if (auto refusal = bring_up_to_date(user, *live, scratch)) return std::move(*refusal);
  return CurrentUser(std::move(live), std::move(lock));
}

void Users::committed(const std::string& user, store::UserHead head, std::span<const store::Event> events) {
  std::shared_ptr<LiveUser> live;
  {
    Shard& shard = shard_of(user);
    const std::scoped_lock lock(shard.mutex);
    const auto found = shard.by_user.find(user);
    if (found == shard.by_user.end()) return;
    live = found->second->live;
  }
  live->waiting.add(head, events);
}

// A state of another version is not carried over from memory but read again, so that the result does not depend on what
// was in memory.
std::optional<Refusal> Users::bring_up_to_date(const std::string& user, LiveUser& live, ModelScratch& scratch) {
  if (!live.state || live.model->fingerprint() != scratch.model().fingerprint()) return load(user, live, scratch, {});
  store::UserHead newest = live.waiting.newest();
  if (store_.is_shared()) {
    const auto head = store_.head(user);
    if (!head) return refuse(head.error());
    newest = *head;
  }
  metrics_.user_hits.add();
  if (newest == live.folded) return std::nullopt;
  const auto events = live.waiting.take(live.folded, newest);
  if (!events) return load(user, live, scratch, live.folded);
  fold_into(live, *events, scratch);
  live.folded = newest;
  return std::nullopt;
}

// Reads the user, or what the user did since `known`.
std::optional<Refusal> Users::load(const std::string& user, LiveUser& live, ModelScratch& scratch,
                                   store::UserHead known) {
  metrics_.user_loads.add();
  const auto stored = store_.load(user, known);
  if (!stored) return refuse(stored.error());
  const bool continues = known.generation != 0 && stored->head.generation == known.generation && !stored->snapshot;
  if (continues) {
    fold_into(live, stored->events, scratch);
    live.folded = stored->head;
    live.waiting.settle(stored->head);
    return std::nullopt;
  }
  auto state = restored(*stored, scratch, models_);
  if (!state) {
    log_.error("a user's state could not be read", {{"code", state.refusal().code}});
    live.state.reset();
    return state.refusal();
  }
  metrics_.folded_events.add(stored->events.size());
  set(live, std::move(*state), stored->head, scratch);
  if (stored->snapshot && stored->snapshot->model != scratch.model().fingerprint()) {
    metrics_.users_carried_over.add();
    due_.add(user);
  }
  return std::nullopt;
}

void Users::fold_into(LiveUser& live, std::span<const store::Event> events, ModelScratch& scratch) {
  const auto start = std::chrono::steady_clock::now();
  fold(*live.state, events, scratch);
  metrics_.fold_time.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  metrics_.folded_events.add(events.size());
}

void Users::set(LiveUser& live, PersonalUser state, store::UserHead head, ModelScratch& scratch) {
  live.state = std::move(state);
  live.model = scratch.pointer();
  live.folded = head;
  live.waiting.settle(head);
}

Answered<Ok> Users::replace(const std::string& user, PersonalUser state, ModelScratch& scratch) {
  const auto live = take(user);
  const std::scoped_lock lock(live->mutex);
  const store::Snapshot snapshot{0, scratch.model().fingerprint(), state_bytes(state, scratch)};
  for (int attempt = 0; attempt < max_replace_attempts; ++attempt) {
    const auto head = store_.head(user);
    if (!head) return refuse(head.error());
    const auto replaced = store_.replace(user, *head, snapshot);
    if (replaced) {
      set(*live, std::move(state), *replaced, scratch);
      return Ok{};
    }
    if (replaced.error().code != ErrorCode::mismatch) return refuse(replaced.error());
  }
  return conflict_refusal();
}

Answered<store::Bytes> Users::merge(const std::string& user, PersonalUser other, ModelScratch& scratch) {
  const auto live = take(user);
  const std::scoped_lock lock(live->mutex);
  if (auto refusal = bring_up_to_date(user, *live, scratch)) return std::move(*refusal);
  const store::Bytes theirs = state_bytes(other, scratch);
  for (int attempt = 0; attempt < max_replace_attempts; ++attempt) {
    PersonalUser both = *live->state;
    if (const auto status = scratch.session(both).merge_state(theirs); !status) {
      return Refusal{400, "bad_state", "The state cannot be merged: " + status.error().detail + "."};
    }
    store::Snapshot snapshot{0, scratch.model().fingerprint(), state_bytes(both, scratch)};
    const auto replaced = store_.replace(user, live->folded, snapshot);
    if (replaced) {
      set(*live, std::move(both), *replaced, scratch);
      return std::move(snapshot.state);
    }
    if (replaced.error().code != ErrorCode::mismatch) return refuse(replaced.error());
    if (auto refusal = load(user, *live, scratch, live->folded)) return std::move(*refusal);
  }
  return conflict_refusal();
}

Answered<bool> Users::forget(const std::string& user, std::int64_t now) {
  const auto live = take(user);
  const std::scoped_lock lock(live->mutex);
  const auto was_known = store_.forget(user, now);
  if (!was_known) return refuse(was_known.error());
  live->state.reset();
  remove(user, live.get());
  return *was_known;
}

Answered<std::optional<store::SnapshotWrite>> Users::snapshot(const std::string& user, ModelScratch& scratch) {
  auto current = this->current(user, scratch);
  if (!current) return current.refusal();
  const store::UserHead head = current->head();
  if (head.generation == 0) return std::optional<store::SnapshotWrite>();
  return std::optional(store::SnapshotWrite{
      user, head.generation, {head.last, scratch.model().fingerprint(), state_bytes(current->state(), scratch)}});
}

// While the store is away, every request fails: the log has one line a second.
Refusal Users::refuse(const Error& error) {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  const auto second = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  if (failure_logged_.exchange(second) != second) log_.error("the store failed", {{"reason", error.detail}});
  return store_refusal(error);
}

}  // namespace sotto::serve
