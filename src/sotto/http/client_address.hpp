// Who sent a request: the address of the connection, or what trusted proxies say of it.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/http/message.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::http {

// An IPv6 address; IPv4 addresses are mapped (::ffff:1.2.3.4).
using Address = std::array<std::uint8_t, 16>;

[[nodiscard]] std::optional<Address> parse_address(std::string_view text);
[[nodiscard]] std::string to_text(const Address& address);

// What limits per client count by: an IPv4 address, or the /64 network of an IPv6 address, all of which belongs to one
// customer as a rule.
[[nodiscard]] Address network_of(const Address& address) noexcept;

class TrustedProxies {
 public:
  // Each entry is an address or a network such as "10.0.0.0/8". Fails with invalid_argument, naming the entry.
  [[nodiscard]] static Result<TrustedProxies> parse(std::span<const std::string> entries);

  [[nodiscard]] bool contains(const Address& address) const noexcept;
  [[nodiscard]] bool empty() const noexcept { return networks_.empty(); }

  // The client behind the connection of `peer`: the right-most address of X-Forwarded-For that is no trusted proxy.
  // `peer` itself where it is not trusted. What stands left of something unreadable is not believed.
  [[nodiscard]] Address client_of(const Address& peer, std::span<const Header> headers) const;

 private:
  struct Network {
    Address address;
    unsigned bits;
  };
  std::vector<Network> networks_;
};

}  // namespace sotto::http
