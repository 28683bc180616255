#include <sotto/base/result.hpp>

namespace sotto {

std::string_view error_name(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::truncated: return "truncated";
    case ErrorCode::malformed: return "malformed";
    case ErrorCode::unsupported_version: return "unsupported_version";
    case ErrorCode::wrong_shape: return "wrong_shape";
    case ErrorCode::wrong_type: return "wrong_type";
    case ErrorCode::missing: return "missing";
    case ErrorCode::out_of_range: return "out_of_range";
    case ErrorCode::mismatch: return "mismatch";
    case ErrorCode::io: return "io";
    case ErrorCode::interrupted: return "interrupted";
    case ErrorCode::invalid_argument: return "invalid_argument";
    case ErrorCode::unknown_item: return "unknown_item";
    case ErrorCode::unsupported: return "unsupported";
  }
  return "unknown";
}

}  // namespace sotto
