#include <sotto/base/internal/bytes.hpp>
#include <sotto/privacy/internal/uint256.hpp>
#include <sotto/privacy/noise.hpp>

#include <array>
#include <cstddef>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

namespace sotto::privacy {
namespace {

// Each of these loops goes on with a probability that the paper gives. The bounds end them where the bytes are not
// random; random bytes reach none of them with a probability above 2^-250.
constexpr unsigned max_rejections = 256;  // of a uniform draw: at most 1/2 each
constexpr unsigned max_factorial = 64;    // 1 / 64! = 2^-296
constexpr unsigned max_successes = 256;   // of Bernoulli(1/e): e^-256 = 2^-369
constexpr unsigned max_attempts = 2048;   // of a draw: at most 0.64 each

// Random 32-bit words out of blocks of bytes. After a failure all words are zero, and failure() says why.
class RandomWords {
 public:
  explicit RandomWords(Entropy& entropy) : entropy_(entropy) {}

  std::uint32_t next() {
    if (position_ == block_.size()) refill();
    const auto word = load_le<std::uint32_t>(&block_[position_]);
    position_ += sizeof word;
    return word;
  }

  void fail(std::string detail) {
    if (!failure_) failure_ = Error{ErrorCode::io, std::move(detail)};
  }
  void fail_as_not_random() { fail("the entropy's bytes are not random: a draw of noise does not end"); }
  [[nodiscard]] bool failed() const noexcept { return failure_.has_value(); }
  [[nodiscard]] const std::optional<Error>& failure() const noexcept { return failure_; }

 private:
  void refill() {
    position_ = 0;
    if (!failed()) {
      if (auto filled = entropy_.fill(block_); !filled) fail(filled.error().detail);
    }
    if (failed()) block_.fill(std::byte{0});
  }

  Entropy& entropy_;
  std::array<std::byte, 4096> block_{};
  std::size_t position_ = block_.size();
  std::optional<Error> failure_;
};

// A probability or a rate of decay, in lowest terms.
struct ExactFraction {
  Uint256 numerator;
  Uint256 denominator;
};

// The steps of the paper's algorithms 1 to 3. Uniform draws below a bound take as many bits as the bound has, in whole
// words: the published vectors of discrete Gaussians were made that way.
class NoiseSampler {
 public:
  explicit NoiseSampler(Entropy& entropy) : words_(entropy) {}

  [[nodiscard]] const std::optional<Error>& failure() const noexcept { return words_.failure(); }

  // Algorithm 2: the discrete Laplace distribution of the scale numerator / denominator. Legal: both from 1 to 2^43.
  std::int64_t laplace(std::uint64_t numerator, std::uint64_t denominator) {
    for (unsigned attempt = 0; attempt < max_attempts && !words_.failed(); ++attempt) {
      const bool negative = bernoulli({Uint256(1), Uint256(2)});
      const auto magnitude = static_cast<std::int64_t>(geometric(numerator, denominator));
      if (negative && magnitude == 0) continue;  // otherwise zero would come twice as often
      return negative ? -magnitude : magnitude;
    }
    words_.fail_as_not_random();
    return 0;
  }

  // Algorithm 3: a draw of Laplace noise of the scale t = floor(z) + 1 is accepted with the probability
  // exp(-(|y| - z² / t)² / 2z²).
  std::int64_t gaussian(Ratio deviation) {
    const Uint256 numerator(deviation.numerator);
    const Uint256 denominator(deviation.denominator);
    const std::uint64_t scale = deviation.numerator / deviation.denominator + std::uint64_t{1};
    // The rate is a² / 2b² with a = | |y| · denominator² · t - numerator² | and b = denominator · numerator · t.
    const Uint256 step = denominator * denominator * Uint256(scale);
    const Uint256 center = numerator * numerator;
    const Uint256 width = denominator * numerator * Uint256(scale);
    for (unsigned attempt = 0; attempt < max_attempts && !words_.failed(); ++attempt) {
      const std::int64_t drawn = laplace(scale, 1);
      const Uint256 place = step * Uint256(static_cast<std::uint64_t>(drawn < 0 ? -drawn : drawn));
      const Uint256 distance = place < center ? center - place : place - center;
      if (bernoulli_exp(half_squared(distance, width))) return drawn;
    }
    words_.fail_as_not_random();
    return 0;
  }

 private:
  // Returns a² / 2b² in lowest terms.
  static ExactFraction half_squared(const Uint256& a, const Uint256& b) {
    const Uint256 divisor = greatest_common_divisor(a, b);
    const Uint256 x = divide(a, divisor).quotient;
    const Uint256 y = divide(b, divisor).quotient;
    if (x.is_odd()) return {x * x, Uint256(2) * y * y};
    return {Uint256(2) * x.divided_by(2) * x.divided_by(2), y * y};
  }

