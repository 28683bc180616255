// An interaction log in memory: events grouped by user, in time order.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/data/id_list.hpp>
#include <sotto/model/item_index.hpp>
#include <sotto/model/spec.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace sotto::data {

// The rows of a log fit into 32 bits.
inline constexpr std::size_t max_events = 0xffff'ffffU;

// The events of user u are rows user_begin[u] … user_begin[u + 1] - 1, ordered by time to the millisecond. Equal times
// keep the order of the file. Users and items come in the order of their first rows in the file. With sessions inside
// users, a user's sessions come in the order of their first events, each in time order.
struct Interactions {
  IdList user_ids;
  std::vector<std::string> item_ids;
  std::vector<std::size_t> user_begin;  // user_ids.size() + 1 entries
  std::vector<ItemIndex> item;          // one for each event: index into item_ids
  std::vector<std::int64_t> timestamp;  // one for each event: seconds since 1970, rounded down
  std::vector<float> weight;            // one for each event, above 0: its weight; empty when all weights are 1
  std::vector<bool> begins_session;     // one for each event; empty when the log has no sessions
  bool finer_than_seconds = false;      // the file has fractions of a second: events of one second are in order
  double fine_tie_share = 0;            // then: share of users' consecutive events at the very same time in the file

  [[nodiscard]] std::size_t users() const noexcept { return user_ids.size(); }
  [[nodiscard]] std::size_t events() const noexcept { return item.size(); }
  [[nodiscard]] std::span<const ItemIndex> items_of(std::size_t user) const noexcept {
    return std::span(item).subspan(user_begin[user], user_begin[user + 1] - user_begin[user]);
  }
  [[nodiscard]] std::span<const std::int64_t> times_of(std::size_t user) const noexcept {
    return std::span(timestamp).subspan(user_begin[user], user_begin[user + 1] - user_begin[user]);
  }
};

// Share of users' consecutive pairs of events whose times in the log are equal; 0 where there are no pairs.
[[nodiscard]] double tie_share(const Interactions& log);

// Returns the log's identity. The caller sets `name`. For each user, XXH64 hashes the user id's length (uint32) and
// bytes and the number of events (uint64), then for each event the item id's length (uint32), its bytes and the
// timestamp (int64). If the log has sessions inside users, a byte follows each event, 1 where a session begins. The
// fingerprint is the XXH64 of these hashes in ascending order. All numbers are little-endian. The fingerprint does not
// depend on the order of users, line ends, other columns, compression or weights. The order fingerprint is the same
// without timestamps: that of a copy of the log whose times were shifted.
[[nodiscard]] LogIdentity identify(const Interactions& log);
// The same with the hashes in the order of users, on which training depends.
[[nodiscard]] std::uint64_t ordered_fingerprint(const Interactions& log);

}  // namespace sotto::data
