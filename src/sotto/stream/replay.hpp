// Folds every user of an event log and gives each one's state and recommendations.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/catalogue.hpp>
#include <sotto/personal/personal_model.hpp>
#include <sotto/stream/event_log.hpp>
#include <sotto/stream/user_fold.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace sotto::stream {

struct ReplayOptions {
  std::size_t top = 10;  // items of each list
  unsigned threads = 1;
  const std::atomic<bool>* stop = nullptr;  // when set, the replay ends with ErrorCode::interrupted
  std::function<void(std::uint64_t events)> on_progress = {};  // called at intervals on the caller's thread
};

struct Replayed {
  // {"user", "events", "model", "at", "items", "crc32c"} for each user with a folded event, by the bytes of their ids.
  std::vector<std::string> lines;
  FoldCounts counts;
};

// The result does not depend on the number of threads. Preconditions: the catalogue and the log's items are the
// model's.
[[nodiscard]] Result<Replayed> replay(const EventLog& log, const PersonalModel& model, const Catalogue& catalogue,
                                      const ReplayOptions& options);

}  // namespace sotto::stream
