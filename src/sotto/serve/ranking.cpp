#include <sotto/runtime/diverse_ranking.hpp>
#include <sotto/serve/fold.hpp>
#include <sotto/serve/ranking.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <utility>

namespace sotto::serve {
namespace {

struct KnownEvent {
  ItemIndex item;
  const RequestEvent* event;
};

std::vector<KnownEvent> known_events(const RankTask& task, const LoadedModel& model) {
  std::vector<KnownEvent> known;
  known.reserve(task.events.size());
  for (const RequestEvent& event : task.events) {
    if (const auto item = model.find(event.item)) known.push_back({*item, &event});
  }
  return known;
}

bool are_clicks(std::span<const KnownEvent> events) {
  return std::ranges::all_of(events, [](const KnownEvent& one) { return one.event->kind == FeedbackKind::click; });
}

// Takes the request's events one by one. Clicks are recalled, and nothing is learned from them.
void take_events(PersonalSession session, std::span<const KnownEvent> events) {
  for (const auto& [item, event] : events) {
    if (event->kind == FeedbackKind::click) {
      (void)session.recall({&item, 1}, {&event->at, 1});
    } else {
      (void)session.feedback(item, event->kind, event->amount, event->at);
    }
  }
}

// Everybody's list: it does not depend on what a new user starts with.
bool is_popular_list(const RankTask& task) { return task.user.empty() && task.events.empty(); }

// Sets the scratch's masks. Returns the number of ids that the version does not have.
std::size_t set_filter(const ListWishes& wishes, ModelScratch& scratch) {
  const LoadedModel& model = scratch.model();
  std::size_t unknown = 0;
  scratch.excluded.clear();
  for (const std::string& id : wishes.exclude) {
    if (const auto item = model.find(id)) {
      scratch.excluded.push_back(*item);
    } else {
      ++unknown;
    }
  }
  scratch.allowed.clear();
  if (!wishes.categories && !wishes.among) return unknown;
  scratch.allowed.assign(model.catalogue().size(), 0);
  // With both, an item is allowed where both have set their bit.
  constexpr std::uint8_t in_category = 1;
  constexpr std::uint8_t in_list = 2;
  if (wishes.categories) {
    for (const std::string& category : *wishes.categories) {
      for (const ItemIndex item : model.items_of(category)) scratch.allowed[item] = in_category;
    }
  }
  if (wishes.among) {
    for (const std::string& id : *wishes.among) {
      if (const auto item = model.find(id)) {
        scratch.allowed[*item] |= in_list;
      } else {
        ++unknown;
      }
    }
  }
  const std::uint8_t wanted = (wishes.categories ? in_category : 0) | (wishes.among ? in_list : 0);
  for (std::uint8_t& value : scratch.allowed) value = value == wanted ? 1 : 0;
  return unknown;
}

// Ranks into the list. Returns the number of unknown ids in the filter.
std::size_t rank_into(std::vector<ScoredItem>& list, PersonalSession session, const RankTask& task,
                      ModelScratch& scratch) {
  const ListWishes& wishes = *task.wishes;
  const std::size_t unknown = set_filter(wishes, scratch);
  const RecommendOptions options{.exclude = scratch.excluded,
                                 .allowed = scratch.allowed,
                                 .diversity = static_cast<std::int32_t>(std::lround(wishes.diversity * max_diversity))};
  list.resize(std::min<std::size_t>(wishes.k, scratch.model().catalogue().size()));
  list.resize(is_popular_list(task) ? session.recommend_base(task.now, options, list)
                                    : session.recommend(task.now, options, list));
  return unknown;
}

struct Prepared {
  RankTask* task;
  PersonalUser user;
  std::vector<KnownEvent> events;
  RankedList list;
};

}  // namespace

// A copy of the user's state on the task's version, before the request's events.
Answered<PersonalUser> Ranking::user_of(const RankTask& task, ModelScratch& own, Scratch& scratch) {
  if (task.user.empty()) return PersonalUser(own.nobody());
  if (task.home->fingerprint() == own.model().fingerprint()) {
    auto current = users_.current(task.user, own);
    if (!current) return current.refusal();
    return PersonalUser(current->state());
  }
  // The state stays where it is: what another version would make of it is only for this request.
  ModelScratch& home = scratch.of(task.home);
  store::Bytes state;
  {
    auto current = users_.current(task.user, home);
    if (!current) return current.refusal();
    state = state_bytes(current->state(), home);
  }
  return carried_over(state, *task.home, scratch.of(own.pointer()));
}

std::optional<ShownList> Ranking::shadow_list(const RankTask& task, Scratch& scratch) {
  RankTask shadowed{.model = task.shadow,
                    .shadow = nullptr,
                    .home = task.home,
                    .user = task.user,
                    .events = task.events,
                    .wishes = task.wishes,
                    .now = task.now,
                    .done = nullptr};
  auto user = user_of(shadowed, scratch.of(task.shadow), scratch);
  if (!user) return std::nullopt;
  ModelScratch& own = scratch.of(task.shadow);
  PersonalSession session = own.session(*user);
  take_events(session, known_events(shadowed, own.model()));
  (void)rank_into(own.best, session, shadowed, own);
  ShownList list{own.model().fingerprint(), {}};
  for (const ScoredItem& one : own.best) list.items.push_back(one.item);
  return list;
}

void Ranking::rank(std::span<RankTask> tasks, Scratch& scratch) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<Prepared> prepared;
  prepared.reserve(tasks.size());
  for (RankTask& task : tasks) {
    auto user = user_of(task, scratch.of(task.model), scratch);
    if (!user) {
      task.done(user.refusal());
      continue;
    }
    prepared.push_back({&task, std::move(*user), known_events(task, *task.model), {}});
    prepared.back().list.unknown_items = task.events.size() - prepared.back().events.size();
  }
  if (prepared.empty()) return;
  ModelScratch& own = scratch.of(prepared.front().task->model);

