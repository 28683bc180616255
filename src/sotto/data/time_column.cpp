#include <sotto/data/time_column.hpp>

#include <algorithm>

namespace sotto::data {
namespace {

// A number below the limit is packed with its millionths, a larger one without them.
constexpr std::int64_t millionths = 1'000'000;
constexpr std::int64_t first_without_millionths = 1'000'000'000'000;
constexpr std::int64_t packed_without_millionths = first_without_millionths * millionths;

// Numbers beyond this one, nanoseconds after the year 2231, do not fit behind packed_without_millionths.
constexpr std::int64_t max_whole = INT64_MAX - packed_without_millionths;

std::int64_t microseconds_by_size(const TimeNumber& number) noexcept {
  return number.microseconds(number.unit_by_size()).value_or(0);  // every size is in range in its unit
}

}  // namespace

std::int64_t TimeColumn::pack(const TimeNumber& number) noexcept {
  const std::int64_t whole = std::clamp(number.whole, -max_whole, max_whole);
  if (whole > -first_without_millionths && whole < first_without_millionths)
    return whole * millionths + number.millionths;
  return whole > 0 ? whole + packed_without_millionths : whole - packed_without_millionths;
}

TimeNumber TimeColumn::unpack(std::int64_t packed) noexcept {
  if (packed >= packed_without_millionths) return {.whole = packed - packed_without_millionths};
  if (packed <= -packed_without_millionths) return {.whole = packed + packed_without_millionths};
  return {.whole = packed / millionths, .millionths = static_cast<std::int32_t>(packed % millionths)};
}

void TimeColumn::push_back(const WrittenTime& time) {
  const std::size_t place = values_.size();
  if (place == file_begin_) {
    begins_with_number_ = time.is_number;
  } else if (time.is_number != latest_is_number_) {
    changes_.push_back(place);
  }
  latest_is_number_ = time.is_number;
  if (!time.is_number) {
    values_.push_back(time.microseconds);
    return;
  }
  values_.push_back(pack(time.number));
  ++numbers_;
  const TimeUnit by_size = time.number.unit_by_size();
  const auto size = static_cast<std::size_t>(by_size);
  ++by_size_[size];
  if (time.number.is_of_our_time(by_size)) ++of_our_time_[size];
  // As dates, 8 digits begin at 19790101 and 14 end before 21000101000000.
  constexpr std::int64_t first_date = 19'790'101;
  constexpr std::int64_t end_date = 21'000'101'000'000;
  if (time.number.whole >= first_date && time.number.whole < end_date &&
      time.number.is_of_our_time(TimeUnit::date_digits)) {
    ++date_digits_;
  }
}

TimeReading TimeColumn::end_file() {
  const std::size_t end = values_.size();
  TimeReading reading{.dates = end - file_begin_ - numbers_, .numbers = numbers_};
  const auto most = static_cast<std::size_t>(std::ranges::max_element(by_size_) - by_size_.begin());
  reading.unit = static_cast<TimeUnit>(most);
  // A few numbers that are no dates, such as 0 for an unknown time, change nothing.
  const bool dates = date_digits_ > 0 && date_digits_ >= numbers_ - numbers_ / 10;
  if (dates) reading.unit = TimeUnit::date_digits;
  bool mixed = of_our_time_[most] > 0;
  for (std::size_t size = 0; size < sizes; ++size) {
    if (size != most && by_size_[size] != of_our_time_[size]) mixed = false;
  }

  bool is_number = begins_with_number_;
  auto change = changes_.begin();
  for (std::size_t i = file_begin_; i < end; ++i) {
    if (change != changes_.end() && *change == i) {
      is_number = !is_number;
      ++change;
    }
    if (!is_number) continue;
    const TimeNumber number = unpack(values_[i]);
    const bool by_size = mixed && !dates && static_cast<std::size_t>(number.unit_by_size()) != most;
    const auto converted = by_size ? std::nullopt : number.microseconds(reading.unit);
    if (!converted) ++reading.numbers_in_other_units;
    values_[i] = converted ? *converted : microseconds_by_size(number);
  }
  file_begin_ = end;
  changes_.clear();
  numbers_ = 0;
  date_digits_ = 0;
  by_size_ = {};
  of_our_time_ = {};
  return reading;
}

}  // namespace sotto::data
