#include <sotto/base/hash.hpp>
#include <sotto/data/event_encoding.hpp>
#include <sotto/data/interactions.hpp>

#include <algorithm>

namespace sotto::data {

LogIdentity identify(const Interactions& log) {
  LogIdentity identity;
  identity.events = log.events();
  identity.users = log.users();
  if (log.events() > 0) {
    const auto [first, last] = std::ranges::minmax(log.timestamp);
    identity.first_timestamp = first;
    identity.last_timestamp = last;
  }
  std::vector<std::byte> bytes;
  for (std::size_t user = 0; user < log.users(); ++user) {
    bytes.clear();
    append_id(bytes, log.user_ids[user]);
    append_number(bytes, static_cast<std::uint64_t>(log.items_of(user).size()));
    for (std::size_t event = log.user_begin[user]; event < log.user_begin[user + 1]; ++event) {
      append_id(bytes, log.item_ids[log.item[event]]);
      append_number(bytes, log.timestamp[event]);
      if (!log.begins_session.empty()) append_number(bytes, static_cast<std::uint8_t>(log.begins_session[event]));
    }
    identity.fingerprint = xxh64(bytes, identity.fingerprint);
  }
  return identity;
}

}  // namespace sotto::data
