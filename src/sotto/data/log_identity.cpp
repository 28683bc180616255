#include <sotto/base/hash.hpp>
#include <sotto/data/event_encoding.hpp>
#include <sotto/data/interactions.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::data {

namespace {

enum class Times { included, left_out };

// A hash of each user's id and events, in the log's order of users.
std::vector<std::uint64_t> user_hashes(const Interactions& log, Times times) {
  std::vector<std::uint64_t> hashes;
  hashes.reserve(log.users());
  std::vector<std::byte> bytes;
  for (std::size_t user = 0; user < log.users(); ++user) {
    bytes.clear();
    append_id(bytes, log.user_ids[user]);
    append_number(bytes, static_cast<std::uint64_t>(log.items_of(user).size()));
    for (std::size_t event = log.user_begin[user]; event < log.user_begin[user + 1]; ++event) {
      append_id(bytes, log.item_ids[log.item[event]]);
      if (times == Times::included) append_number(bytes, log.timestamp[event]);
      if (!log.begins_session.empty()) append_number(bytes, static_cast<std::uint8_t>(log.begins_session[event]));
    }
    hashes.push_back(xxh64(bytes));
  }
  return hashes;
}

std::uint64_t hash_of(std::span<const std::uint64_t> hashes) {
  std::vector<std::byte> bytes;
  bytes.reserve(hashes.size_bytes());
  for (const std::uint64_t hash : hashes) append_number(bytes, hash);
  return xxh64(bytes);
}

// Does not depend on the order of users.
std::uint64_t fingerprint_of(const Interactions& log, Times times) {
  std::vector<std::uint64_t> users = user_hashes(log, times);
  std::ranges::sort(users);
  return hash_of(users);
}

}  // namespace

std::uint64_t ordered_fingerprint(const Interactions& log) { return hash_of(user_hashes(log, Times::included)); }

LogIdentity identify(const Interactions& log) {
  LogIdentity identity;
  identity.events = log.events();
  identity.users = log.users();
  if (log.events() > 0) {
    const auto [first, last] = std::ranges::minmax(log.timestamp);
    identity.first_timestamp = first;
    identity.last_timestamp = last;
  }
  identity.fingerprint = fingerprint_of(log, Times::included);
  identity.order_fingerprint = fingerprint_of(log, Times::left_out);
  return identity;
}

}  // namespace sotto::data
