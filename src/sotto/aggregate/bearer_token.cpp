#include <sotto/aggregate/bearer_token.hpp>

#include <sotto/aggregate/sha256.hpp>

#include <algorithm>

namespace sotto::aggregate {

std::string_view bearer_token(std::string_view authorization) noexcept {
  constexpr std::string_view scheme = "bearer ";
  const bool is_bearer = authorization.size() > scheme.size() &&
                         std::equal(scheme.begin(), scheme.end(), authorization.begin(), [](char expected, char c) {
                           return expected == (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
                         });
  if (!is_bearer) return {};
  constexpr std::string_view blanks = " \t";
  const std::size_t begin = authorization.find_first_not_of(blanks, scheme.size());
  if (begin == std::string_view::npos) return {};
  return authorization.substr(begin, authorization.find_last_not_of(blanks) + 1 - begin);
}

bool is_bearer_of(std::string_view authorization, const sync::Sha256& token_hash) noexcept {
  const std::string_view token = bearer_token(authorization);
  return !token.empty() && are_equal_in_constant_time(sha256(std::as_bytes(std::span(token))), token_hash);
}

}  // namespace sotto::aggregate
