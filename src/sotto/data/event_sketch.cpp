#include <sotto/base/hash.hpp>
#include <sotto/data/event_encoding.hpp>
#include <sotto/data/event_sketch.hpp>

#include <algorithm>
#include <limits>

namespace sotto::data {
namespace {

// The number of earlier events that are checked for repeats. It limits the work for logs whose timestamps are all
// equal.
constexpr std::size_t max_events_back = 1000;

// Returns the number of identical events (same item, same second) that the user has before this one.
std::uint32_t earlier_repeats(const Interactions& log, std::size_t user, std::size_t event) noexcept {
  const std::size_t first = std::max(log.user_begin[user], event - std::min(event, max_events_back));
  std::uint32_t repeats = 0;
  for (std::size_t i = event; i > first && log.timestamp[i - 1] == log.timestamp[event]; --i) {
    if (log.item[i - 1] == log.item[event]) ++repeats;
  }
  return repeats;
}

}  // namespace

std::uint32_t event_hash(const Interactions& log, std::size_t user, std::size_t event) {
  thread_local std::vector<std::byte> bytes;
  bytes.clear();
  append_id(bytes, log.user_ids[user]);
  append_id(bytes, log.item_ids[log.item[event]]);
  append_number(bytes, log.timestamp[event]);
  append_number(bytes, earlier_repeats(log, user, event));
  return static_cast<std::uint32_t>(xxh64(bytes));
}

std::vector<std::uint32_t> sketch_training_events(const Split& split) {
  const Interactions& log = split.log();
  std::vector<std::uint32_t> hashes;
  std::uint32_t largest = std::numeric_limits<std::uint32_t>::max();  // the max hash of a candidate
  const auto keep_smallest = [&] {
    std::ranges::sort(hashes);
    hashes.erase(std::ranges::unique(hashes).begin(), hashes.end());
    if (hashes.size() < event_sketch_size) return;
    hashes.resize(event_sketch_size);
    largest = hashes.back();
  };
  for (std::size_t user = 0; user < log.users(); ++user) {
    const std::size_t begin = log.user_begin[user];
    const std::size_t end = begin + split.training_items(user).size();
    for (std::size_t event = begin; event < end; ++event) {
      const std::uint32_t hash = event_hash(log, user, event);
      if (hash <= largest) hashes.push_back(hash);
      if (hashes.size() == 16 * event_sketch_size) keep_smallest();
    }
  }
  keep_smallest();
  hashes.shrink_to_fit();
  return hashes;
}

SketchOverlap overlap_with_targets(const Split& split, const std::vector<std::uint32_t>& sketch) {
  SketchOverlap overlap;
  if (sketch.empty()) return overlap;
  // A sketch that is not full contains every training event.
  const std::uint32_t largest =
      sketch.size() < event_sketch_size ? std::numeric_limits<std::uint32_t>::max() : sketch.back();
  const Interactions& log = split.log();
  for (std::size_t user = 0; user < log.users(); ++user) {
    const std::size_t events = log.items_of(user).size();
    const EventRange targets =
        split.kind() == SplitKind::none ? EventRange{events - 1, events} : split.test_targets(user);
    for (std::size_t event = targets.begin; event < targets.end; ++event) {
      const std::uint32_t hash = event_hash(log, user, log.user_begin[user] + event);
      if (hash > largest) continue;
      ++overlap.sampled;
      if (std::ranges::binary_search(sketch, hash)) ++overlap.seen;
    }
  }
  return overlap;
}

}  // namespace sotto::data
