// Models and sessions behind the C ABI: handles are pointers, bytes cross once, nothing is decided here.
#include "export.hpp"
#include "last_error.hpp"

#include <sotto/base/bytes.hpp>
#include <sotto/runtime/recommender.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace {

using sotto::ItemIndex;
using sotto::Recommender;
using sotto::ScoredItem;
using sotto::Session;
using sotto::abi::fail;

constexpr std::uint32_t abi_version = 2;
// As the host reads them: item, age, logit, history, counts.
static_assert(sizeof(sotto::EventContribution) == 5 * sizeof(std::int32_t));
constexpr float score_unit = 1.0F / static_cast<float>(1 << sotto::score_bits);

}  // namespace

SOTTO_EXPORT(sotto_abi_version) std::uint32_t sotto_abi_version() { return abi_version; }

SOTTO_EXPORT(sotto_open) Recommender* sotto_open(std::byte* bytes, std::uint32_t size) {
  // The host shows the items, and reads the catalogue itself.
  auto opened = Recommender::open(sotto::AlignedBuffer<std::byte>::adopt(bytes, size), sotto::CatalogueUse::left_out);
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

SOTTO_EXPORT(sotto_session_new) Session* sotto_session_new(const Recommender* model) {
  return new Session(model->engine());
}

SOTTO_EXPORT(sotto_session_free) void sotto_session_free(Session* session) { delete session; }

SOTTO_EXPORT(sotto_session_reset) void sotto_session_reset(Session* session) { session->reset(); }

SOTTO_EXPORT(sotto_events) std::uint32_t sotto_events(const Session* session) { return session->events(); }

SOTTO_EXPORT(sotto_observe) std::int32_t sotto_observe(Session* session, ItemIndex item) {
  auto status = session->observe(item);
  return status ? 0 : fail(std::move(status).error());
}

SOTTO_EXPORT(sotto_observe_all)
std::int32_t sotto_observe_all(Session* session, const ItemIndex* items, std::uint32_t count) {
  auto status = session->observe_all({items, count});
  return status ? 0 : fail(std::move(status).error());
}

SOTTO_EXPORT(sotto_recommend)
std::int32_t sotto_recommend(Session* session, std::uint32_t k, const ItemIndex* exclude, std::uint32_t exclude_count,
                             const std::uint8_t* allowed, std::int32_t diversity, ItemIndex* items, float* scores) {
  static std::vector<ScoredItem> best;  // grows to the largest k asked for, then allocates no more
  const std::size_t all = session->items();
  best.resize(std::min<std::size_t>(k, all));
  const sotto::RecommendOptions options{{exclude, exclude_count}, {allowed, allowed == nullptr ? 0 : all}, diversity};
  const std::size_t found = session->recommend(options, best);
  for (std::size_t i = 0; i < found; ++i) {
    items[i] = best[i].item;
    scores[i] = static_cast<float>(best[i].score) * score_unit;
  }
  return static_cast<std::int32_t>(found);
}

SOTTO_EXPORT(sotto_candidate_scores)
std::int32_t sotto_candidate_scores(Session* session, const ItemIndex* candidates, std::uint32_t count,
                                    std::int32_t* logits) {
  auto status = session->candidate_scores({candidates, count}, {logits, count});
  return status ? 0 : fail(std::move(status).error());
}

SOTTO_EXPORT(sotto_why)
std::int32_t sotto_why(const Session* session, ItemIndex item, sotto::EventContribution* out) {
  auto contributions = session->why(item);
  if (!contributions) return fail(std::move(contributions).error());
  std::ranges::copy(*contributions, out);
  return static_cast<std::int32_t>(contributions->size());
}

SOTTO_EXPORT(sotto_scores) const std::int32_t* sotto_scores(Session* session) { return session->scores().data(); }

SOTTO_EXPORT(sotto_state_size) std::uint32_t sotto_state_size(const Session* session) {
  return static_cast<std::uint32_t>(session->state_size());
}

SOTTO_EXPORT(sotto_state_export) void sotto_state_export(const Session* session, std::byte* out) {
  session->export_state({out, session->state_size()});
}

SOTTO_EXPORT(sotto_state_import)
std::int32_t sotto_state_import(Session* session, const std::byte* bytes, std::uint32_t size) {
  auto status = session->import_state({bytes, size});
  return status ? 0 : fail(std::move(status).error());
}
