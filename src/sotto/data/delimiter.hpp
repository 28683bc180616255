// What stands between the fields of a table's row.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sotto::data {

// A text such as "," or "::", or any run of spaces and tabs.
class Delimiter {
 public:
  static constexpr std::size_t max_bytes = 8;

  constexpr Delimiter(char c) noexcept : text_{c}, size_(1) {}
  [[nodiscard]] static constexpr Delimiter run_of_spaces() noexcept {
    Delimiter spaces(' ');
    spaces.run_ = true;
    return spaces;
  }
  // Accepts a text of at most max_bytes bytes, "tab", and "space" for a run of spaces and tabs. Empty for other text: a
  // delimiter has no quote, line end, letter, digit, point or minus.
  [[nodiscard]] static std::optional<Delimiter> parse(std::string_view text) noexcept;

  [[nodiscard]] constexpr std::string_view text() const noexcept { return {text_.data(), size_}; }
  [[nodiscard]] constexpr bool is_run_of_spaces() const noexcept { return run_; }
  // "commas", "tabs", "spaces", "'::'".
  [[nodiscard]] std::string in_words() const;

  [[nodiscard]] constexpr bool operator==(const Delimiter& other) const noexcept {
    return run_ == other.run_ && text() == other.text();
  }

 private:
  constexpr Delimiter() noexcept = default;

  std::array<char, max_bytes> text_{};
  std::size_t size_ = 0;
  bool run_ = false;
};

}  // namespace sotto::data
