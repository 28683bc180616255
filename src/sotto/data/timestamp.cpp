#include <sotto/data/text.hpp>
#include <sotto/data/timestamp.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>

namespace sotto::data {
namespace {

constexpr std::int64_t first_us = -62'135'596'800 * us_per_second;      // 0001-01-01T00:00:00Z
constexpr std::int64_t end_us = (253'402'300'799 + 1) * us_per_second;  // 10000-01-01T00:00:00Z

// Larger numbers are not seconds: they would be after the year 5138. Numbers from the second limit on are not
// milliseconds, and those from the third on are not microseconds.
constexpr std::int64_t max_seconds = 100'000'000'000;
constexpr std::int64_t end_milliseconds = 100'000'000'000'000;
constexpr std::int64_t end_microseconds = 9'000'000'000'000'000;

constexpr std::int64_t first_second_of_our_time = 300'000'000;   // 1979
constexpr std::int64_t end_second_of_our_time = 4'102'444'800;   // 2100-01-01

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Reads parts from the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) noexcept : left_(text) {}

  [[nodiscard]] bool at_end() const noexcept { return left_.empty(); }
  [[nodiscard]] std::string_view left() const noexcept { return left_; }
  void skip(std::size_t count) noexcept { left_.remove_prefix(count); }
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
  // Reads the digits after a decimal point as millionths. Returns -1 if there are none.
  [[nodiscard]] int millionths() noexcept {
    if (left_.empty() || !is_digit(left_.front())) return -1;
    int value = 0;
    int unit = 100'000;
    for (; !left_.empty() && is_digit(left_.front()); left_.remove_prefix(1)) {
      value += (left_.front() - '0') * unit;
      unit /= 10;
    }
    return value;
  }

