// The counterpart of src/main.rs on Prio3Histogram: makes reports, or verifies those on its input.
//
//   sotto_reports shard LENGTH CHUNK COUNT
//   sotto_reports verify LENGTH CHUNK < reports
//
// A report is a line: bucket, nonce, public share, leader's share, helper's share. `verify` prints a line for each
// report (both verifier shares and the message) and then both aggregate shares, so that two programs which agree print
// the same bytes.
#include "../../support/hex.hpp"

#include <sotto/base/random.hpp>
#include <sotto/privacy/prio3_histogram.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>

namespace {

using namespace sotto;
using namespace sotto::privacy;

constexpr std::string_view report_context = "sotto interop";

template <class T>
T checked(Result<T> result) {
  if (!result) {
    std::cerr << "sotto_reports: " << result.error().detail << '\n';
    std::exit(1);
  }
  return std::move(result).value();
}

std::array<std::byte, prio3_verify_key_bytes> verify_key() {
  std::array<std::byte, prio3_verify_key_bytes> key;
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::byte>(i);
  return key;
}

void shard(const Prio3Histogram& vdaf, std::size_t count) {
  Random random(vdaf.length());
  const auto fill = [&](std::span<std::byte> out) {
    for (std::byte& byte : out) byte = static_cast<std::byte>(random.below(256));
  };
  std::vector<std::byte> secrets(vdaf.random_bytes());
  std::array<std::byte, prio3_nonce_bytes> nonce;
  std::vector<std::byte> public_share(vdaf.public_share_bytes());
  std::vector<std::byte> leader(vdaf.leader_share_bytes());
  std::vector<std::byte> helper(vdaf.helper_share_bytes());
  for (std::size_t i = 0; i < count; ++i) {
    fill(secrets);
    fill(nonce);
    const std::size_t bucket = random.below(static_cast<std::uint32_t>(vdaf.length()));
    checked(vdaf.shard(std::as_bytes(std::span{report_context}), bucket, nonce, secrets, public_share, leader, helper));
    std::cout << bucket << ' ' << test::to_hex(nonce) << ' ' << test::to_hex(public_share) << ' '
              << test::to_hex(leader) << ' ' << test::to_hex(helper) << '\n';
  }
}

void verify(const Prio3Histogram& vdaf) {
  const auto context = std::as_bytes(std::span{report_context});
  const auto key = verify_key();
  std::vector<std::uint64_t> counts(vdaf.length());
  AggregateShare aggregates[] = {AggregateShare{vdaf.length()}, AggregateShare{vdaf.length()}};
  std::uint64_t reports = 0;
  for (std::string line; std::getline(std::cin, line); ++reports) {
    std::istringstream fields{line};
    std::size_t bucket = 0;
    std::string nonce_hex, public_hex, shares_hex[2];
    fields >> bucket >> nonce_hex >> public_hex >> shares_hex[0] >> shares_hex[1];
    ++counts.at(bucket);
    const auto nonce = test::from_hex(nonce_hex);
    std::vector<Prio3Histogram::Verification> verifications;
    for (const Party party : {Party::leader, Party::helper}) {
      verifications.push_back(checked(vdaf.start_verification(
          party, key, context, std::span<const std::byte, prio3_nonce_bytes>{nonce}, test::from_hex(public_hex),
          test::from_hex(shares_hex[static_cast<std::size_t>(party)]))));
      std::cout << test::to_hex(verifications.back().verifier_share) << ' ';
    }
    const auto message =
        checked(vdaf.combine(context, verifications[0].verifier_share, verifications[1].verifier_share));
    std::cout << test::to_hex(message) << '\n';
    for (std::size_t party = 0; party < 2; ++party) {
      checked(aggregates[party].add(checked(vdaf.finish(verifications[party].state, message))));
    }
  }
  for (const AggregateShare& aggregate : aggregates) std::cout << test::to_hex(aggregate.encode()) << '\n';
  if (checked(unshard(aggregates[0], aggregates[1], reports)) != counts) {
    std::cerr << "sotto_reports: the sums are not the counts\n";
    std::exit(1);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view command = argc > 1 ? argv[1] : "";
  const auto number = [&](int i) { return i < argc ? std::strtoull(argv[i], nullptr, 10) : 0; };
  if (command != "shard" && command != "verify") {
    std::cerr << "usage: sotto_reports shard LENGTH CHUNK COUNT | verify LENGTH CHUNK\n";
    return 2;
  }
  const auto vdaf = checked(Prio3Histogram::create(number(2), number(3)));
  if (command == "shard") {
    shard(vdaf, number(4));
  } else {
    verify(vdaf);
  }
  return 0;
}
