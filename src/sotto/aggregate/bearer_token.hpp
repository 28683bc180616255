// The token by which an aggregator knows the other one, or an operator: "Authorization: Bearer TOKEN".
#pragma once

#include <sotto/sync/identifiers.hpp>

#include <string_view>

namespace sotto::aggregate {

// Compares hashes, in a time that does not depend on where they differ. False for another scheme.
[[nodiscard]] bool is_bearer_of(std::string_view authorization, const sync::Sha256& token_hash) noexcept;

}  // namespace sotto::aggregate
