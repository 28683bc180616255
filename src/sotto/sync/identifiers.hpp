// The ids of the protocol (draft-ietf-ppm-dap-18). Each is a value of fixed size, and has a type of its own.
#pragma once

#include <array>
#include <compare>
#include <cstddef>

namespace sotto::sync {

template <std::size_t length, class Tag>
struct Identifier {
  static constexpr std::size_t size = length;
  std::array<std::byte, length> bytes{};

  friend auto operator<=>(const Identifier&, const Identifier&) = default;
};

using TaskId = Identifier<32, struct TaskIdTag>;
// It is random, and the nonce of the report's VDAF.
using ReportId = Identifier<16, struct ReportIdTag>;
using BatchId = Identifier<32, struct BatchIdTag>;
// The server of a resource chooses its id. These are Sotto's; a client takes whatever the Location says.
using AggregationJobId = Identifier<16, struct AggregationJobIdTag>;
using CollectionJobId = Identifier<16, struct CollectionJobIdTag>;
using AggregateShareId = Identifier<16, struct AggregateShareIdTag>;

using Sha256 = std::array<std::byte, 32>;

}  // namespace sotto::sync
