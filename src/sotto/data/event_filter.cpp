#include <sotto/data/event_filter.hpp>

#include <utility>

namespace sotto::data {

void keep_events(Interactions& log, const std::vector<bool>& keep) {
  const bool weighted = !log.weight.empty();
  const bool in_sessions = !log.begins_session.empty();
  IdList user_ids;
  std::vector<std::size_t> user_begin = {0};
  std::size_t kept = 0;
  for (std::size_t user = 0; user < log.users(); ++user) {
    bool session_begins = false;
    for (std::size_t event = log.user_begin[user]; event < log.user_begin[user + 1]; ++event) {
      if (in_sessions && log.begins_session[event]) session_begins = true;
      if (!keep[event]) continue;
      log.item[kept] = log.item[event];
      log.timestamp[kept] = log.timestamp[event];
      if (weighted) log.weight[kept] = log.weight[event];
      if (in_sessions) log.begins_session[kept] = std::exchange(session_begins, false);
      ++kept;
    }
    if (kept == user_begin.back()) continue;
    user_ids.push_back(log.user_ids[user]);
    user_begin.push_back(kept);
  }
  log.item.resize(kept);
  log.timestamp.resize(kept);
  if (weighted) log.weight.resize(kept);
  if (in_sessions) log.begins_session.resize(kept);
  log.user_ids = std::move(user_ids);
  log.user_begin = std::move(user_begin);
  drop_items_without_events(log);
}

void drop_items_without_events(Interactions& log) {
  std::vector<bool> has_events(log.item_ids.size());
  for (const ItemIndex item : log.item) has_events[item] = true;
  std::vector<ItemIndex> new_index(log.item_ids.size());
  ItemIndex kept = 0;
  for (std::size_t item = 0; item < log.item_ids.size(); ++item) {
    if (!has_events[item]) continue;
    if (kept != item) log.item_ids[kept] = std::move(log.item_ids[item]);
    new_index[item] = kept++;
  }
  if (kept == log.item_ids.size()) return;
  log.item_ids.resize(kept);
  for (ItemIndex& item : log.item) item = new_index[item];
}

}  // namespace sotto::data
