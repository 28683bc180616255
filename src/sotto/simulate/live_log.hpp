// The part of a log that the simulated devices live through: all events after training, of all users or of some.
#pragma once

#include <sotto/data/split.hpp>
#include <sotto/evaluate/arm.hpp>
#include <sotto/model/catalogue.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sotto::simulate {

// A user with at least one event after training.
struct LiveUser {
  std::size_t user = 0;  // of the log
  std::size_t begin = 0;  // the first event that the device learns from; the earlier ones are recalled
  std::size_t end = 0;
  data::EventRange warm_up;  // targets that are ranked, but that do not count: those of the validation
  data::EventRange counted;  // targets that count: those of the test
};

class LiveLog {
 public:
  // Takes every n-th user with events after training, n ≥ 1. The split must outlive the live log.
  LiveLog(const data::Split& split, const Catalogue& catalogue, std::size_t every_nth_user);

  [[nodiscard]] const data::Split& split() const noexcept { return *split_; }
  [[nodiscard]] const std::vector<LiveUser>& users() const noexcept { return users_; }
  [[nodiscard]] std::size_t events() const noexcept { return events_; }
  // Events and counted targets on items that the model does not have.
  [[nodiscard]] std::size_t unknown_events() const noexcept { return unknown_events_; }
  // The times of the first event and of the first counted target. Without a counted target, the second has no meaning.
  [[nodiscard]] std::int64_t first_time() const noexcept { return first_time_; }
  [[nodiscard]] std::int64_t counting_begins() const noexcept { return counting_begins_; }

  // Maps an item of the log to the catalogue's, or to evaluate::unknown_item.
  [[nodiscard]] ItemIndex item(ItemIndex log_item) const noexcept {
    return index_of_.empty() ? log_item : index_of_[log_item];
  }
  // The number of training events of each item of the catalogue.
  [[nodiscard]] const std::vector<std::uint64_t>& training_counts() const noexcept { return training_counts_; }

 private:
  const data::Split* split_;
  std::vector<ItemIndex> index_of_;
  std::vector<std::uint64_t> training_counts_;
  std::vector<LiveUser> users_;
  std::size_t events_ = 0;
  std::size_t unknown_events_ = 0;
  std::int64_t first_time_;
  std::int64_t counting_begins_;
};

}  // namespace sotto::simulate
