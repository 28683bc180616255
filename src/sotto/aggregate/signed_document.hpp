// A signed document's envelope: JSON with the body's exact bytes, their signature and the key.
#pragma once

#include <sotto/aggregate/ed25519.hpp>
#include <sotto/base/result.hpp>

#include <string>
#include <string_view>

namespace sotto::aggregate {

inline constexpr std::size_t max_signed_document_bytes = std::size_t{1} << 20;

// {"body": …, "signature": …, "key": …}, each in base64url. `member` names the first: "manifest" or "tasks".
[[nodiscard]] Result<std::string> sign_document(std::string_view member, std::string_view body,
                                                const SigningKeyPair& keys);
// Returns the body. Fails with malformed for another form, with out_of_range beyond max_signed_document_bytes, with
// mismatch for another key than the pinned one or a signature that does not belong to the body.
[[nodiscard]] Result<std::string> verify_document(std::string_view member, std::string_view envelope,
                                                  const Ed25519PublicKey& pinned_key);

}  // namespace sotto::aggregate
