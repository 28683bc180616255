// Many short ids in one block of memory. Each takes a few bytes in addition to its text, where a std::string takes 32.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace sotto::data {

class IdList {
 public:
  void push_back(std::string_view id) {
    text_.insert(text_.end(), id.begin(), id.end());
    ends_.push_back(text_.size());
  }
  [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
  [[nodiscard]] bool empty() const noexcept { return ends_.empty(); }
  // Valid until the list changes.
  [[nodiscard]] std::string_view operator[](std::size_t i) const noexcept {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return {text_.data() + begin, ends_[i] - begin};
  }
  // The text of all ids, from `begin` on.
  [[nodiscard]] std::string_view text(std::size_t begin, std::size_t length) const noexcept {
    return {text_.data() + begin, length};
  }
  [[nodiscard]] std::size_t text_size() const noexcept { return text_.size(); }
  bool operator==(const IdList&) const = default;

 private:
  std::vector<char> text_;
  std::vector<std::size_t> ends_;  // places in text_
};

}  // namespace sotto::data
