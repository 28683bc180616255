#include <sotto/aggregate/bearer_token.hpp>

#include <sotto/aggregate/sha256.hpp>

#include <algorithm>

namespace sotto::aggregate {

bool is_bearer_of(std::string_view authorization, const sync::Sha256& token_hash) noexcept {
  constexpr std::string_view scheme = "bearer ";
  const bool is_bearer = authorization.size() > scheme.size() &&
                         std::equal(scheme.begin(), scheme.end(), authorization.begin(), [](char expected, char c) {
                           return expected == (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
                         });
  if (!is_bearer) return false;
  const std::string_view token = authorization.substr(scheme.size());
  return are_equal_in_constant_time(sha256(std::as_bytes(std::span(token))), token_hash);
}

}  // namespace sotto::aggregate
