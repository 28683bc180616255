// Makes recommendations from all scores, or with the head's sketch.
#include <sotto/runtime/internal/head_input.hpp>
#include <sotto/runtime/session.hpp>

namespace sotto {
namespace {

// The reasons for which a ranking or a search leaves an item out. They are stored in the item's byte of
// Workspace::excluded_.
constexpr std::uint8_t excluded_by_caller = 1;
constexpr std::uint8_t scored_by_itself = 2;

}  // namespace

std::size_t Session::recommend(const RecommendOptions& options, std::span<ScoredItem> best) noexcept {
  return recommend_by({}, options, best);
}

std::size_t Session::recommend_by(std::span<const std::int32_t> scores, const RecommendOptions& options,
                                  std::span<ScoredItem> best) noexcept {
  const std::span excluded(workspace_->excluded_);
  const auto mark = [&](std::uint8_t value) {
    for (const auto items : {options.exclude, options.hidden}) {
      for (const ItemIndex item : items) {
        if (item < excluded.size()) excluded[item] = value;
      }
    }
  };
  DiverseRanking& diverse = workspace_->diverse_;
  const bool by_score_alone = options.diversity == 0;
  mark(excluded_by_caller);
  const std::size_t found = find_best(scores, options, by_score_alone ? best : diverse.candidates(best));
  mark(0);
  return by_score_alone ? found : diverse.rank(found, options.diversity, best);
}

std::size_t Session::find_best(std::span<const std::int32_t> given, const RecommendOptions& options,
                               std::span<ScoredItem> best) noexcept {
  const bool has_scores = !given.empty() || workspace_->scores_.of == state_->revision_;
  if (!has_scores && workspace_->sketch_search_ && !best.empty()) {
    TopK top(best);
    if (search(options, top)) return top.finish();
  }
  return top_k(engine_->kernels(), given.empty() ? scores() : given, workspace_->excluded_, options.allowed, best);
}

// The items that the history term and the count expert change are scored separately. The workspace's scores hold them
// and belong to no user meanwhile. The search covers the other items.
bool Session::search(const RecommendOptions& options, TopK& top) noexcept {
  SketchSearch& sketch_search = *workspace_->sketch_search_;
  const std::span excluded(workspace_->excluded_);
  auto& [scores, of] = workspace_->scores_;
  auto& touched = workspace_->touched_;
  of = Revision::none();
  sketch_search.set_input(workspace_->head_input_u7_.data(),
                          quantize_head_input(state_->head_input(), workspace_->head_input_u7_.data()));
  for (const ItemEvidence& e : history_evidence()) touch(e.item);
  for (const auto& [item, count] : counts()) touch(item);
  sketch_search.scores(touched, scores.data());
  add_terms(scores.span());
  for (const ItemIndex item : touched) {
    const bool may_come = excluded[item] == scored_by_itself && (options.allowed.empty() || options.allowed[item] != 0);
    const ScoredItem candidate{item, scores[item]};
    if (may_come && top.keeps(candidate)) top.insert(candidate);
  }
  const bool complete = sketch_search.insert_best(excluded, options.allowed, top);
  for (const ItemIndex item : touched) excluded[item] &= excluded_by_caller;
  touched.clear();
  return complete;
}

void Session::touch(ItemIndex item) noexcept {
  std::uint8_t& excluded = workspace_->excluded_[item];
  if ((excluded & scored_by_itself) != 0) return;
  excluded |= scored_by_itself;
  workspace_->touched_.push_back(item);
}

}  // namespace sotto
