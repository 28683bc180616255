#include <sotto/base/internal/insertion_sort.hpp>
#include <sotto/numeric/internal/rounding.hpp>
#include <sotto/runtime/explanation.hpp>
#include <sotto/runtime/session.hpp>

#include <algorithm>
#include <utility>

namespace sotto {
namespace {

// An item's logit and what is in it from beside the network.
struct LogitParts {
  std::int64_t logit;
  std::int64_t history;
  std::int64_t counts;
};

// What events give an item, beginning in any state that the scratch session can take.
class Replay {
 public:
  Replay(const Engine& engine, ItemIndex item)
      : engine_(&engine),
        item_(item),
        session_(engine),
        history_(engine.architecture().items),
        count_lookup_(engine.counts(), engine.architecture().items) {}

  void observe(std::span<const ItemIndex> events) {
    static_cast<void>(session_.observe_all(events));  // of the catalogue, as a session's history is
  }
  void save() {
    saved_.resize(session_.state_size());
    session_.export_state(saved_);
  }
  void restore() { static_cast<void>(session_.import_state(saved_)); }

  [[nodiscard]] LogitParts logit_parts() {
    std::int32_t logit = 0;
    static_cast<void>(session_.candidate_scores({&item_, 1}, {&logit, 1}));
    return {logit, history_share(), count_share()};
  }

 private:
  [[nodiscard]] std::int64_t history_share() {
    const auto& term = engine_->history();
    if (!term) return 0;
    history_.assign(session_.history());
    const auto evidence = history_.evidence();
    const auto found = std::ranges::find(evidence, item_, &ItemEvidence::item);
    return found == evidence.end() ? 0 : history_bonus(*term, *found);
  }

  [[nodiscard]] std::int64_t count_share() {
    if (engine_->counts() == nullptr) return 0;
    const auto counts = count_lookup_.counts(session_.history());
    const auto found = std::ranges::find(counts, item_, &ItemCount::item);
    return found == counts.end() ? 0 : count_bonus(*engine_->counts(), found->count);
  }

  const Engine* engine_;
  ItemIndex item_;
  Session session_;
  History history_;
  CountLookup count_lookup_;
  std::vector<std::byte> saved_;
};

}  // namespace

std::vector<EventContribution> explain(const Engine& engine, std::span<const ItemIndex> events, ItemIndex item) {
  const std::size_t explained = std::min(events.size(), max_explained_events);
  Replay replay(engine, item);
  replay.observe(events.first(events.size() - explained));
  std::vector<LogitParts> without;
  for (std::size_t left_out = events.size() - explained; left_out < events.size(); ++left_out) {
    replay.save();
    replay.observe(events.subspan(left_out + 1));
    without.push_back(replay.logit_parts());
    replay.restore();
    replay.observe(events.subspan(left_out, 1));
  }
  const LogitParts with = replay.logit_parts();

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

Result<std::vector<EventContribution>> Session::why(ItemIndex item) const {
  if (auto status = check_items({&item, 1}); !status) return std::move(status).error();
  return explain(*engine_, history(), item);
}

}  // namespace sotto
