// Prio3 of draft-irtf-cfrg-vdaf-20, section 7.2, for any circuit, 2 or more aggregators, and 1 or more proofs.
//
// Shares and messages are bytes in the draft's encoding. The measurement is a vector that the circuit encoded.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/privacy/internal/flp.hpp>
#include <sotto/privacy/internal/xof_turbo_shake128.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace sotto::privacy {

// The version byte, algorithm class, identifier and usage that stand before the context in a tag.
inline constexpr std::size_t tag_size = 8;
inline constexpr std::size_t max_context_bytes = 65'535 - tag_size;

// Fails with invalid_argument when the context does not fit into a tag.
[[nodiscard]] Status check_context(std::span<const std::byte> context);
// Fails with malformed when a part has another size: "the public share has 3 bytes, expected 64".
[[nodiscard]] Status check_size(std::string_view part, std::size_t bytes, std::size_t expected);
// Fails with out_of_range: "the leader's share has an element that is not below the field's modulus".
[[nodiscard]] Error modulus_error(std::string_view part);

template <Circuit C>
class Prio3 {
 public:
  using Field = typename C::Field;
  using Seed = XofTurboShake128::Seed;
  using Bytes = std::span<const std::byte>;
  static constexpr std::size_t seed_size = XofTurboShake128::seed_size;

  struct VerifyState {
    std::vector<Field> output_share;
    Seed joint_rand_seed;  // zeros when the circuit has no joint randomness
  };
  struct Verification {
    VerifyState state;
    std::vector<std::byte> verifier_share;
  };

  // identifier: the algorithm's number in the registry. shares: 2 ... 255. proofs: 1 ... 255.
  Prio3(const C& circuit, std::uint32_t identifier, std::uint8_t shares, std::uint8_t proofs) noexcept
      : circuit_(circuit), flp_(circuit), identifier_(identifier), shares_(shares), proofs_(proofs) {}

  // Sizes in bytes.
  [[nodiscard]] std::size_t random_bytes() const noexcept { return seeds_each() * shares_ * seed_size; }
  [[nodiscard]] std::size_t public_share_bytes() const noexcept { return has_joint_rand() ? shares_ * seed_size : 0; }
  [[nodiscard]] std::size_t leader_share_bytes() const noexcept {
    return (circuit_.measurement_length() + proofs_ * flp_.proof_length()) * Field::encoded_bytes +
           (has_joint_rand() ? seed_size : 0);
  }
  [[nodiscard]] std::size_t helper_share_bytes() const noexcept { return seeds_each() * seed_size; }
  [[nodiscard]] std::size_t verifier_share_bytes() const noexcept {
    return proofs_ * flp_.verifier_length() * Field::encoded_bytes + verifier_message_bytes();
  }
  [[nodiscard]] std::size_t verifier_message_bytes() const noexcept { return has_joint_rand() ? seed_size : 0; }

  // Splits a measurement. `helper_shares` takes the shares of aggregators 1, 2, ... one after the other.
  // Preconditions: the measurement, the nonce (16 bytes), the random bytes and the outputs have the sizes above;
  // check_context() accepted the context.
  void shard(Bytes context, std::span<const Field> measurement, Bytes nonce, Bytes random,
             std::span<std::byte> public_share, std::span<std::byte> leader_share,
             std::span<std::byte> helper_shares) const {
    // The seeds are the helpers' (each with its blind), the leader's blind, and the prover's seed.
    const std::size_t helper_bytes = helper_share_bytes() * (shares_ - 1);
    std::ranges::copy(random.first(helper_bytes), helper_shares.begin());
    const Bytes leader_blind = random.subspan(helper_bytes, has_joint_rand() ? seed_size : 0);
    const Bytes prove_seed = random.last(seed_size);

    std::vector<Field> leader(measurement.begin(), measurement.end());
    std::vector<Field> joint_rands(proofs_ * circuit_.joint_rand_length());
    {
      std::vector<Field> helper(measurement.size());
      for (std::uint8_t party = 1; party < shares_; ++party) {
        const Bytes share = random.subspan((party - 1u) * helper_share_bytes(), helper_share_bytes());
        expand_measurement_share(context, party, share.first(seed_size), helper);
        subtract_from(std::span{leader}, std::span<const Field>{helper});
        if (has_joint_rand()) {
          put(joint_rand_part(context, party, share.last(seed_size), helper, nonce), public_share, party);
        }
      }
    }
    if (has_joint_rand()) {
      put(joint_rand_part(context, 0, leader_blind, leader, nonce), public_share, 0);
      expand_joint_rands(context, joint_rand_seed(context, public_share), joint_rands);
    }

    std::vector<Field> prove_rands(proofs_ * flp_.prove_rand_length());
    xof(prove_seed, Usage::prove_randomness, context).bind(proofs_byte()).next_elements(std::span{prove_rands});
    std::vector<Field> proofs(proofs_ * flp_.proof_length());
    for (std::size_t i = 0; i < proofs_; ++i) {
      flp_.prove(measurement, part_of(prove_rands, i), part_of(joint_rands, i), part_of(proofs, i));
    }
    std::vector<Field> helper_proofs(proofs.size());
    for (std::uint8_t party = 1; party < shares_; ++party) {
      const Bytes share = random.subspan((party - 1u) * helper_share_bytes(), seed_size);
      expand_proofs_share(context, party, share, helper_proofs);
      subtract_from(std::span{proofs}, std::span<const Field>{helper_proofs});
    }

    auto out = leader_share.begin();
    for (const Bytes part :
         {encoding_of(std::span<const Field>{leader}), encoding_of(std::span<const Field>{proofs}), leader_blind}) {
      out = std::ranges::copy(part, out).out;
    }
  }

