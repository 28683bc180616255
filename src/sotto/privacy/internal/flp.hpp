// The fully linear proof system of draft-irtf-cfrg-vdaf, section 7.3 (Boneh et al. 2019, theorem 4.3), for circuits
// with one gadget of degree 2.
//
// The wires of the gadget's calls are the values of polynomials at the powers 1 ... calls of a root of unity; a random
// seed stands at power 0. The proof is the seeds and the gadget's polynomial, by its values. A verifier evaluates its
// shares of all these at one random point; the sums of the shares show whether they belong together.
#pragma once

#include <sotto/privacy/internal/circuit.hpp>
#include <sotto/privacy/internal/polynomial.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <span>
#include <vector>

namespace sotto::privacy {

template <Circuit C>
class Flp {
 public:
  using Field = typename C::Field;
  using Gadget = typename C::Gadget;

  explicit Flp(const C& circuit) noexcept : circuit_(circuit), points_(std::bit_ceil(1 + circuit.calls())) {}

  // Lengths in elements.
  [[nodiscard]] std::size_t arity() const noexcept { return Gadget::arity * circuit_.parallel(); }
  [[nodiscard]] std::size_t prove_rand_length() const noexcept { return arity(); }
  [[nodiscard]] std::size_t query_rand_length() const noexcept {
    return 1 + (circuit_.evaluation_length() > 1 ? circuit_.evaluation_length() : 0);
  }
  // The gadget's polynomial has the degree 2 * (points - 1).
  [[nodiscard]] std::size_t proof_length() const noexcept { return arity() + 2 * points_ - 1; }
  [[nodiscard]] std::size_t verifier_length() const noexcept { return 2 + arity(); }

  // Writes the proof that the circuit accepts the measurement. All spans have the lengths above.
  void prove(std::span<const Field> measurement, std::span<const Field> prove_rand, std::span<const Field> joint_rand,
             std::span<Field> proof) const {
    const std::size_t n = points_;
    const OddValues<Field> odd_values{n};
    std::vector<Field> even(Gadget::arity * n);
    std::vector<Field> odd(Gadget::arity * n);
    std::vector<Field> gadget(2 * n);
    std::vector<Field> powers(circuit_.calls());
    for (std::size_t j = 0; j < circuit_.parallel(); ++j) {
      for (std::size_t wire = 0; wire < Gadget::arity; ++wire) {
        even[wire * n] = prove_rand[j * Gadget::arity + wire];
      }
      circuit_.fill_wires(j, measurement, joint_rand, Field{1}, powers, &even[1], n);
      odd = even;
      for (std::size_t wire = 0; wire < Gadget::arity; ++wire) {
        odd_values.compute(std::span{odd}.subspan(wire * n, n));
      }
      for (std::size_t i = 0; i < n; ++i) {
        gadget[2 * i] += at(even, i);
        gadget[2 * i + 1] += at(odd, i);
      }
    }
    std::ranges::copy(prove_rand, proof.begin());
    std::ranges::copy(std::span{gadget}.first(2 * n - 1), proof.begin() + static_cast<std::ptrdiff_t>(arity()));
  }

  // Writes a share of the verifier from shares of the measurement and of the proof. Returns false when the random test
  // point is a root of unity, at which the verifier would show a wire; the randomness is then unusable.
  [[nodiscard]] bool query(std::span<const Field> measurement, std::span<const Field> proof,
                           std::span<const Field> query_rand, std::span<const Field> joint_rand, Field share_of_one,
                           std::span<Field> verifier) const {
    const std::size_t n = points_;
    const Field test_point = query_rand.back();
    if (is_root_of_unity(test_point)) return false;

    std::vector<Field> gadget(proof.begin() + static_cast<std::ptrdiff_t>(arity()), proof.end());
    gadget.push_back(last_value(std::span<const Field>{gadget}));
    std::vector<Field> evaluation(circuit_.evaluation_length());
    // Call k stands at power k + 1 of the root, and those are the even powers of the root of order 2 * n.
    circuit_.evaluate(measurement, std::span<const Field>{gadget}.subspan(2), 2, share_of_one, evaluation);
    verifier[0] = evaluation.size() == 1 ? evaluation[0]
                                         : dot(query_rand.first(evaluation.size()), std::span<const Field>{evaluation});

    std::vector<Field> weights(2 * n);
    lagrange_weights(test_point, std::span{weights});
    verifier[1 + arity()] = dot(std::span<const Field>{weights}, std::span<const Field>{gadget});

    weights.resize(n);
    lagrange_weights(test_point, std::span{weights});
    // The seed of a wire stands at power 0, its call k at power k + 1.
    const auto call_weights = std::span<const Field>{weights}.subspan(1, circuit_.calls());
    Field weighted_one;
    for (const Field& weight : call_weights) weighted_one += weight;
    weighted_one *= share_of_one;
    std::vector<Field> powers(circuit_.calls());
    for (std::size_t j = 0; j < circuit_.parallel(); ++j) {
      Field* sums = &verifier[1 + j * Gadget::arity];
      circuit_.sum_wires(j, measurement, joint_rand, weighted_one, call_weights, powers, sums);
      for (std::size_t wire = 0; wire < Gadget::arity; ++wire) {
        sums[wire] += weights[0] * proof[j * Gadget::arity + wire];
      }
    }
    return true;
  }

  // Whether the verifier, the sum of its shares, shows a valid measurement.
  [[nodiscard]] bool decide(std::span<const Field> verifier) const noexcept {
    Field gadget;
    for (std::size_t j = 0; j < circuit_.parallel(); ++j) gadget += Gadget::evaluate(&verifier[1 + j * Gadget::arity]);
    return verifier[0] == Field{} && gadget == verifier[1 + arity()];
  }

 private:
  // The gadget on point i of the wires.
  [[nodiscard]] Field at(std::span<const Field> wires, std::size_t i) const noexcept {
    Field inputs[Gadget::arity];
    for (std::size_t wire = 0; wire < Gadget::arity; ++wire) inputs[wire] = wires[wire * points_ + i];
    return Gadget::evaluate(inputs);
  }

  [[nodiscard]] bool is_root_of_unity(Field element) const noexcept {
    for (std::size_t i = 1; i < points_; i *= 2) element *= element;
    return element == Field{1};
  }

  C circuit_;
  std::size_t points_;  // of a wire's polynomial
};

}  // namespace sotto::privacy
