// A failure of the core on its way to Python, where it is a sotto.SottoError.
#pragma once

#include <sotto/base/result.hpp>

#include <string>
#include <utility>

namespace sotto::python {

struct Failure {
  std::string code;  // as in docs/errors.md
  std::string detail;

  Failure(std::string of_code, std::string what) : code(std::move(of_code)), detail(std::move(what)) {}
  explicit Failure(const Error& error) : code(error_name(error.code)), detail(error.detail) {}
};

// Returns the result's value, or throws its error.
template <class T>
[[nodiscard]] T value_of(Result<T> result) {
  if (!result) throw Failure(result.error());
  return std::move(result).value();
}

inline void require(Status status) {
  if (!status) throw Failure(status.error());
}

}  // namespace sotto::python
