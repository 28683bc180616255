#include <sotto/data/event_filter.hpp>
#include <sotto/data/k_core.hpp>

namespace sotto::data {

void keep_k_core(Interactions& log, std::size_t k) {
  std::vector<std::size_t> events_of_item(log.item_ids.size());
  std::vector<std::size_t> events_of_user(log.users());
  for (const ItemIndex item : log.item) ++events_of_item[item];
  for (std::size_t user = 0; user < log.users(); ++user) events_of_user[user] = log.items_of(user).size();

  std::vector<bool> keep(log.events(), true);
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t user = 0; user < log.users(); ++user) {
      if (events_of_user[user] == 0) continue;
      const bool drop_user = events_of_user[user] < k;
      for (std::size_t event = log.user_begin[user]; event < log.user_begin[user + 1]; ++event) {
        if (!keep[event] || (!drop_user && events_of_item[log.item[event]] >= k)) continue;
        keep[event] = false;
        --events_of_user[user];
        --events_of_item[log.item[event]];
        changed = true;
      }
    }
  }
  keep_events(log, keep);
}

}  // namespace sotto::data
