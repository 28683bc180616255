#include <sotto/aggregate/release.hpp>

#include <sotto/aggregate/batch_noise.hpp>
#include <sotto/aggregate/sha256.hpp>
#include <sotto/aggregate/trend_state_bytes.hpp>
#include <sotto/sync/trend_rule.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace sotto::aggregate {
namespace {

constexpr std::size_t shown_changes = 20;
// The rule's own lower bound of an expected count (sync/trend_rule.cpp).
constexpr double min_expected_count = 1e-3;

std::vector<bool> new_slots(const SyncModel& model) {
  std::vector<bool> is_new(model.slots.slot_count());
  for (std::uint32_t slot = 0; slot < model.slots.slot_count(); ++slot) {
    is_new[slot] = model.slots.kind_of(slot) == sync::SlotKind::untrained;
  }
  return is_new;
}

sync::TrendFile trend_file_of(const sync::TrendUpdate& update, const sync::TrendState& state, const SyncModel& model,
                              std::uint64_t version) {
  sync::TrendFile file;
  file.version = version;
  file.slots = slots_fingerprint_of(model);
  file.values.resize(model.slots.slot_count());
  for (std::uint32_t slot = 1; slot < model.slots.slot_count(); ++slot) {
    const auto ratio = static_cast<double>(update.log_ratio[slot]);
    const sync::SlotKind kind = model.slots.kind_of(slot);
    if (kind == sync::SlotKind::trained) {
      file.values[slot] = sync::trend_ratio(ratio);
    } else if (kind == sync::SlotKind::untrained) {
      // The rule's ratio is to the expected count; a device needs the probability itself.
      const double expected = std::max(model.expected[slot] * state.reports, min_expected_count);
      file.values[slot] = ratio > 0
                              ? sync::trend_log_probability(std::min(ratio + std::log(expected / state.reports), 0.0))
                              : sync::trend_zero_probability;
    }
  }
  return file;
}

sync::TrendFile empty_trend(const SyncModel& model, std::uint64_t version) {
  sync::TrendUpdate nothing;
  nothing.log_ratio.resize(model.slots.slot_count());
  sync::TrendState state;
  state.reports = 1;
  return trend_file_of(nothing, state, model, version);
}

nlohmann::json changes_of(const sync::TrendUpdate& update, std::span<const std::int64_t> histogram,
                          const SyncModel& model, std::uint64_t reports) {
  std::vector<std::uint32_t> slots;
  for (std::uint32_t slot = 1; slot < model.slots.slot_count(); ++slot) {
    // The noise is on slots without an item, too.
    if (update.log_ratio[slot] != 0 && model.slots.kind_of(slot) != sync::SlotKind::unused) slots.push_back(slot);
  }
  std::ranges::sort(slots, [&](std::uint32_t a, std::uint32_t b) {
    const float left = std::abs(update.log_ratio[a]);
    const float right = std::abs(update.log_ratio[b]);
    return left != right ? left > right : a < b;
  });
  if (slots.size() > shown_changes) slots.resize(shown_changes);
  nlohmann::json changes = nlohmann::json::array();
  for (const std::uint32_t slot : slots) {
    const std::uint32_t item = model.slots.item_of(slot);
    changes.push_back({{"slot", slot},
                       {"item", item < model.item_ids.size() ? model.item_ids[item] : std::string()},
                       {"title", item < model.item_titles.size() ? model.item_titles[item] : std::string()},
                       {"new", model.slots.kind_of(slot) == sync::SlotKind::untrained},
                       {"count", histogram[slot]},
                       {"expected", model.expected[slot] * static_cast<double>(reports)},
                       {"log_ratio", update.log_ratio[slot]}});
  }
  return changes;
}

std::string text_of(const nlohmann::json& document) {
  return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<store::Bytes> encoded_trend(const sync::TrendFile& file) { return file.encode(); }

}  // namespace

sync::SlotsFingerprint slots_fingerprint_of(const SyncModel& model) {
  return sync::slots_fingerprint(sha256(model.slots.encode()));
}

Result<store::Release> make_release(const ReleasedBatch& batch, const SyncModel& model,
                                    const std::optional<store::Release>& previous) {
  sync::TrendState state;
  if (previous) {
    auto file = sync::TrendFile::decode(previous->trend_file);
    if (!file) return std::move(file).error();
    if (file->slots == slots_fingerprint_of(model)) {
      auto carried = decode_trend_state(previous->trend_state);
      if (!carried) return std::move(carried).error();
      state = std::move(*carried);
    }
  }
  const sync::Batch counted{batch.histogram, batch.reports, histogram_noise_variance(batch.noise_thousandths)};
  auto update = sync::update_trend(state, counted, model.expected, new_slots(model));
  if (!update) return std::move(update).error();
  store::Release release;
  release.version = previous ? previous->version + 1 : 1;
  release.task = batch.task;
  release.batch = batch.batch;
  release.reports = batch.reports;
  release.at = batch.now;
  release.histogram = encode_histogram(batch.histogram);
  auto file = encoded_trend(trend_file_of(*update, state, model, release.version));
  if (!file) return std::move(file).error();
  release.trend_file = std::move(*file);
  release.trend_state = encode_trend_state(state);
  release.figures = text_of({{"gain", update->gain},
                             {"gain_error", update->gain_error},
                             {"prior", update->prior},
                             {"changes", changes_of(*update, batch.histogram, model, batch.reports)}});
  return release;
}

Result<store::Release> make_rollback(const std::optional<store::Release>& earlier, std::uint64_t next_version,
                                     const store::Id32& task, const SyncModel& model, std::int64_t now) {
  sync::TrendFile file = empty_trend(model, next_version);
  store::Release release;
  double prior = 0;
  nlohmann::json changes = nlohmann::json::array();
  if (earlier) {
    auto decoded = sync::TrendFile::decode(earlier->trend_file);
    if (!decoded) return std::move(decoded).error();
    if (decoded->slots != file.slots) {
      return Error{ErrorCode::mismatch, "the earlier trend belongs to another slot map"};
    }
    file.values = std::move(decoded->values);
    release.trend_state = earlier->trend_state;
    prior = prior_of(*earlier);
    const auto figures = nlohmann::json::parse(earlier->figures, nullptr, false);
    if (figures.is_object() && figures.contains("changes")) changes = figures["changes"];
  }
  auto encoded = encoded_trend(file);
  if (!encoded) return std::move(encoded).error();
  release.version = next_version;
  release.task = task;
  release.at = now;
  release.trend_file = std::move(*encoded);
  release.figures =
      text_of({{"rolled_back_to", earlier ? earlier->version : 0}, {"prior", prior}, {"changes", std::move(changes)}});
  return release;
}

double prior_of(const store::Release& release) {
  const auto figures = nlohmann::json::parse(release.figures, nullptr, false);
  if (!figures.is_object()) return 0;
  const auto prior = figures.find("prior");
  return prior != figures.end() && prior->is_number() ? prior->get<double>() : 0;
}

}  // namespace sotto::aggregate
