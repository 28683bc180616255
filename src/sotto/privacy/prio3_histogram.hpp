// Prio3Histogram of draft-irtf-cfrg-vdaf-20 (identifier 0x00000004) for two parties: Field128, one proof,
// XofTurboShake128. A client splits one choice among `length` buckets into two shares. Neither share says anything
// alone, and the proof shows both aggregators that exactly one bucket holds a one.
//
// The walk of a report: the client calls shard(). Each aggregator calls start_verification() and sends its verifier
// share. One of them calls combine(). Both call finish() with the message, and add the output share to their aggregate.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/privacy/aggregate_share.hpp>
#include <sotto/privacy/field128.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sotto::privacy {

// The aggregators, by their number in the draft.
enum class Party : std::uint8_t { leader = 0, helper = 1 };

inline constexpr std::size_t prio3_seed_bytes = 32;
inline constexpr std::size_t prio3_nonce_bytes = 16;
inline constexpr std::size_t prio3_verify_key_bytes = 32;
// The version byte, algorithm class, identifier and usage stand before the context in a tag of at most 65,535 bytes.
inline constexpr std::size_t prio3_max_context_bytes = 65'535 - 8;

class Prio3Histogram {
 public:
  static constexpr std::size_t max_length = 65'536;

  // What an aggregator keeps of a report between start_verification() and finish().
  struct VerifyState {
    std::vector<Field128> output_share;
    std::array<std::byte, prio3_seed_bytes> joint_rand_seed;
  };
  struct Verification {
    VerifyState state;
    std::vector<std::byte> verifier_share;
  };
  using VerifierMessage = std::array<std::byte, prio3_seed_bytes>;

  // length: 1 ... 65,536 buckets. chunk_length: 1 ... length, buckets that one call of the proof's gadget checks; the
  // size of a leader share is smallest near the square root of the length. Fails with invalid_argument outside.
  [[nodiscard]] static Result<Prio3Histogram> create(std::size_t length, std::size_t chunk_length);

  [[nodiscard]] std::size_t length() const noexcept { return length_; }
  [[nodiscard]] std::size_t chunk_length() const noexcept { return chunk_length_; }

  // Sizes of the encodings, in bytes.
  [[nodiscard]] std::size_t public_share_bytes() const noexcept { return 2 * prio3_seed_bytes; }
  [[nodiscard]] std::size_t leader_share_bytes() const noexcept;
  [[nodiscard]] std::size_t helper_share_bytes() const noexcept { return 2 * prio3_seed_bytes; }
  [[nodiscard]] std::size_t input_share_bytes(Party party) const noexcept;
  [[nodiscard]] std::size_t verifier_share_bytes() const noexcept;
  [[nodiscard]] std::size_t verifier_message_bytes() const noexcept { return prio3_seed_bytes; }
  [[nodiscard]] std::size_t aggregate_share_bytes() const noexcept { return length_ * Field128::encoded_bytes; }
  // The random bytes that shard() needs.
  [[nodiscard]] std::size_t random_bytes() const noexcept { return 4 * prio3_seed_bytes; }

  // Splits a choice. `random` are fresh bytes of a cryptographic generator, `nonce` is fresh and public. The time does
  // not depend on the bucket or the random bytes; an out-of-range bucket is the exception, and is refused.
  // It allocates its working memory at the start and does not wipe it: it holds the choice and the seeds until the
  // allocator hands it out again. Fails with invalid_argument when a span has a wrong size or the bucket is >= length.
  [[nodiscard]] Status shard(std::span<const std::byte> context, std::size_t bucket,
                             std::span<const std::byte, prio3_nonce_bytes> nonce, std::span<const std::byte> random,
                             std::span<std::byte> public_share, std::span<std::byte> leader_share,
                             std::span<std::byte> helper_share) const;

  // Computes an aggregator's part of the check of one report. Fails with malformed when a share has a wrong size, with
  // out_of_range when an element is >= p, with invalid_argument when the context is too long, and with mismatch when
  // the nonce leads to a test point that must not be used (its probability is below 2^-100).
  [[nodiscard]] Result<Verification> start_verification(Party party,
                                                        std::span<const std::byte, prio3_verify_key_bytes> verify_key,
                                                        std::span<const std::byte> context,
                                                        std::span<const std::byte, prio3_nonce_bytes> nonce,
                                                        std::span<const std::byte> public_share,
                                                        std::span<const std::byte> input_share) const;

  // Joins the verifier shares. Fails with mismatch when the proof does not verify: the report must be dropped. Fails
  // with malformed or out_of_range when a verifier share breaks its format, with invalid_argument for the context.
  [[nodiscard]] Result<VerifierMessage> combine(std::span<const std::byte> context,
                                                std::span<const std::byte> leader_verifier_share,
                                                std::span<const std::byte> helper_verifier_share) const;

  // Releases the output share of a report that verified: one element for each bucket. Fails with mismatch when the
  // message does not belong to the state, with malformed when the message has a wrong size.
  [[nodiscard]] Result<std::vector<Field128>> finish(VerifyState state,
                                                     std::span<const std::byte> verifier_message) const;

 private:
  Prio3Histogram(std::size_t length, std::size_t chunk_length) noexcept
      : length_(length), chunk_length_(chunk_length) {}

  std::size_t length_;
  std::size_t chunk_length_;
};

}  // namespace sotto::privacy
