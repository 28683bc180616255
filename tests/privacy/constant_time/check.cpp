// Does the time or the memory access of Prio3Histogram depend on a secret? It runs under valgrind's memcheck, with
// every secret marked as undefined memory: memcheck then reports each branch and each address that depends on one.
//
//   valgrind --error-exitcode=9 constant_time_check honest     must report nothing
//   valgrind --error-exitcode=9 constant_time_check leaky      must report an error, or the check is blind
//
// The sources of the room are compiled into this program with SOTTO_CONSTANT_TIME_CHECK, so that what is declassified
// at its place (internal/declassify.hpp) is known to memcheck.
#include <sotto/base/random.hpp>
#include <sotto/privacy/aggregate_share.hpp>
#include <sotto/privacy/field64.hpp>
#include <sotto/privacy/internal/range_checked_integer.hpp>
#include <sotto/privacy/prio3_histogram.hpp>

#include <array>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <vector>

#include <valgrind/memcheck.h>

namespace {

using namespace sotto;
using namespace sotto::privacy;

template <class T, std::size_t extent>
void mark_secret(std::span<T, extent> memory) {
  VALGRIND_MAKE_MEM_UNDEFINED(memory.data(), memory.size_bytes());
}

template <class T, std::size_t extent>
void mark_public(std::span<T, extent> memory) {
  VALGRIND_MAKE_MEM_DEFINED(memory.data(), memory.size_bytes());
}

bool failed(const Status& status) {
  if (status.ok()) return false;
  std::fprintf(stderr, "constant_time_check: %s\n", status.error().detail.c_str());
  return true;
}

// The client: the bucket and the random bytes are secret.
int run_shard(std::size_t length, std::size_t chunk_length) {
  const auto vdaf = Prio3Histogram::create(length, chunk_length);
  if (!vdaf) return 1;
  Random generator(length);
  const auto fill = [&](std::span<std::byte> out) {
    for (std::byte& byte : out) byte = static_cast<std::byte>(generator.below(256));
  };
  std::vector<std::byte> random(vdaf->random_bytes());
  std::array<std::byte, prio3_nonce_bytes> nonce;
  std::array<std::byte, prio3_verify_key_bytes> key;
  fill(random);
  fill(nonce);
  fill(key);
  std::size_t bucket = length / 3;
  std::vector<std::byte> public_share(vdaf->public_share_bytes());
  std::vector<std::byte> leader(vdaf->leader_share_bytes());
  std::vector<std::byte> helper(vdaf->helper_share_bytes());
  mark_secret(std::span{random});
  mark_secret(std::span{&bucket, 1});
  if (failed(vdaf->shard({}, bucket, nonce, random, public_share, leader, helper))) return 1;

  // The aggregators: a share is secret, what they send each other is not.
  std::vector<std::byte> verifier_shares[2];
  std::vector<Prio3Histogram::VerifyState> states;
  mark_public(std::span{public_share});
  for (const Party party : {Party::leader, Party::helper}) {
    auto result =
        vdaf->start_verification(party, key, {}, nonce, public_share, party == Party::leader ? leader : helper);
    if (!result) return failed(result.error());
    verifier_shares[static_cast<std::size_t>(party)] = std::move(result->verifier_share);
    states.push_back(std::move(result->state));
  }
  for (auto& share : verifier_shares) mark_public(std::span{share});
  auto message = vdaf->combine({}, verifier_shares[0], verifier_shares[1]);
  if (!message) return failed(message.error());

  // The joint randomness follows from the public parts; the output shares stay secret until both are added.
  AggregateShare aggregates[] = {AggregateShare{length}, AggregateShare{length}};
  for (std::size_t party = 0; party < 2; ++party) {
    mark_public(std::span{states[party].joint_rand_seed});
    auto output = vdaf->finish(std::move(states[party]), *message);
    if (!output || failed(aggregates[party].add(*output))) return 1;
    std::vector<std::int64_t> noise(length, -3);
    mark_secret(std::span{noise});
    if (failed(aggregates[party].add_noise(noise))) return 1;
  }
  std::vector<std::byte> encoded[] = {aggregates[0].encode(), aggregates[1].encode()};
  for (auto& bytes : encoded) mark_public(std::span{bytes});
  const auto first = AggregateShare::decode(encoded[0], length);
  const auto second = AggregateShare::decode(encoded[1], length);
  const auto sums = unshard_signed(*first, *second);
  mark_public(std::span{&bucket, 1});
  if (!sums || (*sums)[bucket] != 1 - 6) return 1;
  return 0;
}

// Arithmetic that Prio3Histogram does not reach.
int run_other_arithmetic() {
  std::uint64_t value = 77;
  mark_secret(std::span{&value, 1});
  Field64 a{value};
  for (int i = 0; i < 100; ++i) a = a * a + -a - Field64{1};
  std::vector<Field64> bits(RangeCheckedInteger{100}.bits());
  RangeCheckedInteger{100}.encode(value, std::span{bits});
  Field64 decoded = RangeCheckedInteger{100}.decode(std::span<const Field64>{bits});
  mark_public(std::span{&decoded, 1});
  mark_public(std::span{&a, 1});
  return decoded == Field64{77} ? 0 : 1;
}

// What a careless one-hot vector does: a branch on the secret.
int run_leaky() {
  std::size_t bucket = 3;
  mark_secret(std::span{&bucket, 1});
  std::size_t ones = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == bucket) {
      std::fputs("found\n", stderr);
      ++ones;
    }
  }
  return ones == 1 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  if (mode == "leaky") return run_leaky();
  if (mode != "honest") return 2;
  // Small ones at the edges, and one with wires of 64 points as in production.
  for (const auto& [length, chunk] : {std::pair{1, 1}, std::pair{5, 2}, std::pair{100, 10}, std::pair{640, 11}}) {
    if (run_shard(static_cast<std::size_t>(length), static_cast<std::size_t>(chunk)) != 0) return 1;
  }
  return run_other_arithmetic();
}
