// Every function of the C ABI begins and ends here: it checks what came in, and reports what went wrong.
#pragma once

#include <sotto/abi/handles.hpp>
#include <sotto/base/result.hpp>
#include <sotto/personal/personal_session.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace sotto::abi {

// Remembers the error for sotto_error_detail and returns its negative code.
std::int32_t fail(const Error& error) noexcept;

// 0, or as fail.
std::int32_t result_of(const Status& status) noexcept;

// The checks below remember what is wrong and return its negative code, or 0 where nothing is.

// Handles and pointers to results. The name is the parameter's in sotto.h.
[[nodiscard]] std::int32_t check_given(const void* pointer, const char* name);

// A user and a workspace of the same model.
[[nodiscard]] std::int32_t check_pair(const sotto_user* user, const sotto_workspace* workspace);

// An array of `count` values for one call to read or write: not NULL unless it is empty, and not too long.
[[nodiscard]] std::int32_t check_array(const void* values, std::uint64_t count, const char* name);

// A place for `needed` results in the caller's memory.
[[nodiscard]] std::int32_t check_room(const void* results, std::uint64_t capacity, std::uint64_t needed,
                                      const char* name);

// Precondition: check_array found it to be an array.
template <class Value>
[[nodiscard]] std::span<Value> span_of(Value* values, std::uint32_t count) noexcept {
  return count == 0 ? std::span<Value>() : std::span<Value>(values, count);
}

// Seconds since 1970, without their fraction. Nothing where the time is not finite; the error is remembered.
[[nodiscard]] std::optional<std::int64_t> seconds_of(double time);

[[nodiscard]] inline PersonalSession session_of(sotto_user& user, sotto_workspace& workspace) noexcept {
  return {user.opened->personal, user.value, workspace.value};
}

}  // namespace sotto::abi
