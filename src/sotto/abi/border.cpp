#include <sotto/abi/border.hpp>

#include <sotto/personal/event_times.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>

namespace sotto::abi {
namespace {

// A fixed buffer: a failure takes no memory, and a thread that ends has nothing to give back.
thread_local std::array<char, 1024> last_detail{};

bool continues_character(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// The longest part of a text in UTF-8 that fits and ends with a whole character.
std::string_view fitting(std::string_view text, std::size_t size) noexcept {
  if (text.size() <= size) return text;
  while (size > 0 && continues_character(text[size])) --size;
  return text.substr(0, size);
}

std::int32_t refuse(std::string what) noexcept { return fail({ErrorCode::invalid_argument, std::move(what)}); }

}  // namespace

std::int32_t fail(const Error& error) noexcept {
  const std::string_view detail = fitting(error.detail, last_detail.size() - 1);
  *std::ranges::copy(detail, last_detail.begin()).out = 0;
  return -static_cast<std::int32_t>(error.code);
}

std::int32_t result_of(const Status& status) noexcept { return status ? SOTTO_OK : fail(status.error()); }

std::int32_t check_given(const void* pointer, const char* name) {
  return pointer != nullptr ? SOTTO_OK : refuse(std::string("the argument ") + name + " is NULL");
}

std::int32_t check_pair(const sotto_user* user, const sotto_workspace* workspace) {
  if (const auto refused = check_given(user, "user"); refused != SOTTO_OK) return refused;
  if (const auto refused = check_given(workspace, "workspace"); refused != SOTTO_OK) return refused;
  if (user->opened == workspace->opened) return SOTTO_OK;
  return fail({ErrorCode::mismatch, "the user and the workspace belong to different models"});
}

std::int32_t check_array(const void* values, std::uint64_t count, const char* name) {
  if (count > SOTTO_MAX_COUNT) {
    return refuse(std::string("the argument ") + name + " has " + std::to_string(count) + " values, at most " +
                  std::to_string(SOTTO_MAX_COUNT) + " are allowed");
  }
  return count == 0 ? SOTTO_OK : check_given(values, name);
}

std::int32_t check_room(const void* results, std::uint64_t capacity, std::uint64_t needed, const char* name) {
  if (capacity < needed) {
    return refuse(std::string("the argument ") + name + " has room for " + std::to_string(capacity) + " of " +
                  std::to_string(needed));
  }
  return needed == 0 ? SOTTO_OK : check_given(results, name);
}

std::optional<std::int64_t> seconds_of(double time) {
  if (!std::isfinite(time)) {
    refuse("a time is not finite");
    return std::nullopt;
  }
  constexpr auto limit = static_cast<double>(max_seconds);
  return static_cast<std::int64_t>(std::clamp(time, -limit, limit));
}

}  // namespace sotto::abi

const char* sotto_error_detail() { return sotto::abi::last_detail.data(); }
