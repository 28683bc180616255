#include <sotto/base/internal/insertion_sort.hpp>
#include <sotto/numeric/internal/rounding.hpp>
#include <sotto/runtime/explanation.hpp>
#include <sotto/runtime/session.hpp>

#include <algorithm>
#include <utility>

namespace sotto {
namespace {

// An item's logit, and the additions to the network's output in it.
struct LogitParts {
  std::int64_t logit;
  std::int64_t history;
  std::int64_t counts;
};

template <class Term>
const Term* find_item(std::span<const Term> terms, ItemIndex item) noexcept {
  const auto found = std::ranges::find(terms, item, &Term::item);
  return found == terms.end() ? nullptr : &*found;
}

LogitParts logit_parts(Session session, ItemIndex item) {
  std::int32_t logit = 0;
  static_cast<void>(session.candidate_scores({&item, 1}, {&logit, 1}));
  const ItemEvidence* evidence = find_item(session.history_evidence(), item);
  const std::int64_t history = evidence == nullptr ? 0 : history_bonus(*session.engine().history(), *evidence);
  const ItemCount* count = find_item(session.counts(), item);
  return {logit, history, count == nullptr ? 0 : count_bonus(*session.engine().counts(), count->count)};
}

}  // namespace

std::vector<EventContribution> explain(const Engine& engine, std::span<const ItemIndex> events, ItemIndex item,
                                       Workspace& workspace) {
  const std::size_t explained = std::min(events.size(), max_explained_events);
  UserState state(engine);
  Session session(engine, state, workspace);
  session.observe_known(events.first(events.size() - explained));
  std::vector<LogitParts> without;
  for (std::size_t left_out = events.size() - explained; left_out < events.size(); ++left_out) {
    const UserState before = state;
    session.observe_known(events.subspan(left_out + 1));
    without.push_back(logit_parts(session, item));
    state = before;
    session.observe_known(events.subspan(left_out, 1));
  }
  const LogitParts with = logit_parts(session, item);

  std::vector<EventContribution> contributions;
  for (std::uint32_t age = 0; age < explained; ++age) {
    const LogitParts& lacking = without[explained - 1 - age];
    contributions.push_back({events[events.size() - 1 - age], age, saturate<std::int32_t>(with.logit - lacking.logit),
                             saturate<std::int32_t>(with.history - lacking.history),
                             saturate<std::int32_t>(with.counts - lacking.counts)});
  }
  const auto moved_more = [](const EventContribution& a, const EventContribution& b) {
    return a.logit != b.logit ? a.logit > b.logit : a.age < b.age;
  };
  insertion_sort(std::span(contributions), moved_more);
  return contributions;
}

Result<std::vector<EventContribution>> why(const Engine& engine, const UserState& state, ItemIndex item,
                                           Workspace& workspace) {
  if (auto status = engine.check_items({&item, 1}); !status) return std::move(status).error();
  return explain(engine, state.history(), item, workspace);
}

}  // namespace sotto
