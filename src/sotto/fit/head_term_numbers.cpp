#include <sotto/fit/head_term_numbers.hpp>

#include <bit>
#include <cmath>

namespace sotto::fit {

CurvePlace curve_place(std::uint32_t count) noexcept {
  const int octave = static_cast<int>(std::bit_width(count)) - 1;
  return {static_cast<std::size_t>(octave), std::ldexp(static_cast<double>(count), -octave) - 1};
}

double bonus(const HeadTermNumbers& p, const ItemEvidence& e) noexcept {
  return p[age_bucket(e.age)] + p[head_term::occurrences + count_bucket(e.count)] +
         (e.follows ? p[head_term::follow] : 0.0);
}

double bonus(const HeadTermNumbers& p, const ItemCount& c) noexcept {
  const auto [knot, share] = curve_place(c.count);
  return p[head_term::curve + knot] * (1 - share) + p[head_term::curve + knot + 1] * share;
}

}  // namespace sotto::fit
