// How many connections are open, in all and for each client.
#pragma once

#include <sotto/http/client_address.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace sotto::http {

class ConnectionCount {
 public:
  // A limit of 0 per client is none. `open` must outlive this.
  ConnectionCount(std::size_t max, std::size_t max_per_client, std::atomic<std::uint64_t>& open)
      : max_(max), max_per_client_(max_per_client), open_(&open) {}

  // A place among the open connections, given back by the destructor.
  class Place {
   public:
    Place(ConnectionCount& count, std::optional<Address> client) : count_(&count), client_(client) {}
    Place(Place&& other) noexcept : count_(std::exchange(other.count_, nullptr)), client_(other.client_) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (count_ != nullptr) count_->leave(client_);
    }

   private:
    ConnectionCount* count_;
    std::optional<Address> client_;
  };

  // No value if the connection is one too many. The client is not given for a trusted proxy, which speaks for many.
  [[nodiscard]] std::optional<Place> enter(std::optional<Address> client) {
    if (max_per_client_ == 0) client.reset();
    const std::lock_guard lock(mutex_);
    if (*open_ >= max_) return std::nullopt;
    if (client) {
      const auto entry = by_client_.try_emplace(*client, 0).first;
      if (entry->second >= max_per_client_) return std::nullopt;
      ++entry->second;
    }
    ++*open_;
    return std::optional<Place>(std::in_place, *this, client);
  }

 private:
  void leave(const std::optional<Address>& client) {
    const std::lock_guard lock(mutex_);
    --*open_;
    if (!client) return;
    const auto entry = by_client_.find(*client);
    if (--entry->second == 0) by_client_.erase(entry);
  }

  const std::size_t max_;
  const std::size_t max_per_client_;
  std::atomic<std::uint64_t>* open_;
  std::mutex mutex_;
  std::map<Address, std::size_t> by_client_;  // only clients with an open connection
};

}  // namespace sotto::http
