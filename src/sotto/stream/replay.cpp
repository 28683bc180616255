#include <sotto/personal/personal_workspace.hpp>
#include <sotto/report/json.hpp>
#include <sotto/stream/replay.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <thread>
#include <utility>

namespace sotto::stream {
namespace {

std::string line_of(std::string_view user, UserFold& fold, const PersonalModel& model, const Catalogue& catalogue,
                    std::size_t top, PersonalWorkspace& workspace) {
  report::Json items = report::Json::array();
  for (const ItemIndex item : fold.recommend(top, workspace)) items.push_back(catalogue.item_ids[item]);
  return report::Json::object({{"user", user},
                               {"events", fold.counts().folded},
                               {"model", fmt::format("{:016x}", model.engine().fingerprint())},
                               {"at", *fold.latest()},
                               {"items", std::move(items)},
                               {"crc32c", fmt::format("{:08x}", fold.state_crc32c(workspace))}})
      .compact_text();
}

// Threads take the users one after the other.
class Replay {
 public:
  Replay(const EventLog& log, const PersonalModel& model, const Catalogue& catalogue, const ReplayOptions& options)
      : log_(log), model_(model), catalogue_(catalogue), options_(options), users_(log.users()), lines_(log.users()) {
    std::iota(users_.begin(), users_.end(), std::size_t{0});
    std::ranges::sort(users_, {}, [&](std::size_t user) { return log_.user_id(user); });
  }

  // Runs until no user is left. Only one thread has the counts of progress.
  void work(bool reports, FoldCounts& counts, Status& status) {
    PersonalWorkspace workspace(model_);
    for (std::size_t place = next_++; place < users_.size(); place = next_++) {
      UserFold fold(model_);
      status = fold_user(users_[place], fold, workspace, reports);
      if (!status) {
        failed_ = true;
        return;
      }
      if (fold.latest()) {
        lines_[place] = line_of(log_.user_id(users_[place]), fold, model_, catalogue_, options_.top, workspace);
      }
      counts.folded += fold.counts().folded;
      counts.late += fold.counts().late;
      counts.repeated += fold.counts().repeated;
    }
  }

  [[nodiscard]] std::vector<std::string> release_lines() {
    std::erase_if(lines_, [](const std::string& line) { return line.empty(); });
    return std::move(lines_);
  }

 private:
  Status fold_user(std::size_t user, UserFold& fold, PersonalWorkspace& workspace, bool reports) {
    for (std::size_t place = 0; place < log_.events_of(user); ++place) {
      if (failed_ || (options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed)))
        return Error{ErrorCode::interrupted, "interrupted while the events were folded"};
      if (auto taken = fold.take(log_.event(user, place), workspace); !taken) return taken;
      const std::uint64_t done = ++done_;
      if (reports && options_.on_progress) options_.on_progress(done);
    }
    return Ok{};
  }

  const EventLog& log_;
  const PersonalModel& model_;
  const Catalogue& catalogue_;
  const ReplayOptions& options_;
  std::vector<std::size_t> users_;
  std::vector<std::string> lines_;
  std::atomic<std::size_t> next_{0};
  std::atomic<std::uint64_t> done_{0};
  std::atomic<bool> failed_{false};
};

}  // namespace

Result<Replayed> replay(const EventLog& log, const PersonalModel& model, const Catalogue& catalogue,
                        const ReplayOptions& options) {
  Replay replay(log, model, catalogue, options);
  const std::size_t threads = std::max(1U, options.threads);
  std::vector<FoldCounts> counts(threads);
  std::vector<Status> statuses(threads, Status(Ok{}));
  {
    std::vector<std::jthread> others;
    for (std::size_t n = 1; n < threads; ++n)
      others.emplace_back([&, n] { replay.work(false, counts[n], statuses[n]); });
    replay.work(true, counts[0], statuses[0]);
  }
  // The error of one thread interrupts the others.
  const Status* failure = nullptr;
  for (const Status& status : statuses) {
    if (!status && (failure == nullptr || failure->error().code == ErrorCode::interrupted)) failure = &status;
  }
  if (failure != nullptr) return failure->error();
  Replayed replayed{.lines = replay.release_lines(), .counts = {}};
  for (const FoldCounts& part : counts) {
    replayed.counts.folded += part.folded;
    replayed.counts.late += part.late;
    replayed.counts.repeated += part.repeated;
  }
  return replayed;
}

}  // namespace sotto::stream
