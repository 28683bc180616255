// From a request to a ranked list. Requests of one version that meet are computed together.
#pragma once

#include <sotto/runtime/explanation.hpp>
#include <sotto/runtime/top_k.hpp>
#include <sotto/serve/deployment.hpp>
#include <sotto/serve/feedback_loop.hpp>
#include <sotto/serve/metrics.hpp>
#include <sotto/serve/model_scratch.hpp>
#include <sotto/serve/recommend_request.hpp>
#include <sotto/serve/refusal.hpp>
#include <sotto/serve/users.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sotto::serve {

struct RankedList {
  std::vector<ScoredItem> items;  // best first
  std::vector<std::vector<EventContribution>> reasons;  // of each item, if the request asked for an explanation
  std::size_t unknown_items = 0;  // ids of the request that the version does not have
  std::optional<ShownList> shadow;
};

// A request that waits for its list. Nothing in it changes while it waits.
struct RankTask {
  ModelPointer model;  // the version that ranks
  ModelPointer shadow;  // null, or a version that ranks the same and is only measured
  ModelPointer home;  // the version that the user's state is kept for: `model`, unless the request names another model
  std::string user;  // empty: nobody
  std::vector<RequestEvent> events;
  std::shared_ptr<const ListWishes> wishes;
  std::int64_t now = 0;  // seconds since 1970
  std::function<void(Answered<RankedList>)> done;  // called once, on the thread that ranked
};

class Ranking {
 public:
  static constexpr std::size_t max_together = PersonalGroup::max_users;

  // Both must outlive the ranking.
  Ranking(Users& users, Metrics& metrics) : users_(users), metrics_(metrics) {}

  // Ranks for at most max_together tasks of one version and calls done of each. The lists are those of each alone.
  void rank(std::span<RankTask> tasks, Scratch& scratch);

 private:
  [[nodiscard]] Answered<PersonalUser> user_of(const RankTask& task, ModelScratch& own, Scratch& scratch);
  [[nodiscard]] std::optional<ShownList> shadow_list(const RankTask& task, Scratch& scratch);

  Users& users_;
  Metrics& metrics_;
};

}  // namespace sotto::serve