  // Uniform over 0 … bound - 1, by rejection. Legal: bound ≥ 1.
  Uint256 below(const Uint256& bound) {
    const unsigned bits = bound.bits();
    for (unsigned rejections = 0; rejections < max_rejections && !words_.failed(); ++rejections) {
      std::array<std::uint32_t, Uint256::limb_count> limbs{};
      const std::size_t count = (bits + 31) / 32;
      for (std::size_t i = 0; i < count; ++i) limbs[i] = words_.next();
      if (bits % 32 != 0) limbs[count - 1] >>= 32 - bits % 32;
      const Uint256 drawn(limbs);
      if (drawn < bound) return drawn;
    }
    words_.fail_as_not_random();
    return {};
  }

  // True with the probability of the fraction, which is at most 1.
  bool bernoulli(const ExactFraction& probability) { return below(probability.denominator) < probability.numerator; }

  // Algorithm 1 for rates up to 1: true with the probability exp(-rate). The number of trials until the first failure,
  // where trial k succeeds with the probability rate / k, is odd with that probability.
  bool bernoulli_exp_up_to_1(const ExactFraction& rate) {
    for (std::uint32_t k = 1; k <= max_factorial && !words_.failed(); ++k) {
      const std::uint32_t shared = std::gcd(rate.numerator.remainder_of(k), k);
      const ExactFraction probability{rate.numerator.divided_by(shared), rate.denominator * Uint256(k / shared)};
      if (!bernoulli(probability)) return k % 2 == 1;
    }
    words_.fail_as_not_random();
    return false;
  }

  bool bernoulli_exp_of_1() { return bernoulli_exp_up_to_1({Uint256(1), Uint256(1)}); }

  // Algorithm 1: true with the probability exp(-rate).
  bool bernoulli_exp(ExactFraction rate) {
    for (unsigned successes = 0; rate.numerator >= rate.denominator; ++successes) {
      if (!bernoulli_exp_of_1()) return false;
      if (successes == max_successes) {
        words_.fail_as_not_random();
        return false;
      }
      rate.numerator = rate.numerator - rate.denominator;
    }
    if (rate.numerator.is_zero()) rate.denominator = Uint256(1);
    return bernoulli_exp_up_to_1(rate);
  }

  // The first part of algorithm 2: n with a probability that is proportional to exp(-n · denominator / numerator).
  std::uint64_t geometric(std::uint64_t numerator, std::uint64_t denominator) {
    const Uint256 bound(numerator);
    std::uint64_t rest = 0;
    bool accepted = false;
    for (unsigned attempt = 0; attempt < max_attempts && !accepted && !words_.failed(); ++attempt) {
      rest = below(bound).low_64_bits();
      const std::uint64_t shared = std::gcd(rest, numerator);
      accepted = bernoulli_exp_up_to_1({Uint256(rest / shared), Uint256(numerator / shared)});
    }
    std::uint64_t whole = 0;
    while (accepted && whole < max_successes && bernoulli_exp_of_1()) ++whole;
    if (!accepted || whole == max_successes) words_.fail_as_not_random();
    return (rest + numerator * whole) / denominator;
  }

  RandomWords words_;
};

}  // namespace

LaplaceScale laplace_scale(Ratio deviation) noexcept {
  // 1393 / 985 is a convergent of √2 from below.
  const std::uint64_t numerator = std::uint64_t{deviation.numerator} * 985;
  const std::uint64_t denominator = std::uint64_t{deviation.denominator} * 1393;
  const std::uint64_t shared = std::gcd(numerator, denominator);
  return {numerator / shared, denominator / shared};
}

Status add_noise(std::span<std::int64_t> values, const Noise& noise, Entropy& entropy) {
  if (noise.deviation.numerator == 0 || noise.deviation.denominator == 0) {
    return Error{ErrorCode::invalid_argument, "the deviation of the noise is " +
                                                  std::to_string(noise.deviation.numerator) + "/" +
                                                  std::to_string(noise.deviation.denominator) + ", not above 0"};
  }
  // A draw is below 2^52: at most 257 scales, of 43 bits each.
  constexpr std::int64_t max_magnitude = std::int64_t{1} << 62;
  for (const std::int64_t value : values) {
    if (value < -max_magnitude || value > max_magnitude) {
      return Error{ErrorCode::out_of_range, "a value is " + std::to_string(value) + ", its magnitude above 2^62"};
    }
  }

  const std::uint32_t shared = std::gcd(noise.deviation.numerator, noise.deviation.denominator);
  const Ratio deviation{noise.deviation.numerator / shared, noise.deviation.denominator / shared};
  const LaplaceScale scale = laplace_scale(deviation);
  NoiseSampler sampler(entropy);
  std::vector<std::int64_t> draws(values.size());
  for (std::int64_t& draw : draws) {
    draw = noise.mechanism == Mechanism::gaussian ? sampler.gaussian(deviation)
                                                  : sampler.laplace(scale.numerator, scale.denominator);
    if (sampler.failure()) return *sampler.failure();
  }
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += draws[i];
  return Ok{};
}

}  // namespace sotto::privacy
