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

// Rows of a log fit into 32 bits.
inline constexpr std::size_t max_events = 0xffff'ffffU;

// Events of user u are rows user_begin[u] … user_begin[u + 1] - 1, ordered by time to the millisecond; equal
// times keep the order of the file. Users come in the order of their first row in the file, items likewise.
// With sessions inside users, a user's sessions come in the order of their first events, each in time order.
struct Interactions {
  IdList user_ids;
  std::vector<std::string> item_ids;
  std::vector<std::size_t> user_begin;  // user_ids.size() + 1 entries
  std::vector<ItemIndex> item;          // one for each event: index into item_ids
  std::vector<std::int64_t> timestamp;  // one for each event: seconds since 1970, rounded down
  std::vector<float> weight;            // one for each event, above 0: what it counts; empty when all count 1
  std::vector<bool> begins_session;     // one for each event; empty when the log has no sessions

  [[nodiscard]] std::size_t users() const noexcept { return user_ids.size(); }
  [[nodiscard]] std::size_t events() const noexcept { return item.size(); }
  [[nodiscard]] std::span<const ItemIndex> items_of(std::size_t user) const noexcept {
    return std::span(item).subspan(user_begin[user], user_begin[user + 1] - user_begin[user]);
  }
  [[nodiscard]] std::span<const std::int64_t> times_of(std::size_t user) const noexcept {
    return std::span(timestamp).subspan(user_begin[user], user_begin[user + 1] - user_begin[user]);
  }
};

// The identity of the log's events as ordered here; `name` is left to the caller. The fingerprint chains
// XXH64 over the users in order, the hash so far being the seed, of: the user id's length (uint32) and bytes,
// the number of events (uint64), and for each of them the item id's length (uint32), its bytes and the
// timestamp (int64), all little-endian; where the log has sessions inside users, each event is followed by a byte,
// 1 where a session begins. It does not depend on line ends, other columns, compression or weights.
[[nodiscard]] LogIdentity identify(const Interactions& log);

}  // namespace sotto::data
