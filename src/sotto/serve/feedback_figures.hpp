// The feedback loop's figures of this process, and how they get into the store.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/serve/feedback_loop.hpp>
#include <sotto/serve/figures.hpp>
#include <sotto/store/store.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sotto::serve {

// How often Service calls flush(): a crash loses the figures of so many seconds.
inline constexpr int figures_flush_seconds = 10;
// How long figures are kept.
inline constexpr std::int64_t figures_days = 90;

class FeedbackFigures final : public FeedbackLoop {
 public:
  // `server` is this process's own name among those that share the store, such as 16 random hexadecimal digits. No
  // other process may have it, also no later one.
  explicit FeedbackFigures(std::string server);

  void shown(const LoadedModel& version, std::span<const ItemIndex> items, std::int64_t micros,
             std::int64_t now) override;
  void chosen(const Recommendation& list, const Choice& choice, std::int64_t now) override;

  // Writes what was added since the last flush. For one background thread, and once more at the end. After a failure
  // nothing is lost: the next call writes it again.
  [[nodiscard]] Status flush(store::Store& store, std::int64_t now);

  // The figures of each version since this process began.
  [[nodiscard]] std::map<std::uint64_t, Figures> totals();

 private:
  struct Key {
    std::int64_t period = 0;
    std::uint64_t version = 0;
    auto operator<=>(const Key&) const = default;
  };
  // A thread adds to one shard, so that threads rarely wait for each other.
  struct alignas(64) Shard {
    std::mutex mutex;
    std::map<Key, Figures> figures;
  };
  // A row of the store, which holds all that was added to it since the process began. Writing it again changes nothing.
  struct Row {
    std::string server;
    Figures figures;
    std::uint64_t changes = 0;
    std::uint64_t written_changes = 0;
  };

  [[nodiscard]] Shard& shard_of_this_thread();
  void collect();  // moves the shards' figures into the rows

  std::string server_;
  std::array<Shard, 16> shards_;
  std::mutex mutex_;  // of what follows
  // Grows when rows leave memory. It is part of the server's name in a row, so that a row that is begun again, after
  // the clock was set back, does not replace the first one.
  std::uint64_t epoch_ = 0;
  std::map<Key, Row> rows_;
  std::map<std::uint64_t, Figures> totals_;
};

}  // namespace sotto::serve
