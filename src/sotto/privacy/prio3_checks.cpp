#include <sotto/privacy/internal/prio3.hpp>

#include <string>

namespace sotto::privacy {

Status check_context(std::span<const std::byte> context) {
  if (context.size() <= max_context_bytes) return Ok{};
  return Error{ErrorCode::invalid_argument, "the context has " + std::to_string(context.size()) +
                                                " bytes, the limit is " + std::to_string(max_context_bytes)};
}

Status check_size(std::string_view part, std::size_t bytes, std::size_t expected) {
  if (bytes == expected) return Ok{};
  return Error{ErrorCode::malformed,
               std::string{part} + " has " + std::to_string(bytes) + " bytes, expected " + std::to_string(expected)};
}

Error modulus_error(std::string_view part) {
  return {ErrorCode::out_of_range, std::string{part} + " has an element that is not below the field's modulus"};
}

}  // namespace sotto::privacy
