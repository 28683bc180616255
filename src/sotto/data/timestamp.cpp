#include <sotto/data/timestamp.hpp>

#include <charconv>
#include <chrono>
#include <cstddef>

namespace sotto::data {
namespace {

constexpr std::int64_t ms_per_second = 1000;
constexpr std::int64_t first_ms = -62'135'596'800 * ms_per_second;            // 0001-01-01T00:00:00Z
constexpr std::int64_t end_ms = (253'402'300'799 + 1) * ms_per_second;        // 10000-01-01T00:00:00Z
constexpr std::int64_t min_number_in_ms = 100'000'000'000;

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Reads parts from the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) noexcept : left_(text) {}

  [[nodiscard]] bool at_end() const noexcept { return left_.empty(); }
  [[nodiscard]] bool take(char expected) noexcept {
    if (left_.empty() || left_.front() != expected) return false;
    left_.remove_prefix(1);
    return true;
  }
  // Reads a number with exactly `digits` digits. Returns -1 if there is none.
  [[nodiscard]] int number(std::size_t digits) noexcept {
    if (left_.size() < digits) return -1;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (!is_digit(left_[i])) return -1;
      value = value * 10 + (left_[i] - '0');
    }
    left_.remove_prefix(digits);
    return value;
  }
  // Reads the digits after a decimal point as milliseconds. Returns -1 if there are none.
  [[nodiscard]] int milliseconds() noexcept {
    if (left_.empty() || !is_digit(left_.front())) return -1;
    int value = 0;
    int unit = 100;
    for (; !left_.empty() && is_digit(left_.front()); left_.remove_prefix(1)) {
      value += (left_.front() - '0') * unit;
      unit /= 10;
    }
    return value;
  }

 private:
  std::string_view left_;
};

std::optional<std::int64_t> in_range(std::int64_t ms) noexcept {
  if (ms < first_ms || ms >= end_ms) return std::nullopt;
  return ms;
}

std::optional<std::int64_t> parse_number(std::string_view text) noexcept {
  const bool negative = text.front() == '-';
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(whole.data(), whole.data() + whole.size(), value);
  if (failure != std::errc{} || end != whole.data() + whole.size()) return std::nullopt;

  int fraction = 0;
  if (point != std::string_view::npos) {
    Scanner scanner(text.substr(point + 1));
    fraction = scanner.milliseconds();
    if (fraction < 0 || !scanner.at_end()) return std::nullopt;
  }
  if (value > min_number_in_ms || value < -min_number_in_ms) return in_range(value);
  return in_range(value * ms_per_second + (negative ? -fraction : fraction));
}

// Parses "Z", "+02:00", "+0200", "+02" or nothing. Returns the minutes to subtract.
std::optional<int> parse_zone(Scanner& scanner) noexcept {
  if (scanner.at_end()) return 0;
  if (scanner.take('Z') || scanner.take('z')) return 0;
  const bool east = scanner.take('+');
  if (!east && !scanner.take('-')) return std::nullopt;
  const int hours = scanner.number(2);
  int minutes = 0;
  if (!scanner.at_end()) {
    static_cast<void>(scanner.take(':'));
    minutes = scanner.number(2);
  }
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  return (east ? 1 : -1) * (hours * 60 + minutes);
}

std::optional<std::int64_t> parse_iso8601(std::string_view text) noexcept {
  Scanner scanner(text);
  const int year = scanner.number(4);
  if (year < 1 || !scanner.take('-')) return std::nullopt;
  const int month = scanner.number(2);
  if (month < 0 || !scanner.take('-')) return std::nullopt;
  const int day = scanner.number(2);
  if (day < 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();

  int hour = 0;
  int minute = 0;
  int second = 0;
  int fraction = 0;
  int zone_minutes = 0;
  if (!scanner.at_end()) {
    if (!scanner.take('T') && !scanner.take('t') && !scanner.take(' ')) return std::nullopt;
    hour = scanner.number(2);
    if (hour < 0 || hour > 23 || !scanner.take(':')) return std::nullopt;
    minute = scanner.number(2);
    if (minute < 0 || minute > 59) return std::nullopt;
    if (scanner.take(':')) {
      second = scanner.number(2);
      if (second < 0 || second > 60) return std::nullopt;  // 60: a leap second
      if (scanner.take('.') || scanner.take(',')) fraction = scanner.milliseconds();
      if (fraction < 0) return std::nullopt;
    }
    const auto zone = parse_zone(scanner);
    if (!zone || !scanner.at_end()) return std::nullopt;
    zone_minutes = *zone;
  }
  const std::int64_t seconds = days * 86'400 + hour * 3'600 + (minute - zone_minutes) * 60 + second;
  return in_range(seconds * ms_per_second + fraction);
}

}  // namespace

std::optional<std::int64_t> parse_timestamp_ms(std::string_view text) noexcept {
  if (text.empty()) return std::nullopt;
  // A dash after the first character belongs to a date. A dash at the front is a sign.
  const bool date = text.find('-', 1) != std::string_view::npos;
  return date ? parse_iso8601(text) : parse_number(text);
}

}  // namespace sotto::data
