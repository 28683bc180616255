#include <sotto/serve/feedback_figures.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <utility>

namespace sotto::serve {
namespace {

// Figures of past periods stay in memory for so long, for what arrives late.
constexpr std::int64_t kept_seconds = 2 * period_seconds;

}  // namespace

FeedbackFigures::FeedbackFigures(std::string server) : server_(std::move(server)) {}

FeedbackFigures::Shard& FeedbackFigures::shard_of_this_thread() {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t thread = threads.fetch_add(1);
  return shards_[thread % shards_.size()];
}

void FeedbackFigures::shown(const LoadedModel& version, std::span<const ItemIndex> items, std::int64_t micros,
                            std::int64_t now) {
  Shard& shard = shard_of_this_thread();
  const std::scoped_lock lock(shard.mutex);
  Figures& figures = shard.figures[{period_of(now), version.fingerprint()}];
  if (figures.items.catalogue_items() == 0) figures.items = ShownItems(version.catalogue().size());
  figures.lists += 1;
  for (const ItemIndex item : items.first(std::min(items.size(), figures_at))) figures.items.add(item);
  figures.latency.add(micros);
}

void FeedbackFigures::chosen(const Recommendation& list, const Choice& choice, std::int64_t now) {
  const std::int64_t period = period_of(now);
  const std::optional<std::size_t> rank = rank_of(list.shown.items, choice.item);
  Shard& shard = shard_of_this_thread();
  const std::scoped_lock lock(shard.mutex);
  shard.figures[{period, list.shown.version}].choices.add(rank);
  if (!list.shadow) return;
  shard.figures[{period, list.shadow->version}].as_shadow.add(rank, rank_of(list.shadow->items, choice.in_shadow));
}

void FeedbackFigures::collect() {
  for (Shard& shard : shards_) {
    std::map<Key, Figures> figures;
    {
      const std::scoped_lock lock(shard.mutex);
      figures.swap(shard.figures);
    }
    for (const auto& [key, added] : figures) {
      Row& row = rows_[key];
      if (row.server.empty()) row.server = server_ + "." + std::to_string(epoch_);
      row.figures.add(added);
      row.changes += 1;
      totals_[key.version].add(added);
    }
  }
}

Status FeedbackFigures::flush(store::Store& store, std::int64_t now) {
  std::vector<store::FiguresRow> rows;
  std::vector<std::pair<Key, std::uint64_t>> written;
  {
    const std::scoped_lock lock(mutex_);
    collect();
    for (const auto& [key, row] : rows_) {
      if (row.changes == row.written_changes) continue;
      rows.push_back({key.period, row.server, fmt::format("{:016x}", key.version), to_text(row.figures)});
      written.emplace_back(key, row.changes);
    }
  }
  if (!rows.empty()) {
    if (Status status = store.put_figures(rows); !status) return status;
  }
  const std::scoped_lock lock(mutex_);
  for (const auto& [key, changes] : written) rows_[key].written_changes = changes;
  const std::size_t removed = std::erase_if(rows_, [now](const auto& entry) {
    const auto& [key, row] = entry;
    return row.changes == row.written_changes && key.period <= now - kept_seconds - period_seconds;
  });
  if (removed > 0) ++epoch_;
  return Ok{};
}

std::map<std::uint64_t, Figures> FeedbackFigures::totals() {
  const std::scoped_lock lock(mutex_);
  collect();
  return totals_;
}

}  // namespace sotto::serve
