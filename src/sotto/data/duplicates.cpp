#include <sotto/data/duplicates.hpp>
#include <sotto/data/event_filter.hpp>

#include <algorithm>
#include <utility>

namespace sotto::data {

std::vector<bool> find_duplicates(const Interactions& log) {
  std::vector<bool> duplicate(log.events());
  std::vector<std::pair<ItemIndex, std::size_t>> same_second;
  for (std::size_t user = 0; user < log.users(); ++user) {
    const std::size_t end = log.user_begin[user + 1];
    std::size_t next = 0;
    for (std::size_t begin = log.user_begin[user]; begin < end; begin = next) {
      next = begin + 1;
      while (next < end && log.timestamp[next] == log.timestamp[begin]) ++next;
      if (next - begin == 1) continue;
      same_second.clear();
      for (std::size_t event = begin; event < next; ++event) same_second.emplace_back(log.item[event], event);
      std::ranges::sort(same_second);
      for (std::size_t i = 1; i < same_second.size(); ++i)
        duplicate[same_second[i].second] = same_second[i].first == same_second[i - 1].first;
    }
  }
  return duplicate;
}

std::size_t drop_duplicates(Interactions& log) {
  std::vector<bool> keep = find_duplicates(log);
  const auto duplicates = static_cast<std::size_t>(std::ranges::count(keep, true));
  keep.flip();
  if (duplicates > 0) keep_events(log, keep);
  return duplicates;
}

}  // namespace sotto::data
