// A bearer token (RFC 6750): the one by which an aggregator knows the other one, or an operator's API key.
#pragma once

#include <sotto/sync/identifiers.hpp>

#include <string_view>

namespace sotto::aggregate {

// The token of a header "Authorization: Bearer TOKEN"; empty for another scheme or form. Letter case of the scheme does
// not matter.
[[nodiscard]] std::string_view bearer_token(std::string_view authorization) noexcept;
// Compares hashes, in a time that does not depend on where they differ. False without a token.
[[nodiscard]] bool is_bearer_of(std::string_view authorization, const sync::Sha256& token_hash) noexcept;

}  // namespace sotto::aggregate
