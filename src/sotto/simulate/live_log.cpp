#include <sotto/evaluate/arms.hpp>
#include <sotto/simulate/live_log.hpp>

#include <algorithm>
#include <limits>

namespace sotto::simulate {

LiveLog::LiveLog(const data::Split& split, const Catalogue& catalogue, std::size_t every_nth_user)
    : split_(&split),
      index_of_(evaluate::map_items(split.log(), catalogue)),
      training_counts_(catalogue.size()),
      first_time_(std::numeric_limits<std::int64_t>::max()),
      counting_begins_(std::numeric_limits<std::int64_t>::max()) {
  const auto log_counts = data::training_counts(split);
  for (ItemIndex log_item = 0; log_item < log_counts.size(); ++log_item) {
    if (const ItemIndex ours = item(log_item); ours != evaluate::unknown_item) {
      training_counts_[ours] = log_counts[log_item];
    }
  }
  std::size_t place = 0;
  for (std::size_t user = 0; user < split.log().users(); ++user) {
    const auto items = split.log().items_of(user);
    const auto times = split.log().times_of(user);
    const LiveUser live{user, split.training_items(user).size(), items.size(), split.validation_targets(user),
                        split.test_targets(user)};
    if (live.begin == live.end || place++ % every_nth_user != 0) continue;
    users_.push_back(live);
    events_ += live.end - live.begin;
    unknown_events_ += static_cast<std::size_t>(
        std::ranges::count(items.subspan(live.begin), evaluate::unknown_item, [&](ItemIndex i) { return item(i); }));
    first_time_ = std::min(first_time_, times[live.begin]);
    if (!live.counted.empty()) counting_begins_ = std::min(counting_begins_, times[live.counted.begin]);
  }
}

}  // namespace sotto::simulate
