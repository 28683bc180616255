#include "exchange.hpp"

#include <string_view>
#include <utility>

namespace sotto::wasm {
namespace {

sync::Bytes given_input;
sync::Bytes given_output;

}  // namespace

privacy::Prio3Histogram vdaf() { return std::move(privacy::Prio3Histogram::create(slots, chunk_length)).value(); }

sync::ByteSpan input() { return given_input; }

std::int32_t give(sync::Bytes output) {
  given_output = std::move(output);
  return 0;
}

std::int32_t fail(const Error& error) {
  const std::string_view phrase = error.detail;
  given_output.resize(phrase.size());
  std::ranges::transform(phrase, given_output.begin(), [](char letter) { return static_cast<std::byte>(letter); });
  return static_cast<std::int32_t>(error.code);
}

}  // namespace sotto::wasm

// Makes room for the next call's input. Returns its address; it is valid until the next call.
SOTTO_AGGREGATE_EXPORT std::byte* aggregate_input(std::size_t bytes) {
  sotto::wasm::given_input.resize(bytes);
  return sotto::wasm::given_input.data();
}

// The address and size of the latest call's output, or of its error's phrase in UTF-8.
SOTTO_AGGREGATE_EXPORT const std::byte* aggregate_output() { return sotto::wasm::given_output.data(); }
SOTTO_AGGREGATE_EXPORT std::size_t aggregate_output_bytes() { return sotto::wasm::given_output.size(); }
