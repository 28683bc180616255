// Events in the order of the file, column by column, and how they become a log grouped by user.
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
  ChunkedColumn<std::int64_t> time_ms;
  ChunkedColumn<std::uint32_t> session;      // empty when the log names no sessions
  ChunkedColumn<std::uint8_t> weight_index;  // into weights; empty when all events count 1
  std::vector<float> weights;
};

struct Disorder {
  std::size_t events_backwards = 0;  // earlier than their user's event before
  std::size_t users_backwards = 0;
};

// Fills the events of a log that has its ids. At the peak it holds 24 bytes for each event (28 with sessions): a
// column of the raw events is given back as it is consumed.
Disorder group_by_user(RawEvents raw, Interactions& log);

}  // namespace sotto::data
