// A token bucket for each client. The table of clients is bounded.
#pragma once

#include <sotto/http/client_address.hpp>

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <mutex>

namespace sotto::http {

class RateLimit {
 public:
  // `rate` tokens per second and client, at most `burst` saved up; a burst below 1 counts as 1. A rate of 0 or less
  // sets no limit. Beyond `max_clients` the client that was quiet for longest is forgotten, which fills its bucket.
  RateLimit(double rate, double burst, std::size_t max_clients);

  // Takes one token. Returns 0 if there was one, else the whole seconds until there will be. May be called by several
  // threads at a time.
  [[nodiscard]] unsigned take(const Address& client, std::chrono::steady_clock::time_point now);

  [[nodiscard]] std::size_t clients() const;

 private:
  struct Bucket {
    Address client;
    double tokens;
    std::chrono::steady_clock::time_point at;
  };

  const double rate_;
  const double burst_;
  const std::size_t max_clients_;
  mutable std::mutex mutex_;
  std::list<Bucket> buckets_;  // the latest client first
  std::map<Address, std::list<Bucket>::iterator> by_client_;
};

}  // namespace sotto::http
