#include <sotto/http/client_address.hpp>
#include <sotto/http/text.hpp>

#include <arpa/inet.h>
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <utility>

namespace sotto::http {

namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned mapped_bits = 96;

bool is_mapped(const Address& address) noexcept {
  return std::equal(mapped_prefix.begin(), mapped_prefix.end(), address.begin());
}

// "1.2.3.4", "1.2.3.4:80", "2001:db8::1" or "[2001:db8::1]:80".
std::optional<Address> parse_forwarded(std::string_view entry) {
  entry = trimmed(entry);
  if (entry.starts_with('[')) {
    const std::size_t end = entry.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    return parse_address(entry.substr(1, end - 1));
  }
  if (std::count(entry.begin(), entry.end(), ':') == 1) entry = entry.substr(0, entry.find(':'));
  return parse_address(entry);
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  char terminated[INET6_ADDRSTRLEN + 1] = {};
  if (text.empty() || text.size() >= sizeof terminated || text.find('\0') != std::string_view::npos)
    return std::nullopt;
  std::memcpy(terminated, text.data(), text.size());
  Address address{};
  if (inet_pton(AF_INET6, terminated, address.data()) == 1) return address;
  std::copy(mapped_prefix.begin(), mapped_prefix.end(), address.begin());
  if (inet_pton(AF_INET, terminated, address.data() + mapped_prefix.size()) == 1) return address;
  return std::nullopt;
}

std::string to_text(const Address& address) {
  char text[INET6_ADDRSTRLEN] = {};
  const bool is_v4 = is_mapped(address);
  inet_ntop(is_v4 ? AF_INET : AF_INET6, address.data() + (is_v4 ? mapped_prefix.size() : 0), text, sizeof text);
  return text;
}

Address network_of(const Address& address) noexcept {
  Address network = address;
  if (!is_mapped(address)) std::fill(network.begin() + 8, network.end(), std::uint8_t{0});
  return network;
}

Result<TrustedProxies> TrustedProxies::parse(std::span<const std::string> entries) {
  TrustedProxies proxies;
  for (const std::string& entry : entries) {
    const std::string_view text = entry;
    const std::size_t slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    const bool is_v4 = text.find(':') == std::string_view::npos;
    unsigned bits = is_v4 ? 32 : 128;
    bool has_bits = true;
    if (slash != std::string_view::npos) {
      const std::string_view digits = text.substr(slash + 1);
      unsigned given = 0;
      const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), given);
      has_bits = code == std::errc() && end == digits.data() + digits.size() && given <= bits;
      bits = given;
    }
    if (!address || !has_bits) {
      return Error{ErrorCode::invalid_argument, "trusted proxy '" + entry + "' is neither an address nor a network"};
    }
    proxies.networks_.push_back({*address, bits + (is_v4 ? mapped_bits : 0)});
  }
  return proxies;
}

bool TrustedProxies::contains(const Address& address) const noexcept {
  return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
    const std::size_t whole = network.bits / 8;
    if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole), network.address.begin())) {
      return false;
    }
    const unsigned rest = network.bits % 8;
    if (rest == 0) return true;
    return (address[whole] >> (8 - rest)) == (network.address[whole] >> (8 - rest));
  });
}

Address TrustedProxies::client_of(const Address& peer, std::span<const Header> headers) const {
  Address client = peer;
  if (!contains(peer)) return client;
  for (auto header = headers.rbegin(); header != headers.rend(); ++header) {
    if (!equal_in_any_case(header->name, "X-Forwarded-For")) continue;
    std::string_view list = header->value;
    while (true) {
      const std::size_t comma = list.rfind(',');
      const auto entry = parse_forwarded(comma == std::string_view::npos ? list : list.substr(comma + 1));
      if (!entry) return client;
      client = *entry;
      if (!contains(client)) return client;
      if (comma == std::string_view::npos) break;
      list = list.substr(0, comma);
    }
  }
  return client;
}

}  // namespace sotto::http
