// The int8 values of a weight tensor. The model owns them, or refers to their place in the file from which it was
// opened. A page then holds its model in memory only once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace sotto {

class WeightValues {
 public:
  WeightValues() = default;
  // The values are owned and writable through operator[].
  explicit WeightValues(std::size_t count) : owned_(count) {}
  WeightValues(std::vector<std::int8_t> values) : owned_(std::move(values)) {}  // NOLINT(google-explicit-constructor)
  // The file's bytes must outlive this and every copy of it.
  [[nodiscard]] static WeightValues in_file(std::span<const std::byte> bytes) {
    WeightValues values;
    values.in_file_ = {reinterpret_cast<const std::int8_t*>(bytes.data()), bytes.size()};
    return values;
  }

  [[nodiscard]] const std::int8_t* data() const noexcept { return span().data(); }
  [[nodiscard]] std::size_t size() const noexcept { return span().size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] std::span<const std::int8_t> span() const noexcept {
    return in_file_.data() != nullptr ? in_file_ : std::span<const std::int8_t>(owned_);
  }
  operator std::span<const std::int8_t>() const noexcept { return span(); }  // NOLINT(google-explicit-constructor)
  [[nodiscard]] const std::int8_t* begin() const noexcept { return data(); }
  [[nodiscard]] const std::int8_t* end() const noexcept { return data() + size(); }

  const std::int8_t& operator[](std::size_t i) const noexcept { return data()[i]; }
  // Precondition: the values are owned.
  std::int8_t& operator[](std::size_t i) noexcept { return owned_[i]; }

  friend bool operator==(const WeightValues& a, const WeightValues& b) noexcept {
    return std::ranges::equal(a.span(), b.span());
  }

 private:
  std::vector<std::int8_t> owned_;
  std::span<const std::int8_t> in_file_;
};

}  // namespace sotto
