// Result<T>: a value or an Error. The core never prints, throws or aborts; sentences for people are
// finished at the edge (the CLI, the JavaScript error class) from the code and the detail given here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace sotto {

// What went wrong, in classes that a caller can act on. The numbers are part of the C ABI and of the
// npm package (docs/errors.md): append, never renumber.
enum class ErrorCode : std::int32_t {
  truncated = 1,             // the bytes end before what they announce
  malformed = 2,             // the bytes break the rules of their format
  unsupported_version = 3,   // a version this build does not read
  wrong_shape = 4,           // a tensor's dimensions contradict the architecture
  wrong_type = 5,            // a tensor's or field's type is not the expected one
  missing = 6,               // a required field, column or tensor is absent
  out_of_range = 7,          // a value outside its documented range
  mismatch = 8,              // two things that must belong together do not (state and model, log and split)
  io = 9,                    // the operating system refused to read or write
  interrupted = 10,          // the caller asked to stop
  invalid_argument = 11,     // the caller passed something that cannot be meant
  unknown_item = 12,         // an item id that the model's catalogue does not have
  unsupported = 13,          // valid, but not something this build can do
};

// The code's stable name, such as "wrong_shape"; "unknown" for a number that is none.
[[nodiscard]] std::string_view error_name(ErrorCode code) noexcept;

struct Error {
  ErrorCode code;
  // What is wrong, where (line, byte, tensor or field name) and the offending value, as a phrase without
  // a final full stop: "tensor 'lstm.0.hidden' has shape [4, 4], expected [512, 128]".
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

// For operations that yield nothing but may fail: `return Ok{};`.
struct Ok {};
using Status = Result<Ok>;

}  // namespace sotto
