// Ed25519 and SHA-256 against published vectors (RFC 8032, 7.1; FIPS 180-4 examples; RFC 4231).
#include "../support/hex.hpp"
#include "fixed_entropy.hpp"

#include <sotto/aggregate/ed25519.hpp>
#include <sotto/aggregate/sha256.hpp>
#include <sotto/sync/report_id_checksum.hpp>

#include <catch2/catch_test_macros.hpp>

namespace sotto::aggregate {
namespace {

SigningKeyPair rfc_signing_keys() {
  auto keys = signing_key_pair(test::from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  REQUIRE(keys.ok());
  return std::move(*keys);
}

TEST_CASE("signatures are those of RFC 8032") {
  const SigningKeyPair keys = rfc_signing_keys();
  CHECK(test::to_hex(keys.public_key) == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const sync::Bytes message = test::from_hex("72");
  const auto signature = ed25519_sign(keys, message);
  REQUIRE(signature.ok());
  CHECK(test::to_hex(*signature) ==
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  CHECK(ed25519_verify(keys.public_key, message, *signature));
}

TEST_CASE("another message, key or signature does not verify") {
  const SigningKeyPair keys = rfc_signing_keys();
  const sync::Bytes message = test::from_hex("72");
  const auto signature = ed25519_sign(keys, message);
  REQUIRE(signature.ok());
  CHECK_FALSE(ed25519_verify(keys.public_key, test::from_hex("73"), *signature));
  CHECK_FALSE(ed25519_verify(keys.public_key, {}, *signature));
  Ed25519PublicKey other_key = keys.public_key;
  other_key[0] ^= std::byte{1};
  CHECK_FALSE(ed25519_verify(other_key, message, *signature));
  for (std::size_t i = 0; i < signature->size(); ++i) {
    Ed25519Signature changed = *signature;
    changed[i] ^= std::byte{1};
    CHECK_FALSE(ed25519_verify(keys.public_key, message, changed));
  }
}

TEST_CASE("signing keys come from the entropy alone") {
  FixedEntropy entropy(test::from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  const auto keys = generate_signing_key_pair(entropy);
  REQUIRE(keys.ok());
  CHECK(keys->public_key == rfc_signing_keys().public_key);
  CHECK(generate_signing_key_pair(entropy).error().code == ErrorCode::io);
  CHECK(signing_key_pair(sync::Bytes(31)).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("hashes are those of the standards") {
  CHECK(test::to_hex(sha256({})) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(test::to_hex(sha256(test::from_hex("616263"))) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(test::to_hex(hmac_sha256(sync::Bytes(20, std::byte{0x0b}), test::from_hex("4869205468657265"))) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(test::to_hex(hmac_sha256({}, {})) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST_CASE("the checksum of report ids is that of DAP's vectors") {
  sync::ReportIdChecksum checksum;
  checksum.add(sha256(test::from_hex("000102030405060708090a0b0c0d0e0f")));
  CHECK(test::to_hex(checksum.value()) == "be45cb2605bf36bebde684841a28f0fd43c69850a3dce5fedba69928ee3a8991");
  checksum.add(sha256(test::from_hex("101112131415161718191a1b1c1d1e1f")));
  CHECK(test::to_hex(checksum.value()) == "426be7550294cc9567e57b171d6fdd16900a1955a1566f60f8f8ac926314be65");
}

}  // namespace
}  // namespace sotto::aggregate
