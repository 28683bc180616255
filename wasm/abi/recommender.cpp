// Models and sessions behind the C ABI: handles are pointers, bytes cross once, nothing is decided here. What sessions
// learn is in learning.cpp.
#include "export.hpp"
#include "last_error.hpp"
#include "seconds.hpp"

#include <sotto/base/internal/bytes.hpp>
#include <sotto/personal/owning_personal_session.hpp>
#include <sotto/runtime/explanation.hpp>
#include <sotto/runtime/recommender.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace {

using sotto::ItemIndex;
using PersonalSession = sotto::OwningPersonalSession;
using sotto::Recommender;
using sotto::ScoredItem;
using sotto::abi::fail;
using sotto::abi::status_code;
using sotto::abi::to_seconds;

constexpr std::uint32_t abi_version = 5;
// As the host reads them: item, age, logit, history, counts.
static_assert(sizeof(sotto::EventContribution) == 5 * sizeof(std::int32_t));
constexpr float score_unit = 1.0F / static_cast<float>(1 << sotto::score_bits);

}  // namespace

SOTTO_EXPORT(sotto_abi_version) std::uint32_t sotto_abi_version() { return abi_version; }

SOTTO_EXPORT(sotto_open) Recommender* sotto_open(std::byte* bytes, std::uint32_t size) {
  // The host shows items and licence, and reads them itself.
  auto opened = Recommender::open(sotto::AlignedBuffer<std::byte>::adopt(bytes, size), sotto::leave_out_info);
  if (!opened) {
    fail(std::move(opened).error());
    return nullptr;
  }
  return std::move(opened).value().release();
}

SOTTO_EXPORT(sotto_close) void sotto_close(Recommender* model) { delete model; }

SOTTO_EXPORT(sotto_kernels) const char* sotto_kernels(const Recommender* model) {
  return model->engine().kernels().name;
}

SOTTO_EXPORT(sotto_items) std::uint32_t sotto_items(const Recommender* model) {
  return model->engine().architecture().items;
}

SOTTO_EXPORT(sotto_fingerprint) void sotto_fingerprint(const Recommender* model, std::byte* out) {
  sotto::store_le(out, model->engine().fingerprint());
}

SOTTO_EXPORT(sotto_sketch_head) void sotto_sketch_head(Recommender* model) { model->sketch_head(); }

SOTTO_EXPORT(sotto_session_new) PersonalSession* sotto_session_new(const Recommender* model) {
  return new PersonalSession(model->engine());
}

SOTTO_EXPORT(sotto_session_free) void sotto_session_free(PersonalSession* session) { delete session; }

SOTTO_EXPORT(sotto_session_reset) void sotto_session_reset(PersonalSession* session) { session->reset(); }

SOTTO_EXPORT(sotto_events) std::uint32_t sotto_events(const PersonalSession* session) {
  return session->user().state().events();
}

SOTTO_EXPORT(sotto_recommend)
std::int32_t sotto_recommend(PersonalSession* session, double now, std::uint32_t by_base, std::uint32_t k,
                             const ItemIndex* exclude, std::uint32_t exclude_count, const std::uint8_t* allowed,
                             std::int32_t diversity, ItemIndex* items, float* scores) {
  static std::vector<ScoredItem> best;  // grows to the largest k asked for, then allocates no more
  const std::size_t all = session->model().engine().architecture().items;
  best.resize(std::min<std::size_t>(k, all));
  const sotto::RecommendOptions options{{exclude, exclude_count}, {allowed, allowed == nullptr ? 0 : all}, diversity};
  const std::size_t found = by_base != 0 ? session->recommend_base(to_seconds(now), options, best)
                                         : session->recommend(to_seconds(now), options, best);
  for (std::size_t i = 0; i < found; ++i) {
    items[i] = best[i].item;
    scores[i] = static_cast<float>(best[i].score) * score_unit;
  }
  return static_cast<std::int32_t>(found);
}

SOTTO_EXPORT(sotto_candidate_scores)
std::int32_t sotto_candidate_scores(PersonalSession* session, double now, const ItemIndex* candidates,
                                    std::uint32_t count, std::int32_t* logits) {
  return status_code(session->candidate_scores(to_seconds(now), {candidates, count}, {logits, count}));
}

SOTTO_EXPORT(sotto_why)
std::int32_t sotto_why(const PersonalSession* session, ItemIndex item, sotto::EventContribution* out) {
  sotto::Workspace workspace(session->model().engine());
  auto contributions = sotto::why(session->model().engine(), session->user().state(), item, workspace);
  if (!contributions) return fail(std::move(contributions).error());
  std::ranges::copy(*contributions, out);
  return static_cast<std::int32_t>(contributions->size());
}

SOTTO_EXPORT(sotto_base_scores) const std::int32_t* sotto_base_scores(PersonalSession* session) {
  return session->base_scores().data();
}

SOTTO_EXPORT(sotto_relearn) std::uint32_t sotto_relearn(PersonalSession* session, std::uint32_t events) {
  return static_cast<std::uint32_t>(session->relearn(events));
}

SOTTO_EXPORT(sotto_state_size) std::uint32_t sotto_state_size(const PersonalSession* session) {
  return static_cast<std::uint32_t>(session->state_size());
}

SOTTO_EXPORT(sotto_state_export) void sotto_state_export(const PersonalSession* session, std::byte* out) {
  session->export_state({out, session->state_size()});
}

SOTTO_EXPORT(sotto_state_import)
std::int32_t sotto_state_import(PersonalSession* session, const std::byte* bytes, std::uint32_t size) {
  return status_code(session->import_state({bytes, size}));
}

SOTTO_EXPORT(sotto_state_merge)
std::int32_t sotto_state_merge(PersonalSession* session, const std::byte* bytes, std::uint32_t size) {
  return status_code(session->merge_state({bytes, size}));
}

SOTTO_EXPORT(sotto_state_carry_over)
std::int32_t sotto_state_carry_over(PersonalSession* session, const std::byte* bytes, std::uint32_t size,
                                    const sotto::ItemPair* pairs, std::uint32_t count) {
  return status_code(session->carry_over_state({bytes, size}, {pairs, count}));
}
