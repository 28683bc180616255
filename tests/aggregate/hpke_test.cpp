// HPKE against the vectors of RFC 9180, A.1.1 (DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode). A
// single-shot message is the one with sequence number 0.
#include "../support/hex.hpp"
#include "fixed_entropy.hpp"

#include <sotto/aggregate/hpke.hpp>
#include <sotto/aggregate/internal/hpke_schedule.hpp>
#include <sotto/aggregate/system_entropy.hpp>

#include <catch2/catch_test_macros.hpp>

namespace sotto::aggregate {
namespace {

const sync::Bytes rfc_info = test::from_hex("4f6465206f6e2061204772656369616e2055726e");
const sync::Bytes rfc_ephemeral_material =
    test::from_hex("7268600d403fce431561aef583ee1613527cff655c1343f29812e66706df3234");
const sync::Bytes rfc_recipient_material =
    test::from_hex("6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037");
const sync::Bytes rfc_plaintext = test::from_hex("4265617574792069732074727574682c20747275746820626561757479");
const sync::Bytes rfc_aad = test::from_hex("436f756e742d30");

HpkeKeyPair rfc_recipient() {
  auto keys = derive_hpke_key_pair(rfc_recipient_material);
  REQUIRE(keys.ok());
  return std::move(*keys);
}

sync::HpkeCiphertext seal_for_rfc_recipient(sync::ByteSpan info, sync::ByteSpan aad, sync::ByteSpan plaintext) {
  SystemEntropy entropy;
  const auto sealed = hpke_seal(hpke_config(7, rfc_recipient()), info, aad, plaintext, entropy);
  REQUIRE(sealed.ok());
  return *sealed;
}

TEST_CASE("key pairs are derived as in RFC 9180") {
  const HpkeKeyPair recipient = rfc_recipient();
  CHECK(test::to_hex(recipient.private_key.span()) ==
        "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8");
  CHECK(test::to_hex(recipient.public_key) == "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d");
  FixedEntropy entropy(rfc_ephemeral_material);
  const auto ephemeral = generate_hpke_key_pair(entropy);
  REQUIRE(ephemeral.ok());
  CHECK(test::to_hex(ephemeral->private_key.span()) ==
        "52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736");
  CHECK(test::to_hex(ephemeral->public_key) == "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431");
  const auto stored = hpke_key_pair(recipient.private_key.span());
  REQUIRE(stored.ok());
  CHECK(stored->public_key == recipient.public_key);
}

TEST_CASE("the key schedule is that of RFC 9180, for sender and receiver") {
  const HpkeKeyPair recipient = rfc_recipient();
  const auto ephemeral = derive_hpke_key_pair(rfc_ephemeral_material);
  REQUIRE(ephemeral.ok());
  const auto sent = hpke_shared_secret(*ephemeral, recipient.public_key, ephemeral->public_key, recipient.public_key);
  const auto received =
      hpke_shared_secret(recipient, ephemeral->public_key, ephemeral->public_key, recipient.public_key);
  REQUIRE(sent.ok());
  REQUIRE(received.ok());
  CHECK(test::to_hex(sent->span()) == "fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc");
  CHECK(test::to_hex(received->span()) == test::to_hex(sent->span()));

  const auto schedule = hpke_key_schedule(*sent, rfc_info);
  REQUIRE(schedule.ok());
  CHECK(test::to_hex(schedule->context) ==
        "00725611c9d98c07c03f60095cd32d400d8347d45ed67097bbad50fc56da742d07"
        "cb6cffde367bb0565ba28bb02c90744a20f5ef37f30523526106f637abb05449");
  CHECK(test::to_hex(schedule->secret.span()) == "12fff91991e93b48de37e7daddb52981084bd8aa64289c3788471d9a9712f397");
  CHECK(test::to_hex(schedule->key.span()) == "4531685d41d65f03dc48f6b8302c05b0");
  CHECK(test::to_hex(schedule->base_nonce) == "56d890e5accaaf011cff4b7d");
  CHECK(test::to_hex(schedule->exporter_secret.span()) ==
        "45ff1c2e220db587171952c0592d5f5ebe103f1561a2614e38f2ffd47e99e3f8");
}

TEST_CASE("a message is sealed and opened as in RFC 9180") {
  const HpkeKeyPair recipient = rfc_recipient();
  FixedEntropy entropy(rfc_ephemeral_material);
  const auto sealed = hpke_seal(hpke_config(7, recipient), rfc_info, rfc_aad, rfc_plaintext, entropy);
  REQUIRE(sealed.ok());
  CHECK(sealed->config_id == 7);
  CHECK(test::to_hex(sealed->enc) == "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431");
  CHECK(test::to_hex(sealed->payload) ==
        "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a");
  const auto opened = hpke_open(recipient, *sealed, rfc_info, rfc_aad);
  REQUIRE(opened.ok());
  CHECK(test::to_hex(opened->span()) == test::to_hex(rfc_plaintext));
}

TEST_CASE("messages of any size come back, the empty one too") {
  for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 69'712U}) {
    const sync::Bytes plaintext(size, std::byte{0x5c});
    const auto sealed = seal_for_rfc_recipient({}, {}, plaintext);
    CHECK(sealed.payload.size() == size + hpke_tag_bytes);
    const auto opened = hpke_open(rfc_recipient(), sealed, {}, {});
    REQUIRE(opened.ok());
    CHECK(test::to_hex(opened->span()) == test::to_hex(plaintext));
  }
}

TEST_CASE("sealing the same twice gives different bytes") {
  const auto first = seal_for_rfc_recipient(rfc_info, rfc_aad, rfc_plaintext);
  const auto second = seal_for_rfc_recipient(rfc_info, rfc_aad, rfc_plaintext);
  CHECK(first.enc != second.enc);
  CHECK(first.payload != second.payload);
}

TEST_CASE("another info, associated data, key or encapsulated key does not open") {
  const auto sealed = seal_for_rfc_recipient(rfc_info, rfc_aad, rfc_plaintext);
  const HpkeKeyPair recipient = rfc_recipient();
  CHECK(hpke_open(recipient, sealed, rfc_aad, rfc_aad).error().code == ErrorCode::mismatch);
  CHECK(hpke_open(recipient, sealed, rfc_info, rfc_info).error().code == ErrorCode::mismatch);
  CHECK(hpke_open(recipient, sealed, rfc_info, {}).error().code == ErrorCode::mismatch);
  const auto other = derive_hpke_key_pair(rfc_ephemeral_material);
  REQUIRE(other.ok());
  CHECK(hpke_open(*other, sealed, rfc_info, rfc_aad).error().code == ErrorCode::mismatch);
  auto changed = sealed;
  changed.enc.assign(other->public_key.begin(), other->public_key.end());
  CHECK(hpke_open(recipient, changed, rfc_info, rfc_aad).error().code == ErrorCode::mismatch);
  changed.enc.assign(hpke_key_bytes, std::byte{0});  // a point of small order
  CHECK(hpke_open(recipient, changed, rfc_info, rfc_aad).error().code == ErrorCode::mismatch);
}

TEST_CASE("any flipped bit of a ciphertext does not open") {
  const auto sealed = seal_for_rfc_recipient(rfc_info, rfc_aad, rfc_plaintext);
  const HpkeKeyPair recipient = rfc_recipient();
  for (std::size_t bit = 0; bit < 8 * sealed.payload.size(); ++bit) {
    auto changed = sealed;
    changed.payload[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
    CHECK(hpke_open(recipient, changed, rfc_info, rfc_aad).error().code == ErrorCode::mismatch);
  }
}

TEST_CASE("impossible sizes, suites and keys are refused") {
  const HpkeKeyPair recipient = rfc_recipient();
  auto sealed = seal_for_rfc_recipient(rfc_info, rfc_aad, rfc_plaintext);
  sealed.payload.resize(hpke_tag_bytes - 1);
  CHECK(hpke_open(recipient, sealed, rfc_info, rfc_aad).error().code == ErrorCode::malformed);
  sealed.enc.pop_back();
  CHECK(hpke_open(recipient, sealed, rfc_info, rfc_aad).error().code == ErrorCode::malformed);

  SystemEntropy entropy;
  auto config = hpke_config(1, recipient);
  const sync::Bytes long_info(max_hpke_info_bytes + 1);
  CHECK(hpke_seal(config, long_info, {}, rfc_plaintext, entropy).error().code == ErrorCode::invalid_argument);
  config.aead_id = 3;
  CHECK(hpke_seal(config, {}, {}, rfc_plaintext, entropy).error().code == ErrorCode::unsupported);
  config = hpke_config(1, recipient);
  config.public_key.push_back(std::byte{0});
  CHECK(hpke_seal(config, {}, {}, rfc_plaintext, entropy).error().code == ErrorCode::invalid_argument);
  config.public_key.assign(hpke_key_bytes, std::byte{0});
  CHECK(hpke_seal(config, {}, {}, rfc_plaintext, entropy).error().code == ErrorCode::invalid_argument);
  FixedEntropy none({});
  CHECK(hpke_seal(hpke_config(1, recipient), {}, {}, rfc_plaintext, none).error().code == ErrorCode::io);
  CHECK(derive_hpke_key_pair(sync::Bytes(31)).error().code == ErrorCode::invalid_argument);
  CHECK(hpke_key_pair(sync::Bytes(33)).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("secret bytes move and leave nothing behind") {
  privacy::SecretBytes first{sync::ByteSpan(rfc_plaintext)};
  privacy::SecretBytes second(std::move(first));
  CHECK(first.empty());  // NOLINT(bugprone-use-after-move): this is what is tested
  CHECK(test::to_hex(second.span()) == test::to_hex(rfc_plaintext));
}

}  // namespace
}  // namespace sotto::aggregate
