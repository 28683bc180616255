#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

namespace sotto::data {
namespace {

// Returns the length of the well-formed character at the front of `text`, or 0 if there is none. Precondition: `text`
// is not empty.
std::size_t character_length(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return continues(1) ? 2 : 0;
  if (lead < 0xF0) {
    const bool overlong = lead == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = lead == 0xED && byte(1) > 0x9F;
    return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead < 0xF5) {
    const bool overlong = lead == 0xF0 && byte(1) < 0x90;
    const bool beyond_unicode = lead == 0xF4 && byte(1) > 0x8F;
    return continues(1) && continues(2) && continues(3) && !overlong && !beyond_unicode ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool stands_for_missing(std::string_view text) noexcept {
  constexpr auto names = std::to_array<std::string_view>(
      {"nan", "null", "na", "n/a", "#n/a", "none", "<na>", "\\n", "nil", "undefined", "(null)", "nat"});
  constexpr std::size_t longest = 9;
  if (text.empty() || text.size() > longest) return false;
  const auto same = [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b); };
  return std::ranges::any_of(names, [&](std::string_view name) { return std::ranges::equal(name, text, same); });
}

bool is_rounded_by_spreadsheet(std::string_view text) noexcept {
  const std::size_t exponent = text.find_first_of("eE");
  if (exponent == std::string_view::npos || exponent < 1 || exponent + 3 > text.size() || text[exponent + 1] != '+')
    return false;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const std::string_view digits = text.substr(0, exponent);
  const std::size_t point = digits.find_first_of(".,");
  const std::string_view fraction = point == std::string_view::npos ? "" : digits.substr(point + 1);
  return std::ranges::all_of(digits.substr(0, point), is_digit) && std::ranges::all_of(fraction, is_digit) &&
         is_digit(digits.front()) && std::ranges::all_of(text.substr(exponent + 2), is_digit);
}

std::optional<double> parse_decimal(std::string_view text) noexcept {
  constexpr std::size_t max_length = 64;
  if (text.empty() || text.size() > max_length) return std::nullopt;
  std::array<char, max_length> digits{};
  std::ranges::copy(text, digits.begin());
  const std::size_t comma = text.find(',');
  if (comma != std::string_view::npos) {
    constexpr std::size_t thousands = 3;
    const bool has_point = text.find('.') != std::string_view::npos;
    if (has_point || comma == 0 || comma + 1 == text.size() || text.size() - comma - 1 == thousands)
      return std::nullopt;
    digits[comma] = '.';
  }
  double value = 0;
  const char* const end = digits.data() + text.size();
  const auto [stop, failure] = std::from_chars(digits.data(), end, value);
  if (failure != std::errc{} || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t max_bytes = 60;
  std::string result = "'";
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (result.size() + length > max_bytes) {
      result += "…";
      break;
    }
    const auto lead = static_cast<unsigned char>(text.front());
    if (length == 0 || lead < 0x20 || lead == 0x7F) {
      result += fmt::format("\\x{:02x}", lead);
      text.remove_prefix(1);
    } else {
      result += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return result + "'";
}

}  // namespace sotto::data
