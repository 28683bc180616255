// Who computes a head's products, and how its results are checked.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace head_products {

struct Contender {
  const char* name;
  std::function<void()> call;
  std::function<bool()> is_right;  // after a call
};

// Sotto's own comes first. With a head of seeded random rows, kept by the contenders.
std::vector<Contender> float_contenders(std::size_t items, std::size_t dim, std::size_t batch);
std::vector<Contender> integer_contenders(std::size_t items, std::size_t dim, std::size_t batch);

}  // namespace head_products
