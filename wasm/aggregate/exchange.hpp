// How bytes get into the module and out of it. Each worker of the page has an instance of its own, so that a module
// instance is one device, one aggregator or the collector.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/privacy/prio3_histogram.hpp>
#include <sotto/sync/bytes.hpp>
#include <sotto/sync/identifiers.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#define SOTTO_AGGREGATE_EXPORT extern "C" __attribute__((used, visibility("default")))

namespace sotto::wasm {

inline constexpr std::size_t slots = 4096;
inline constexpr std::size_t chunk_length = 66;

// The one VDAF of private sync.
[[nodiscard]] privacy::Prio3Histogram vdaf();

// What the page wrote before the call.
[[nodiscard]] sync::ByteSpan input();
// Keeps what the page reads after the call. Returns 0.
std::int32_t give(sync::Bytes output);
// Keeps the error's phrase for the page. Returns its code, which is above 0.
std::int32_t fail(const Error& error);

// Takes the parts of the input, one after the other.
class InputReader {
 public:
  // Returns an empty span where the input is too short; complete() then returns false.
  [[nodiscard]] sync::ByteSpan take(std::size_t bytes) {
    if (bytes > rest_.size()) {
      is_short_ = true;
      return {};
    }
    const sync::ByteSpan part = rest_.first(bytes);
    rest_ = rest_.subspan(bytes);
    return part;
  }
  // Zeros where the input is too short.
  template <class Identifier>
  [[nodiscard]] Identifier take_id() {
    Identifier id;
    std::ranges::copy(take(Identifier::size), id.bytes.begin());
    return id;
  }
  // Whether the input had these parts and nothing else.
  [[nodiscard]] bool complete() const { return !is_short_ && rest_.empty(); }

 private:
  sync::ByteSpan rest_ = input();
  bool is_short_ = false;
};

[[nodiscard]] inline Error input_size_error() { return {ErrorCode::malformed, "the input has a wrong size"}; }

}  // namespace sotto::wasm