  // An aggregator's part of the check of one report. Fails with malformed when a share has a wrong size, with
  // out_of_range when an element is >= p, with invalid_argument for the context, with mismatch when the test point must
  // not be used.
  [[nodiscard]] Result<Verification> start_verification(std::uint8_t party, Bytes verify_key, Bytes context,
                                                        Bytes nonce, Bytes public_share, Bytes input_share) const {
    if (Status status = check_context(context); !status) return status.error();
    if (Status status = check_size("the public share", public_share.size(), public_share_bytes()); !status) {
      return status.error();
    }
    const bool leads = party == 0;
    const std::string_view name = leads ? "the leader's input share" : "the helper's input share";
    if (Status status = check_size(name, input_share.size(), leads ? leader_share_bytes() : helper_share_bytes());
        !status) {
      return status.error();
    }

    std::vector<Field> measurement(circuit_.measurement_length());
    std::vector<Field> proofs(proofs_ * flp_.proof_length());
    if (leads) {
      const std::size_t measurement_bytes = measurement.size() * Field::encoded_bytes;
      if (!decode_elements(input_share.first(measurement_bytes), std::span{measurement}) ||
          !decode_elements(input_share.subspan(measurement_bytes, proofs.size() * Field::encoded_bytes),
                           std::span{proofs})) {
        return modulus_error(name);
      }
    } else {
      expand_measurement_share(context, party, input_share.first(seed_size), measurement);
      expand_proofs_share(context, party, input_share.first(seed_size), proofs);
    }

    Verification result{{std::vector<Field>(circuit_.output_length()), {}}, {}};
    std::vector<Field> joint_rands(proofs_ * circuit_.joint_rand_length());
    Seed own_part{};
    if (has_joint_rand()) {
      // The aggregator trusts the public share for the other parts alone.
      std::vector<std::byte> parts(public_share.begin(), public_share.end());
      own_part = joint_rand_part(context, party, input_share.last(seed_size), measurement, nonce);
      put(own_part, parts, party);
      result.state.joint_rand_seed = joint_rand_seed(context, parts);
      expand_joint_rands(context, result.state.joint_rand_seed, joint_rands);
    }

    std::vector<Field> query_rands(proofs_ * flp_.query_rand_length());
    xof(verify_key, Usage::query_randomness, context)
        .bind(proofs_byte())
        .bind(nonce)
        .next_elements(std::span{query_rands});
    std::vector<Field> verifiers(proofs_ * flp_.verifier_length());
    const Field share_of_one = inverse(Field{shares_});
    for (std::size_t i = 0; i < proofs_; ++i) {
      if (!flp_.query(measurement, part_of(proofs, i), part_of(query_rands, i), part_of(joint_rands, i), share_of_one,
                      part_of(verifiers, i))) {
        return Error{ErrorCode::mismatch, "the random test point of the report is a root of unity"};
      }
    }

    circuit_.truncate(measurement, result.state.output_share);
    const Bytes encoded = encoding_of(std::span<const Field>{verifiers});
    result.verifier_share.assign(encoded.begin(), encoded.end());
    if (has_joint_rand()) result.verifier_share.insert(result.verifier_share.end(), own_part.begin(), own_part.end());
    return result;
  }

