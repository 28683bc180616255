// Problems of a whole request, answered as a problem document (RFC 9457, application/problem+json).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sotto::sync {

enum class ProblemType : std::uint8_t {
  invalid_message,
  unrecognized_task,
  unrecognized_aggregation_job,
  batch_invalid,
  invalid_batch_size,
  invalid_aggregation_parameter,
  batch_mismatch,
  step_mismatch,
  batch_overlap,
  unsupported_extension,
  invalid_extension,
};

inline constexpr std::string_view problem_media_type = "application/problem+json";

// Returns the type's URN, "urn:ietf:params:ppm:dap:error:invalidMessage".
[[nodiscard]] std::string problem_urn(ProblemType type);
// Returns nothing for a URN that the draft does not define.
[[nodiscard]] std::optional<ProblemType> problem_type_from_urn(std::string_view urn) noexcept;

}  // namespace sotto::sync
