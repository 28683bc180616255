#include <sotto/privacy/internal/uint256.hpp>

#include <numeric>
#include <utility>

namespace sotto::privacy {

Division256 divide(const Uint256& dividend, const Uint256& divisor) noexcept {
  if (dividend.fits_64_bits() && divisor.fits_64_bits()) {
    return {Uint256(dividend.low_64_bits() / divisor.low_64_bits()),
            Uint256(dividend.low_64_bits() % divisor.low_64_bits())};
  }
  Division256 result;
  for (unsigned i = dividend.bits(); i > 0; --i) {
    result.remainder = result.remainder.shifted_in(dividend.bit(i - 1));
    const bool fits = result.remainder >= divisor;
    if (fits) result.remainder = result.remainder - divisor;
    result.quotient = result.quotient.shifted_in(fits);
  }
  return result;
}

Uint256 greatest_common_divisor(Uint256 a, Uint256 b) noexcept {
  while (!b.is_zero()) {
    if (a.fits_64_bits() && b.fits_64_bits()) return Uint256(std::gcd(a.low_64_bits(), b.low_64_bits()));
    a = divide(a, b).remainder;
    std::swap(a, b);
  }
  return a;
}

}  // namespace sotto::privacy
