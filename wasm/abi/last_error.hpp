// The last failure, kept for sotto_error_code and sotto_error_detail. The module is single-threaded.
#pragma once

#include <sotto/base/result.hpp>

#include <cstdint>

namespace sotto::abi {

// Remembers the error and returns its code negated, as functions of the ABI report it.
std::int32_t fail(Error error);
// 0, or as fail.
std::int32_t status_code(Status status);

}  // namespace sotto::abi
