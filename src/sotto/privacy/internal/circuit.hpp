// What a validity circuit is to the proof system (internal/flp.hpp).
//
// A circuit calls one gadget `calls()` times. The gadget is the sum of `parallel()` gadgets of a kind (ParallelSum in
// the draft), each with Gadget::arity wires. All members depend on lengths alone in their time.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

namespace sotto::privacy {

// fill_wires(j, measurement, joint_rand, share_of_one, powers, first, stride) writes the wires of gadget j of all
// calls: wire w of call k to first[w * stride + k]. It is called for j = 0, 1, ... in turn and keeps what it needs
// from one to the next in `powers`, which has calls() elements. share_of_one is 1 over the number of shares.
//
// sum_wires(j, measurement, joint_rand, weighted_one, weights, powers, sums) writes to `sums` each wire of gadget j,
// summed up over the calls with their weights. It is called like fill_wires, and is the faster one.
// weighted_one is share_of_one times the sum of the weights.
//
// evaluate(measurement, outputs, stride, share_of_one, out) writes the evaluation_length() values of the circuit
// from the outputs of the gadget: that of call k is outputs[k * stride].
template <class C>
concept Circuit = requires(const C& circuit, std::size_t j, std::span<const typename C::Field> in,
                           typename C::Field element, std::span<typename C::Field> out) {
  { C::Gadget::arity } -> std::convertible_to<std::size_t>;
  { circuit.calls() } -> std::same_as<std::size_t>;
  { circuit.parallel() } -> std::same_as<std::size_t>;
  { circuit.measurement_length() } -> std::same_as<std::size_t>;
  { circuit.joint_rand_length() } -> std::same_as<std::size_t>;
  { circuit.output_length() } -> std::same_as<std::size_t>;
  { circuit.evaluation_length() } -> std::same_as<std::size_t>;
  circuit.fill_wires(j, in, in, element, out, out.data(), std::size_t{});
  circuit.sum_wires(j, in, in, element, in, out, out.data());
  circuit.evaluate(in, in, std::size_t{}, element, out);
  circuit.truncate(in, out);
};

}  // namespace sotto::privacy
