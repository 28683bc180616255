#include <sotto/aggregate/signed_document.hpp>

#include <sotto/aggregate/internal/json_fields.hpp>

namespace sotto::aggregate {

Result<std::string> sign_document(std::string_view member, std::string_view body, const SigningKeyPair& keys) {
  const sync::ByteSpan bytes = std::as_bytes(std::span(body));
  const auto signature = ed25519_sign(keys, bytes);
  if (!signature) return signature.error();
  // Base64url needs no escapes.
  std::string envelope = "{\"" + std::string(member) + "\":\"" + to_base64url(bytes) + "\",\"signature\":\"" +
                         to_base64url(*signature) + "\",\"key\":\"" + to_base64url(keys.public_key) + "\"}\n";
  if (envelope.size() > max_signed_document_bytes) {
    return Error{ErrorCode::out_of_range, "the signed document has " + std::to_string(envelope.size()) +
                                              " bytes, expected at most " + std::to_string(max_signed_document_bytes)};
  }
  return envelope;
}

Result<std::string> verify_document(std::string_view member, std::string_view envelope,
                                    const Ed25519PublicKey& pinned_key) {
  if (envelope.size() > max_signed_document_bytes) {
    return Error{ErrorCode::out_of_range, "the signed document has " + std::to_string(envelope.size()) +
                                              " bytes, expected at most " + std::to_string(max_signed_document_bytes)};
  }
  JsonFields fields(envelope);
  const sync::Bytes body = fields.bytes(member, max_signed_document_bytes);
  Ed25519Signature signature{};
  fields.fixed_bytes("signature", signature);
  Ed25519PublicKey key{};
  fields.fixed_bytes("key", key);
  if (!fields.ok()) return Error{ErrorCode::malformed, "the envelope: " + fields.status().error().detail};
  if (key != pinned_key) return Error{ErrorCode::mismatch, "the document is signed by another key than the pinned one"};
  if (!ed25519_verify(pinned_key, body, signature)) {
    return Error{ErrorCode::mismatch, "the signature does not belong to the document"};
  }
  std::string text(body.size(), '\0');
  for (std::size_t i = 0; i < body.size(); ++i) text[i] = static_cast<char>(body[i]);
  return text;
}

}  // namespace sotto::aggregate