 private:
  std::string_view left_;
};

std::optional<std::int64_t> in_range(std::int64_t us) noexcept {
  if (us < first_us || us >= end_us) return std::nullopt;
  return us;
}

// Reads whole or decimal numbers.
std::optional<TimeNumber> parse_number(std::string_view text) noexcept {
  const bool negative = text.front() == '-';
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  TimeNumber number;
  const auto [end, failure] = std::from_chars(whole.data(), whole.data() + whole.size(), number.whole);
  if (failure != std::errc{} || end != whole.data() + whole.size()) return std::nullopt;
  if (point != std::string_view::npos) {
    Scanner scanner(text.substr(point + 1));
    const int millionths = scanner.millionths();
    if (millionths < 0 || !scanner.at_end()) return std::nullopt;
    number.millionths = negative ? -millionths : millionths;
  }
  return number;
}

struct Zone {
  std::string_view name;
  int minutes;
};
// The names that mean the same offset wherever they are used. EST, CST, IST and others mean several.
constexpr auto zones = std::to_array<Zone>({{"UTC", 0},
                                            {"GMT", 0},
                                            {"WET", 0},
                                            {"WEST", 60},
                                            {"CET", 60},
                                            {"CEST", 120},
                                            {"EET", 120},
                                            {"EEST", 180},
                                            {"MSK", 180},
                                            {"JST", 540},
                                            {"KST", 540},
                                            {"NZST", 720},
                                            {"NZDT", 780}});

// Reads "+02:00", "+0200", "+02" or "+2" as minutes.
std::optional<int> parse_offset(Scanner& scanner, bool one_digit) noexcept {
  const bool east = scanner.take('+');
  if (!east && !scanner.take('-')) return std::nullopt;
  int hours = scanner.number(2);
  if (hours < 0 && one_digit) hours = scanner.number(1);
  int minutes = 0;
  if (!scanner.at_end()) {
    static_cast<void>(scanner.take(':'));
    minutes = scanner.number(2);
  }
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  return (east ? 1 : -1) * (hours * 60 + minutes);
}

// Reads "Z", an offset, a name that means one offset, "UTC+2" or nothing. Returns the minutes to subtract.
std::optional<int> parse_zone(Scanner& scanner) noexcept {
  if (scanner.at_end()) return 0;
  static_cast<void>(scanner.take(' '));
  if (scanner.take('Z') || scanner.take('z')) return 0;
  const std::string_view left = scanner.left();
  const std::string_view name =
      left.substr(0, static_cast<std::size_t>(std::ranges::find_if_not(left, is_letter) - left.begin()));
  if (name.empty()) return parse_offset(scanner, false);
  const auto zone = std::ranges::find(zones, name, &Zone::name);
  if (zone == zones.end()) return std::nullopt;
  scanner.skip(name.size());
  if (scanner.at_end()) return zone->minutes;
  return zone->minutes == 0 ? parse_offset(scanner, true) : std::nullopt;
}

// Reads "12:00", "12:00:00", "120000" or "12:00:00.250", and the zone. Returns microseconds of the day in UTC.
std::optional<std::int64_t> parse_time_of_day(Scanner& scanner, bool separated) noexcept {
  const int hour = scanner.number(2);
  if (hour < 0 || hour > 23 || (separated && !scanner.take(':'))) return std::nullopt;
  const int minute = scanner.number(2);
  if (minute < 0 || minute > 59) return std::nullopt;
  int second = 0;
  int fraction = 0;
  const bool has_seconds = separated ? scanner.take(':') : !scanner.at_end() && is_digit(scanner.left().front());
  if (has_seconds) {
    second = scanner.number(2);
    if (second < 0 || second > 60) return std::nullopt;  // 60: a leap second
    if (scanner.take('.') || scanner.take(',')) fraction = scanner.millionths();
    if (fraction < 0) return std::nullopt;
  }
  const auto zone = parse_zone(scanner);
  if (!zone || !scanner.at_end()) return std::nullopt;
  return (static_cast<std::int64_t>(hour) * 3'600 + (minute - *zone) * 60 + second) * us_per_second + fraction;
}

std::optional<std::int64_t> midnight_us(int year, int month, int day) noexcept {
  if (year < 1 || month < 0 || day < 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date}.time_since_epoch().count() * 86'400LL * us_per_second;
}

// `separator` stands between year, month and day; 0: nothing does, and the time of day has no colons.
std::optional<std::int64_t> parse_date(std::string_view text, char separator) noexcept {
  Scanner scanner(text);
  const int year = scanner.number(4);
  if (separator != '\0' && !scanner.take(separator)) return std::nullopt;
  const int month = scanner.number(2);
  if (separator != '\0' && !scanner.take(separator)) return std::nullopt;
  const auto midnight = midnight_us(year, month, scanner.number(2));
  if (!midnight) return std::nullopt;
  if (scanner.at_end()) return in_range(*midnight);
  if (!scanner.take('T') && !scanner.take('t') && (separator == '\0' || !scanner.take(' '))) return std::nullopt;
  const auto of_day = parse_time_of_day(scanner, separator != '\0');
  return of_day ? in_range(*midnight + *of_day) : std::nullopt;
}

// Reads the digits of a number as YYYYMMDD, YYYYMMDDhhmm or YYYYMMDDhhmmss.
std::optional<std::int64_t> parse_date_digits(std::int64_t number) noexcept {
  constexpr std::size_t date_digits = 8;
  std::array<char, 20> digits{};
  const auto [end, failure] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  const std::string_view text(digits.data(), static_cast<std::size_t>(end - digits.data()));
  if (failure != std::errc{} || (text.size() != 8 && text.size() != 12 && text.size() != 14)) return std::nullopt;
  const auto midnight = parse_date(text.substr(0, date_digits), '\0');
  if (!midnight || text.size() == date_digits) return midnight;
  Scanner scanner(text.substr(date_digits));
  const auto of_day = parse_time_of_day(scanner, false);
  return of_day ? in_range(*midnight + *of_day) : std::nullopt;
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::int64_t units_per_second(TimeUnit unit) noexcept {
  constexpr std::array<std::int64_t, time_units> per_second = {1, 1'000, 1'000'000, 1'000'000'000, 1};
  return per_second[static_cast<std::size_t>(unit)];
}

}  // namespace

std::string_view time_unit_name(TimeUnit unit) noexcept {
  constexpr std::array<std::string_view, time_units> names = {"seconds", "milliseconds", "microseconds", "nanoseconds",
                                                              "YYYYMMDDhhmmss"};
  return names[static_cast<std::size_t>(unit)];
}

TimeUnit TimeNumber::unit_by_size() const noexcept {
  if (whole >= -max_seconds && whole <= max_seconds) return TimeUnit::seconds;
  if (whole > -end_milliseconds && whole < end_milliseconds) return TimeUnit::milliseconds;
  if (whole > -end_microseconds && whole < end_microseconds) return TimeUnit::microseconds;
  return TimeUnit::nanoseconds;
}

bool TimeNumber::is_of_our_time(TimeUnit unit) const noexcept {
  if (unit == TimeUnit::date_digits) {
    const auto us = parse_date_digits(whole);
    return us && *us >= first_second_of_our_time * us_per_second && *us < end_second_of_our_time * us_per_second;
  }
  const std::int64_t second = whole / units_per_second(unit);
  return second >= first_second_of_our_time && second < end_second_of_our_time;
}

std::optional<std::int64_t> TimeNumber::microseconds(TimeUnit unit) const noexcept {
  switch (unit) {
    case TimeUnit::seconds:
      if (whole < first_us / us_per_second || whole >= end_us / us_per_second) return std::nullopt;
      return in_range(whole * us_per_second + millionths);
    case TimeUnit::milliseconds:
      if (whole < first_us / 1000 || whole >= end_us / 1000) return std::nullopt;
      return in_range(whole * 1000 + millionths / 1000);
    case TimeUnit::microseconds: return in_range(whole);
    case TimeUnit::nanoseconds: return in_range(whole >= 0 ? whole / 1000 : -((999 - whole) / 1000));
    case TimeUnit::date_digits: return parse_date_digits(whole);
  }
  return std::nullopt;
}

std::optional<WrittenTime> parse_time(std::string_view text) noexcept {
  text = trimmed(text);
  if (text.empty()) return std::nullopt;
  constexpr std::size_t after_year = 4;
  constexpr std::size_t after_day = 8;
  const char separator = text.size() > after_year ? text[after_year] : '\0';
  std::optional<std::int64_t> date;
  if (text.find('-', 1) != std::string_view::npos && separator == '-') {
    date = parse_date(text, '-');
  } else if (separator == '/') {
    date = parse_date(text, '/');
  } else if (text.size() > after_day && (text[after_day] == 'T' || text[after_day] == 't')) {
    date = parse_date(text, '\0');
  } else {
    const auto number = parse_number(text);
    if (!number) return std::nullopt;
    return WrittenTime{.is_number = true, .number = *number};
  }
  if (!date) return std::nullopt;
  return WrittenTime{.microseconds = *date};
}

std::optional<std::int64_t> parse_timestamp_ms(std::string_view text) noexcept {
  const auto written = parse_time(text);
  if (!written) return std::nullopt;
  std::int64_t us = written->microseconds;
  if (written->is_number) {
    const TimeNumber number = written->number;
    constexpr std::int64_t first_with_14_digits = 10'000'000'000'000;
    const bool date = number.whole >= first_with_14_digits && number.is_of_our_time(TimeUnit::date_digits);
    const auto converted = number.microseconds(date ? TimeUnit::date_digits : number.unit_by_size());
    if (!converted) return std::nullopt;
    us = *converted;
  }
  return us >= 0 ? us / 1000 : -((999 - us) / 1000);
}

std::string expected_time(std::string_view text) {
  text = trimmed(text);
  const auto name = std::find_if_not(text.rbegin(), text.rend(), is_letter).base();
  const std::string_view zone = text.substr(static_cast<std::size_t>(name - text.begin()));
  if (zone.size() > 1 && text.size() > zone.size() && parse_time(text.substr(0, text.size() - zone.size())))
    return fmt::format("and the zone {} may mean several offsets; write the offset, such as -05:00", in_quotes(zone));
  if (text.find_first_of("eE") != std::string_view::npos && !text.empty() && is_digit(text.front()))
    return fmt::format("expected {}; a spreadsheet may have rounded it", timestamp_rule);
  return fmt::format("expected {}", timestamp_rule);
}

}  // namespace sotto::data
