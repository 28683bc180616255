#include <sotto/sync/problem_type.hpp>

#include <array>
#include <cstddef>

namespace sotto::sync {
namespace {

constexpr std::string_view urn_prefix = "urn:ietf:params:ppm:dap:error:";

// In the order of ProblemType.
constexpr std::array<std::string_view, 11> problem_tokens{
    "invalidMessage",       "unrecognizedTask", "unrecognizedAggregationJob",
    "batchInvalid",         "invalidBatchSize", "invalidAggregationParameter",
    "batchMismatch",        "stepMismatch",     "batchOverlap",
    "unsupportedExtension", "invalidExtension"};

}  // namespace

std::string problem_urn(ProblemType type) {
  return std::string(urn_prefix).append(problem_tokens[static_cast<std::size_t>(type)]);
}

std::optional<ProblemType> problem_type_from_urn(std::string_view urn) noexcept {
  if (!urn.starts_with(urn_prefix)) return std::nullopt;
  urn.remove_prefix(urn_prefix.size());
  for (std::size_t i = 0; i < problem_tokens.size(); ++i) {
    if (problem_tokens[i] == urn) return static_cast<ProblemType>(i);
  }
  return std::nullopt;
}

}  // namespace sotto::sync
