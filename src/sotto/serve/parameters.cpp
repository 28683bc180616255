#include <sotto/serve/parameters.hpp>
#include <sotto/stream/user_id.hpp>

#include <fmt/format.h>

#include <charconv>
#include <system_error>

namespace sotto::serve {

Answered<std::string> user_parameter(const Call& call) {
  const std::string& user = call.path.find("id")->second;
  if (stream::is_user_id(user)) return user;
  return Refusal{400, "bad_value", "The user's id has 1 to 256 bytes without control characters."};
}

Answered<std::optional<std::int64_t>> whole_parameter(const Call& call, const std::string& name, std::int64_t low,
                                                      std::int64_t high, std::optional<std::int64_t> absent) {
  const auto given = call.query.find(name);
  if (given == call.query.end()) return absent;
  const std::string& text = given->second;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number >= low && number <= high) {
    return std::optional(number);
  }
  return Refusal{400, "bad_value",
                 fmt::format("The parameter '{}' must be a whole number from {} to {}.", name, low, high)};
}

}  // namespace sotto::serve
