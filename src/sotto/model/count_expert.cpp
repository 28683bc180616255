#include <sotto/model/count_expert.hpp>
#include <sotto/numeric/internal/rounding.hpp>

#include <bit>

namespace sotto {

// |knot difference| < 2^32 and s < 2^29 keep the product below 2^61.
std::int64_t count_bonus(const CountExpert& expert, std::uint32_t s) noexcept {
  const int octave = static_cast<int>(std::bit_width(s)) - 1;
  const auto knot = static_cast<std::size_t>(octave);
  const std::int64_t low = expert.curve[knot];
  const std::int64_t step = expert.curve[knot + 1] - low;
  return low + round_shift(step * (std::int64_t{s} - (std::int64_t{1} << octave)), octave);
}

}  // namespace sotto