  // One step of all users at a time. Those with the most events come first, so that the users of each step are the
  // first ones.
  std::ranges::stable_sort(prepared, std::ranges::greater(),
                           [](const Prepared& one) { return are_clicks(one.events) ? one.events.size() : 0; });
  std::vector<PersonalUser*> users;
  for (Prepared& one : prepared) users.push_back(&one.user);
  std::size_t together = users.size();
  for (std::size_t step = 0;; ++step) {
    while (together > 0 &&
           (!are_clicks(prepared[together - 1].events) || prepared[together - 1].events.size() <= step)) {
      --together;
    }
    // A user alone gains nothing.
    if (together < 2) {
      if (together == 1) take_events(own.session(*users.front()), std::span(prepared.front().events).subspan(step));
      break;
    }
    std::array<ItemIndex, max_together> items{};
    std::array<std::int64_t, max_together> times{};
    for (std::size_t n = 0; n < together; ++n) {
      items[n] = prepared[n].events[step].item;
      times[n] = prepared[n].events[step].event->at;
    }
    (void)own.group().recall(std::span(users).first(together), std::span(items).first(together),
                             std::span(times).first(together));
  }
  for (Prepared& one : prepared) {
    if (!are_clicks(one.events)) take_events(own.session(one.user), one.events);
  }

  const auto rank_one = [&](std::size_t n, PersonalSession session) {
    prepared[n].list.unknown_items += rank_into(prepared[n].list.items, session, *prepared[n].task, own);
  };
  if (prepared.size() == 1) {
    rank_one(0, own.session(prepared.front().user));
  } else {
    own.group().for_each_user(users, rank_one);
  }

  for (Prepared& one : prepared) {
    if (!one.task->wishes->explain) continue;
    for (const ScoredItem& item : one.list.items) {
      auto reasons = why(own.model().engine(), one.user.state(), item.item, own.base());
      one.list.reasons.push_back(reasons ? std::move(*reasons) : std::vector<EventContribution>());
    }
  }
  metrics_.compute_requests.observe(static_cast<double>(prepared.size()));
  metrics_.compute_time.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  for (Prepared& one : prepared) {
    if (one.task->shadow) one.list.shadow = shadow_list(*one.task, scratch);
    one.task->done(std::move(one.list));
  }
}

}  // namespace sotto::serve
