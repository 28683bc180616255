// TurboSHAKE128 against vectors of RFC 9861, section 5, and the XOF's rejection of candidates.
#include "../support/hex.hpp"
#include "byte_source.hpp"

#include <sotto/privacy/field128.hpp>
#include <sotto/privacy/field64.hpp>
#include <sotto/privacy/internal/xof_turbo_shake128.hpp>
#include <sotto/privacy/turbo_shake128.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <cstring>

namespace sotto::privacy {
namespace {

std::vector<std::byte> turbo_shake(std::span<const std::byte> message, std::uint8_t domain, std::size_t bytes) {
  TurboShake128 sponge;
  sponge.absorb(message);
  sponge.finish(domain);
  std::vector<std::byte> out(bytes);
  sponge.squeeze(out);
  return out;
}

// The RFC's pattern: 00, 01, ... fa, again and again.
std::vector<std::byte> pattern(std::size_t bytes) {
  std::vector<std::byte> out(bytes);
  for (std::size_t i = 0; i < bytes; ++i) out[i] = static_cast<std::byte>(i % 251);
  return out;
}

}  // namespace

TEST_CASE("TurboSHAKE128 agrees with the RFC") {
  CHECK(test::to_hex(turbo_shake({}, 0x1f, 64)) ==
        "1e415f1c5983aff2169217277d17bb538cd945a397ddec541f1ce41af2c1b74c"
        "3e8ccae2a4dae56c84a04c2385c03c15e8193bdf58737363321691c05462c8df");
  const auto long_output = turbo_shake({}, 0x1f, 10'032);
  CHECK(test::to_hex(std::span{long_output}.last(32)) ==
        "a3b9b0385900ce761f22aed548e754da10a5242d62e8c658e3f3a923a7555607");
  struct Row {
    std::size_t bytes;
    const char* output;
  };
  for (const auto& [bytes, output] : {Row{1, "55cedd6f60af7bb29a4042ae832ef3f58db7299f893ebb9247247d856958daa9"},
                                      Row{17, "9c97d036a3bac819db70ede0ca554ec6e4c2a1a4ffbfd9ec269ca6a111161233"},
                                      Row{289, "96c77c279e0126f7fc07c9b07f5cdae1e0be60bdbe10620040e75d7223a624d2"},
                                      Row{4913, "d4976eb56bcf118520582b709f73e1d6853e001fdaf80e1b13e0d0599d5fb372"},
                                      Row{83521, "da67c7039e98bf530cf7a37830c6664e14cbab7f540f58403b1b82951318ee5c"}}) {
    CAPTURE(bytes);
    CHECK(test::to_hex(turbo_shake(pattern(bytes), 0x1f, 32)) == output);
  }
  CHECK(test::to_hex(turbo_shake(test::from_hex("ffffff"), 0x01, 32)) ==
        "bf323f940494e88ee1c540fe660be8a0c93f43d15ec006998462fa994eed5dab");
  CHECK(test::to_hex(turbo_shake(test::from_hex("ff"), 0x06, 32)) ==
        "8ec9c66465ed0d4a6c35d13506718d687a25cb05c74cca1e42501abd83874a67");
  CHECK(test::to_hex(turbo_shake(test::from_hex("ffffffffffffff"), 0x0b, 32)) ==
        "8deeaa1aec47ccee569f659c21dfa8e112db3cee37b18178b2acd805b799cc37");
  CHECK(test::to_hex(turbo_shake(test::from_hex("ffffff"), 0x7f, 32)) ==
        "16274cc656d44cefd422395d0f9053bda6d28e122aba15c765e5ad0e6eaf26f9");
}

TEST_CASE("a message in pieces gives the same output, taken in pieces") {
  for (const std::size_t bytes : {0U, 1U, 167U, 168U, 169U, 335U, 336U, 337U, 1000U}) {
    CAPTURE(bytes);
    const auto message = pattern(bytes);
    const auto whole = turbo_shake(message, 0x01, 400);
    for (const std::size_t piece : {1U, 7U, 8U, 167U, 168U, 169U}) {
      TurboShake128 sponge;
      for (std::size_t at = 0; at < bytes; at += piece) {
        sponge.absorb(std::span{message}.subspan(at, std::min(piece, bytes - at)));
      }
      sponge.finish(0x01);
      std::vector<std::byte> out(400);
      for (std::size_t at = 0; at < 400; at += piece) {
        sponge.squeeze(std::span{out}.subspan(at, std::min<std::size_t>(piece, 400 - at)));
      }
      CHECK(out == whole);
    }
  }
}

TEST_CASE("candidates that are no elements are left out, and the others keep their order") {
  constexpr std::uint64_t modulus = 0xffff'ffff'0000'0001;
  std::array<std::uint64_t, 6> candidates{modulus, 4, ~std::uint64_t{0}, modulus - 1, 9, modulus + 5};
  std::vector<Field64> elements(6);
  std::memcpy(static_cast<void*>(elements.data()), candidates.data(), sizeof candidates);
  REQUIRE(keep_canonical(std::span{elements}) == 3);
  CHECK((elements[0] == Field64{4} && elements[1] == Field64{modulus - 1} && elements[2] == Field64{9}));

  // 2^128 - 1 and p are not elements of Field128, p - 1 is one.
  const std::array<std::uint64_t, 6> wide{~std::uint64_t{0},    ~std::uint64_t{0}, 1, 0xffff'ffff'ffff'ffe4, 0,
                                          0xffff'ffff'ffff'ffe4};
  std::vector<Field128> wide_elements(3);
  std::memcpy(static_cast<void*>(wide_elements.data()), wide.data(), sizeof wide);
  REQUIRE(keep_canonical(std::span{wide_elements}) == 1);
  CHECK(wide_elements[0] == -Field128{1});
}

TEST_CASE("the XOF tells its tag, seed and binder apart") {
  const auto seed = pattern(32);
  const auto other_seed = pattern(33);
  const std::array<std::byte, 4> tag{};
  const std::array<std::byte, 2> binder{std::byte{1}, std::byte{2}};
  const auto plain = XofTurboShake128{seed, tag, {}}.bind(binder).next_seed();
  CHECK(plain ==
        XofTurboShake128{seed, tag, {}}.bind(std::span{binder}.first(1)).bind(std::span{binder}.last(1)).next_seed());
  CHECK(plain != XofTurboShake128{seed, tag, {}}.next_seed());
  CHECK(plain != XofTurboShake128{seed, tag, binder}.next_seed());
  CHECK(plain != XofTurboShake128{std::span{other_seed}.last(32), tag, {}}.bind(binder).next_seed());
  // The stream goes on: a seed, then a vector, is the stream's beginning and what follows.
  XofTurboShake128 xof{seed, tag, {}};
  xof.bind(binder);
  std::vector<Field128> four(4);
  xof.next_elements(std::span{four});
  CHECK(std::ranges::equal(std::as_bytes(std::span{four}).first(32), plain));
}

}  // namespace sotto::privacy
