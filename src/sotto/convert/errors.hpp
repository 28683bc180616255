// The errors that importers share.
#pragma once

#include <sotto/base/result.hpp>

#include <string>
#include <utility>

namespace sotto::convert {

[[nodiscard]] inline Error malformed(std::string detail) { return {ErrorCode::malformed, std::move(detail)}; }
[[nodiscard]] inline Error unsupported(std::string detail) { return {ErrorCode::unsupported, std::move(detail)}; }

}  // namespace sotto::convert
