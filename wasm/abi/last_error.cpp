#include "last_error.hpp"

#include "export.hpp"

#include <utility>

namespace sotto::abi {
namespace {

Error& last_error() {
  static Error error{};
  return error;
}

}  // namespace

std::int32_t fail(Error error) {
  last_error() = std::move(error);
  return -static_cast<std::int32_t>(last_error().code);
}

std::int32_t status_code(Status status) { return status ? 0 : fail(std::move(status).error()); }

SOTTO_EXPORT(sotto_error_code) std::int32_t sotto_error_code() { return static_cast<std::int32_t>(last_error().code); }
SOTTO_EXPORT(sotto_error_detail) const char* sotto_error_detail() { return last_error().detail.data(); }
SOTTO_EXPORT(sotto_error_detail_size) std::uint32_t sotto_error_detail_size() {
  return static_cast<std::uint32_t>(last_error().detail.size());
}

}  // namespace sotto::abi
