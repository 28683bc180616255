// The times of a log while it is read. The unit of a file's numbers is decided when all of them are known, because one
// number alone may be in several.
#pragma once

#include <sotto/data/chunked_column.hpp>
#include <sotto/data/timestamp.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace sotto::data {

// How the times of one file were read.
struct TimeReading {
  std::size_t dates = 0;                 // ISO 8601
  std::size_t numbers = 0;
  TimeUnit unit = TimeUnit::seconds;     // of the numbers
  std::size_t numbers_in_other_units = 0;  // read in the unit of their size, because the file mixes units
};

class TimeColumn {
 public:
  void push_back(const WrittenTime& time);

  // Ends a file, and decides the unit of its numbers. It is the one that most of them have by their size. All numbers
  // are in that unit, with two exceptions: those that are outside the years 1 … 9999 in it, and those of another size
  // if all of those are times of today in the unit of that size. Numbers that are dates by their digits are dates.
  TimeReading end_file();

  // Microseconds since 1970. Precondition: every file has been ended.
  [[nodiscard]] ChunkedColumn<std::int64_t> release() { return std::move(values_); }

 private:
  static constexpr std::size_t sizes = 4;  // the units that a number may have by its size

  // A number until its file ends; a microsecond afterwards.
  static std::int64_t pack(const TimeNumber& number) noexcept;
  static TimeNumber unpack(std::int64_t packed) noexcept;

  ChunkedColumn<std::int64_t> values_;
  std::vector<std::size_t> changes_;  // places in the present file where numbers follow dates or dates follow numbers
  bool begins_with_number_ = false;
  bool latest_is_number_ = false;
  std::size_t file_begin_ = 0;
  std::size_t numbers_ = 0;
  std::size_t date_digits_ = 0;  // numbers that are dates of our time
  std::array<std::size_t, sizes> by_size_{};
  std::array<std::size_t, sizes> of_our_time_{};  // of those, in the unit of their size
};

}  // namespace sotto::data
