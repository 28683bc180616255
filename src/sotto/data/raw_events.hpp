// Events in the order of the file, column by column. group_by_user turns them into a log grouped by user.
#pragma once

#include <sotto/data/chunked_column.hpp>
#include <sotto/data/interactions.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sotto::data {

struct RawEvents {
  ChunkedColumn<std::uint32_t> user;
  ChunkedColumn<ItemIndex> item;
  ChunkedColumn<std::int64_t> time_us;  // microseconds since 1970
  ChunkedColumn<std::uint32_t> session;      // empty when the log has no sessions
  ChunkedColumn<std::uint8_t> weight_index;  // index into `weights`; empty when all weights are 1
  std::vector<float> weights;
};

struct Disorder {
  std::size_t events_backwards = 0;  // earlier than the previous event of their user
  std::size_t users_backwards = 0;
  bool newest_first = false;  // the newest events come first: then no event counts as backwards
};

// Fills the events of a log that already has its ids. The file has the newest events first if two or more events, and
// at least 99 % of those at another time than the previous event of their user, are earlier. Events of equal times are
// then taken in reverse. The peak memory is 24 bytes for each event (28 with sessions), because each column of the raw
// events is freed when it has been used.
Disorder group_by_user(RawEvents raw, Interactions& log);

}  // namespace sotto::data
