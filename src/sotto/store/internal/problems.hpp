// What a check of a store found.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace sotto::store {

// Keeps the first hundred: a damaged file may have a problem in every row.
class Problems {
 public:
  void add(std::string problem) {
    if (found_.size() < max_problems) found_.push_back(std::move(problem));
  }
  [[nodiscard]] std::vector<std::string> take() { return std::move(found_); }

 private:
  static constexpr std::size_t max_problems = 100;
  std::vector<std::string> found_;
};

}  // namespace sotto::store
