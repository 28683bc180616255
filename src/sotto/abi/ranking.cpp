// Scores, recommendations and their reasons, written into the caller's memory.
#include <sotto/abi/border.hpp>

#include <sotto/numeric/formats.hpp>
#include <sotto/runtime/diverse_ranking.hpp>
#include <sotto/runtime/explanation.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

using namespace sotto::abi;

namespace {

using sotto::ErrorCode;
using sotto::RecommendOptions;
using sotto::ScoredItem;

static_assert(SOTTO_SCORE_ONE == 1 << sotto::score_bits);
static_assert(SOTTO_MAX_DIVERSITY == sotto::max_diversity);
static_assert(SOTTO_MAX_EXPLAINED_EVENTS == sotto::max_explained_events);

constexpr sotto_ranking plain_ranking{};

std::int32_t check_ranking(const sotto_ranking& ranking) {
  if (const auto refused = check_array(ranking.exclude, ranking.exclude_count, "exclude"); refused != SOTTO_OK) {
    return refused;
  }
  if (ranking.diversity >= 0 && ranking.diversity <= SOTTO_MAX_DIVERSITY) return SOTTO_OK;
  return fail({ErrorCode::invalid_argument, "the diversity " + std::to_string(ranking.diversity) + " is not 0 to " +
                                                std::to_string(SOTTO_MAX_DIVERSITY)});
}

std::int32_t check_best(const sotto_scored_item* best, std::uint32_t k) {
  if (const auto refused = check_given(best, "best"); refused != SOTTO_OK) return refused;
  if (k > 0) return SOTTO_OK;
  return fail({ErrorCode::invalid_argument, "the argument k is 0"});
}

RecommendOptions options_of(const sotto_ranking& ranking, std::size_t items) noexcept {
  return {.exclude = span_of(ranking.exclude, ranking.exclude_count),
          .allowed = {ranking.allowed, ranking.allowed == nullptr ? 0 : items},
          .diversity = ranking.diversity};
}

// Copies the items that `find` puts into the workspace's list, max k, to the caller's memory.
template <class Find>
std::int32_t write_best(sotto_workspace& workspace, std::uint32_t k, sotto_scored_item* out, Find find) {
  workspace.best.resize(std::min(k, workspace.opened->engine().architecture().items));
  const std::size_t found = find(std::span(workspace.best));
  for (std::size_t rank = 0; rank < found; ++rank) out[rank] = {workspace.best[rank].item, workspace.best[rank].score};
  return static_cast<std::int32_t>(found);
}

}  // namespace

std::int32_t sotto_scores(sotto_user* user, sotto_workspace* workspace, double now, std::uint32_t base,
                          std::int32_t* scores, std::uint32_t capacity) {
  if (const auto refused = check_pair(user, workspace); refused != SOTTO_OK) return refused;
  const std::uint32_t items = user->opened->engine().architecture().items;
  if (const auto refused = check_room(scores, capacity, items, "scores"); refused != SOTTO_OK) return refused;
  const auto seconds = seconds_of(now);
  if (!seconds) return SOTTO_INVALID_ARGUMENT;
  auto session = session_of(*user, *workspace);
  std::ranges::copy(base != 0 ? session.base_scores() : session.scores(*seconds), scores);
  return static_cast<std::int32_t>(items);
}

std::int32_t sotto_candidate_scores(sotto_user* user, sotto_workspace* workspace, double now,
                                    const std::uint32_t* candidates, std::int32_t* scores, std::uint32_t count) {
  if (const auto refused = check_pair(user, workspace); refused != SOTTO_OK) return refused;
  if (const auto refused = check_array(candidates, count, "candidates"); refused != SOTTO_OK) return refused;
  if (const auto refused = check_array(scores, count, "scores"); refused != SOTTO_OK) return refused;
  const auto seconds = seconds_of(now);
  if (!seconds) return SOTTO_INVALID_ARGUMENT;
  return result_of(
      session_of(*user, *workspace).candidate_scores(*seconds, span_of(candidates, count), span_of(scores, count)));
}

std::int32_t sotto_recommend(sotto_user* user, sotto_workspace* workspace, double now, const sotto_ranking* ranking,
                             sotto_scored_item* best, std::uint32_t k) {
  if (const auto refused = check_pair(user, workspace); refused != SOTTO_OK) return refused;
  const sotto_ranking& wanted = ranking == nullptr ? plain_ranking : *ranking;
  if (const auto refused = check_ranking(wanted); refused != SOTTO_OK) return refused;
  if (const auto refused = check_best(best, k); refused != SOTTO_OK) return refused;
  const auto seconds = seconds_of(now);
  if (!seconds) return SOTTO_INVALID_ARGUMENT;
  auto session = session_of(*user, *workspace);
  const auto options = options_of(wanted, user->opened->engine().architecture().items);
  return write_best(*workspace, k, best, [&](std::span<ScoredItem> found) {
    return wanted.base != 0 ? session.recommend_base(*seconds, options, found)
                            : session.recommend(*seconds, options, found);
  });
}

std::int32_t sotto_popular(const sotto_model* model, sotto_workspace* workspace, const sotto_ranking* ranking,
                           sotto_scored_item* best, std::uint32_t k) {
  if (const auto refused = check_given(model, "model"); refused != SOTTO_OK) return refused;
  if (const auto refused = check_given(workspace, "workspace"); refused != SOTTO_OK) return refused;
  if (model->opened != workspace->opened) {
    return fail({ErrorCode::mismatch, "the workspace belongs to another model"});
  }
  const sotto_ranking& wanted = ranking == nullptr ? plain_ranking : *ranking;
  if (const auto refused = check_ranking(wanted); refused != SOTTO_OK) return refused;
  if (const auto refused = check_best(best, k); refused != SOTTO_OK) return refused;
  const sotto::Engine& engine = model->opened->engine();
  sotto::UserState stranger(engine);
  sotto::Session session(engine, stranger, workspace->value.base());
  const auto options = options_of(wanted, engine.architecture().items);
  return write_best(*workspace, k, best,
                    [&](std::span<ScoredItem> found) { return session.recommend(options, found); });
}

std::int32_t sotto_why(const sotto_user* user, sotto_workspace* workspace, std::uint32_t item,
                       sotto_contribution* contributions, std::uint32_t capacity) {
  if (const auto refused = check_pair(user, workspace); refused != SOTTO_OK) return refused;
  const sotto::UserState& state = user->value.state();
  const std::size_t explained = std::min(state.history().size(), sotto::max_explained_events);
  if (const auto refused = check_room(contributions, capacity, explained, "contributions"); refused != SOTTO_OK) {
    return refused;
  }
  const auto reasons = sotto::why(user->opened->engine(), state, item, workspace->value.base());
  if (!reasons) return fail(reasons.error());
  std::ranges::transform(*reasons, contributions, [](const sotto::EventContribution& one) {
    return sotto_contribution{one.item, one.age, one.logit, one.history, one.counts};
  });
  return static_cast<std::int32_t>(reasons->size());
}
