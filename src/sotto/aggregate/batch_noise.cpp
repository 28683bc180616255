#include <sotto/aggregate/batch_noise.hpp>

#include <sotto/privacy/noise.hpp>

#include <vector>

namespace sotto::aggregate {

Status add_batch_noise(privacy::AggregateShare& share, std::uint32_t deviation_thousandths, privacy::Entropy& entropy) {
  if (deviation_thousandths == 0) return Ok{};
  std::vector<std::int64_t> noise(share.length());
  const privacy::Noise gaussian{privacy::Mechanism::gaussian, {deviation_thousandths, 1000}};
  if (auto drawn = privacy::add_noise(noise, gaussian, entropy); !drawn) return drawn;
  return share.add_noise(noise);
}

double histogram_noise_variance(std::uint32_t deviation_thousandths) noexcept {
  const double deviation = static_cast<double>(deviation_thousandths) / 1000;
  return 2 * deviation * deviation;
}

}  // namespace sotto::aggregate
