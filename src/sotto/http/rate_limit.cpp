#include <sotto/http/rate_limit.hpp>

#include <algorithm>
#include <cmath>

namespace sotto::http {

RateLimit::RateLimit(double rate, double burst, std::size_t max_clients)
    : rate_(rate), burst_(std::max(burst, 1.0)), max_clients_(std::max<std::size_t>(max_clients, 1)) {}

unsigned RateLimit::take(const Address& client, std::chrono::steady_clock::time_point now) {
  if (!(rate_ > 0)) return 0;
  const std::lock_guard lock(mutex_);
  const auto found = by_client_.find(client);
  if (found == by_client_.end()) {
    if (buckets_.size() >= max_clients_) {
      by_client_.erase(buckets_.back().client);
      buckets_.pop_back();
    }
    buckets_.push_front({client, burst_, now});
    by_client_.emplace(client, buckets_.begin());
  } else {
    buckets_.splice(buckets_.begin(), buckets_, found->second);
  }
  Bucket& bucket = buckets_.front();
  const double passed = std::max(0.0, std::chrono::duration<double>(now - bucket.at).count());
  bucket.tokens = std::min(burst_, bucket.tokens + passed * rate_);
  bucket.at = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return 0;
  }
  return static_cast<unsigned>(std::clamp(std::ceil((1 - bucket.tokens) / rate_), 1.0, 3600.0));
}

std::size_t RateLimit::clients() const {
  const std::lock_guard lock(mutex_);
  return buckets_.size();
}

}  // namespace sotto::http