  // Joins the verifier shares of all aggregators, in their order, to the message. Its bytes are zeros and not part of
  // the message when verifier_message_bytes() is 0. Fails with mismatch when a proof does not verify, with malformed or
  // out_of_range when a share breaks its format. Precondition: verifier_shares.size() is the number of shares.
  [[nodiscard]] Result<Seed> combine(Bytes context, std::span<const Bytes> verifier_shares) const {
    if (Status status = check_context(context); !status) return status.error();
    std::vector<Field> verifiers(proofs_ * flp_.verifier_length());
    std::vector<Field> share(verifiers.size());
    std::vector<std::byte> parts(public_share_bytes());
    for (std::size_t party = 0; party < verifier_shares.size(); ++party) {
      const Bytes bytes = verifier_shares[party];
      const std::string_view name = party == 0 ? "the leader's verifier share" : "the helper's verifier share";
      if (Status status = check_size(name, bytes.size(), verifier_share_bytes()); !status) return status.error();
      if (!decode_elements(bytes.first(share.size() * Field::encoded_bytes), std::span{share})) {
        return modulus_error(name);
      }
      add_to(std::span{verifiers}, std::span<const Field>{share});
      if (has_joint_rand()) std::ranges::copy(bytes.last(seed_size), &parts[party * seed_size]);
    }
    for (std::size_t i = 0; i < proofs_; ++i) {
      if (!flp_.decide(part_of(verifiers, i))) {
        return Error{ErrorCode::mismatch, "the proof does not show a valid measurement"};
      }
    }
    return has_joint_rand() ? joint_rand_seed(context, parts) : Seed{};
  }

  // Releases the output share. Fails with malformed when the message has a wrong size, with mismatch when the
  // aggregators' joint randomness is not the one that this aggregator verified with.
  [[nodiscard]] Result<std::vector<Field>> finish(VerifyState state, Bytes message) const {
    if (Status status = check_size("the verifier message", message.size(), verifier_message_bytes()); !status) {
      return status.error();
    }
    if (has_joint_rand() && !std::ranges::equal(message, state.joint_rand_seed)) {
      return Error{ErrorCode::mismatch, "the verifier message belongs to another joint randomness"};
    }
    return std::move(state.output_share);
  }

 private:
  // What an output of the XOF is used for (section 7.2.1).
  enum class Usage : std::uint8_t {
    measurement_share = 1,
    proof_share = 2,
    joint_randomness = 3,
    prove_randomness = 4,
    query_randomness = 5,
    joint_rand_seed = 6,
    joint_rand_part = 7,
  };

  [[nodiscard]] bool has_joint_rand() const noexcept { return circuit_.joint_rand_length() > 0; }
  [[nodiscard]] std::size_t seeds_each() const noexcept { return has_joint_rand() ? 2 : 1; }
  [[nodiscard]] std::array<std::byte, 1> proofs_byte() const noexcept { return {std::byte{proofs_}}; }

  // The part of a vector that belongs to proof i.
  template <class T>
  [[nodiscard]] auto part_of(std::vector<T>& all, std::size_t i) const noexcept {
    return std::span{all}.subspan(i * (all.size() / proofs_), all.size() / proofs_);
  }

  static void put(const Seed& part, std::span<std::byte> parts, std::size_t party) noexcept {
    std::ranges::copy(part, parts.begin() + static_cast<std::ptrdiff_t>(party * seed_size));
  }

  [[nodiscard]] XofTurboShake128 xof(Bytes seed, Usage usage, Bytes context) const noexcept {
    constexpr std::uint8_t draft_version = 18;  // of drafts 18, 19 and 20
    constexpr std::uint8_t algorithm_class = 0;  // VDAF
    const auto id = [this](unsigned shift) { return static_cast<std::byte>(identifier_ >> shift); };
    const std::array<std::byte, tag_size> tag{
        std::byte{draft_version},     std::byte{algorithm_class}, id(24), id(16), id(8), id(0), std::byte{0},
        static_cast<std::byte>(usage)};
    return {seed, tag, context};
  }

  void expand_measurement_share(Bytes context, std::uint8_t party, Bytes seed, std::span<Field> out) const noexcept {
    const std::array<std::byte, 1> binder{std::byte{party}};
    xof(seed, Usage::measurement_share, context).bind(binder).next_elements(out);
  }

  void expand_proofs_share(Bytes context, std::uint8_t party, Bytes seed, std::span<Field> out) const noexcept {
    const std::array<std::byte, 2> binder{std::byte{proofs_}, std::byte{party}};
    xof(seed, Usage::proof_share, context).bind(binder).next_elements(out);
  }

  // Binds the joint randomness to an aggregator's measurement share.
  [[nodiscard]] Seed joint_rand_part(Bytes context, std::uint8_t party, Bytes blind, std::span<const Field> share,
                                     Bytes nonce) const noexcept {
    const std::array<std::byte, 1> binder{std::byte{party}};
    return xof(blind, Usage::joint_rand_part, context).bind(binder).bind(nonce).bind(encoding_of(share)).next_seed();
  }

  [[nodiscard]] Seed joint_rand_seed(Bytes context, Bytes parts) const noexcept {
    return xof(Seed{}, Usage::joint_rand_seed, context).bind(parts).next_seed();
  }

  void expand_joint_rands(Bytes context, const Seed& seed, std::span<Field> out) const noexcept {
    xof(seed, Usage::joint_randomness, context).bind(proofs_byte()).next_elements(out);
  }

  C circuit_;
  Flp<C> flp_;
  std::uint32_t identifier_;
  std::uint8_t shares_;
  std::uint8_t proofs_;
};

}  // namespace sotto::privacy
