// What an aggregator needs to verify the reports of a task.
#pragma once

#include <sotto/privacy/prio3_histogram.hpp>
#include <sotto/sync/identifiers.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace sotto::sync {

struct VerificationTask {
  TaskId id;
  privacy::Prio3Histogram vdaf;
  // Leader and helper share the key. A client that knows it could make a proof for a vote that is none.
  std::array<std::byte, privacy::prio3_verify_key_bytes> verify_key{};
  std::uint8_t verify_key_id = 0;
};

}  // namespace sotto::sync
