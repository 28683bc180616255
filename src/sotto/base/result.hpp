// Result<T> holds a value or an Error. The core never prints, throws or aborts. The CLI and the JavaScript error class
// write the messages for people, from the code and the detail that an Error has.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace sotto {

// The classes of errors that a caller can act on. The numbers are part of the C ABI and of the npm package
// (docs/errors.md). New codes are appended. Existing codes are never renumbered.
enum class ErrorCode : std::int32_t {
  truncated = 1,             // the bytes end too early for the sizes that they state
  malformed = 2,             // the bytes break the rules of their format
  unsupported_version = 3,   // this build does not read the version
  wrong_shape = 4,           // a tensor's dimensions contradict the architecture
  wrong_type = 5,            // a tensor's or field's type is not the expected one
  missing = 6,               // a required field, column or tensor is absent
  out_of_range = 7,          // a value lies outside its documented range
  mismatch = 8,              // two things that must belong together do not (state and model, log and split)
  io = 9,                    // the operating system refused to read or write
  interrupted = 10,          // the caller asked to stop
  invalid_argument = 11,     // the caller passed a value that the operation does not accept
  unknown_item = 12,         // the model's catalogue does not have the item id
  unsupported = 13,          // the request is valid, but this build does not support it
};

// Returns the code's stable name, such as "wrong_shape", or "unknown" for a number without a code.
[[nodiscard]] std::string_view error_name(ErrorCode code) noexcept;

struct Error {
  ErrorCode code;
  // States what is wrong, where (line, byte, tensor or field name) and the offending value. It is a phrase without a
  // final period: "tensor 'lstm.0.hidden' has shape [4, 4], expected [512, 128]".
  std::string detail;
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  // Precondition of the value accessors: ok().
  [[nodiscard]] T& value() & noexcept { return *std::get_if<0>(&state_); }
  [[nodiscard]] const T& value() const& noexcept { return *std::get_if<0>(&state_); }
  [[nodiscard]] T&& value() && noexcept { return std::move(*std::get_if<0>(&state_)); }
  T& operator*() & noexcept { return value(); }
  const T& operator*() const& noexcept { return value(); }
  T* operator->() noexcept { return std::get_if<0>(&state_); }
  const T* operator->() const noexcept { return std::get_if<0>(&state_); }

  // Precondition: !ok().
  [[nodiscard]] const Error& error() const& noexcept { return *std::get_if<1>(&state_); }
  [[nodiscard]] Error&& error() && noexcept { return std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, Error> state_;
};

// The value type for operations that return no value but may fail: `return Ok{};`.
struct Ok {};
using Status = Result<Ok>;

}  // namespace sotto
