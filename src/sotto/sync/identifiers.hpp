// The ids of the protocol (draft-ietf-ppm-dap-18). Each is a value of fixed size, and has a type of its own.
#pragma once

#include <sotto/base/base64url.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <optional>
#include <string_view>

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

// An id in an address has 43 characters for 32 bytes, 22 for 16.
template <class Id>
[[nodiscard]] std::optional<Id> id_from_base64url(std::string_view text) noexcept {
  Id id;
  if (!from_base64url(text, id.bytes)) return std::nullopt;
  return id;
}

using Sha256 = std::array<std::byte, 32>;

}  // namespace sotto::sync
