// The messages by which two aggregators verify a report (draft-irtf-cfrg-vdaf, "Star Topology": the ping-pong
// topology).
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/sync/bytes.hpp>

#include <cstdint>

namespace sotto::sync {

struct PingPongMessage {
  enum class Type : std::uint8_t { initialize = 0, continue_ = 1, finish = 2 };

  Type type = Type::initialize;
  Bytes verifier_message;  // of continue_ and finish; may be empty
  Bytes verifier_share;    // of initialize and continue_; may be empty

  [[nodiscard]] static Result<PingPongMessage> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const PingPongMessage&, const PingPongMessage&) = default;
};

}  // namespace sotto::sync
