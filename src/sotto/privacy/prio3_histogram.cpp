#include <sotto/base/internal/bytes.hpp>
#include <sotto/privacy/internal/declassify.hpp>
#include <sotto/privacy/internal/histogram.hpp>
#include <sotto/privacy/internal/prio3.hpp>
#include <sotto/privacy/prio3_histogram.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace sotto::privacy {
namespace {

using Bytes = std::span<const std::byte>;
using Protocol = Prio3<Histogram>;

static_assert(prio3_max_context_bytes == max_context_bytes && prio3_seed_bytes == Protocol::seed_size);

Protocol protocol(const Prio3Histogram& vdaf) {
  constexpr std::uint32_t algorithm_identifier = 0x00000004;
  return {Histogram{vdaf.length(), vdaf.chunk_length()}, algorithm_identifier, 2, 1};
}

// A span that the caller passes, and its size.
struct Argument {
  std::string_view name;
  std::size_t bytes;
  std::size_t expected;
};

}  // namespace

Result<Prio3Histogram> Prio3Histogram::create(std::size_t length, std::size_t chunk_length) {
  if (length < 1 || length > max_length) {
    return Error{ErrorCode::invalid_argument,
                 "the length is " + std::to_string(length) + ", allowed are 1 to " + std::to_string(max_length)};
  }
  if (chunk_length < 1 || chunk_length > length) {
    return Error{ErrorCode::invalid_argument, "the chunk length is " + std::to_string(chunk_length) +
                                                  ", allowed are 1 to the length, " + std::to_string(length)};
  }
  return Prio3Histogram{length, chunk_length};
}

std::size_t Prio3Histogram::leader_share_bytes() const noexcept { return protocol(*this).leader_share_bytes(); }

std::size_t Prio3Histogram::input_share_bytes(Party party) const noexcept {
  return party == Party::leader ? leader_share_bytes() : helper_share_bytes();
}

std::size_t Prio3Histogram::verifier_share_bytes() const noexcept { return protocol(*this).verifier_share_bytes(); }

Status Prio3Histogram::shard(Bytes context, std::size_t bucket, std::span<const std::byte, prio3_nonce_bytes> nonce,
                             Bytes random, std::span<std::byte> public_share, std::span<std::byte> leader_share,
                             std::span<std::byte> helper_share) const {
  if (Status status = check_context(context); !status) return status;
  // That the bucket is in the range is not secret: the caller chose it so.
  std::uint64_t in_range = 0;
  (void)subtract_with_borrow(bucket, length_, in_range);
  if (declassified(in_range) != 1) {
    return Error{ErrorCode::invalid_argument, "the bucket is not below the length, " + std::to_string(length_)};
  }
  const Argument arguments[] = {
      {"the span of random bytes", random.size(), random_bytes()},
      {"the span for the public share", public_share.size(), public_share_bytes()},
      {"the span for the leader's share", leader_share.size(), leader_share_bytes()},
      {"the span for the helper's share", helper_share.size(), helper_share_bytes()},
  };
  for (const Argument& argument : arguments) {
    if (Status status = check_size(argument.name, argument.bytes, argument.expected); !status) {
      return Error{ErrorCode::invalid_argument, std::move(status).error().detail};
    }
  }
  std::vector<Field128> measurement(length_);
  Histogram{length_, chunk_length_}.encode(bucket, measurement);
  protocol(*this).shard(context, measurement, nonce, random, public_share, leader_share, helper_share);
  return Ok{};
}

Result<Prio3Histogram::Verification> Prio3Histogram::start_verification(
    Party party, std::span<const std::byte, prio3_verify_key_bytes> verify_key, Bytes context,
    std::span<const std::byte, prio3_nonce_bytes> nonce, Bytes public_share, Bytes input_share) const {
  auto result = protocol(*this).start_verification(static_cast<std::uint8_t>(party), verify_key, context, nonce,
                                                   public_share, input_share);
  if (!result) return std::move(result).error();
  return Verification{{std::move(result->state.output_share), result->state.joint_rand_seed},
                      std::move(result->verifier_share)};
}

Result<Prio3Histogram::VerifierMessage> Prio3Histogram::combine(Bytes context, Bytes leader_verifier_share,
                                                                Bytes helper_verifier_share) const {
  const std::array<Bytes, 2> shares{leader_verifier_share, helper_verifier_share};
  return protocol(*this).combine(context, shares);
}

Result<std::vector<Field128>> Prio3Histogram::finish(VerifyState state, Bytes verifier_message) const {
  return protocol(*this).finish({std::move(state.output_share), state.joint_rand_seed}, verifier_message);
}

}  // namespace sotto::privacy
