// How long does a report of private sync take a client and each aggregator, and are honest reports ever refused?
//
//   cmake --preset release -DSOTTO_BUILD_BENCH=ON && cmake --build --preset release --target sotto_bench_prio3_reports
//   build/release/bench/prio3_reports [--json] [--runs N]
//   build/release/bench/prio3_reports --honest N [--length L] [--chunk C]
//
// The first form times Prio3Histogram at lengths 4,096 and 16,384: medians and minima of N runs (default 301), one
// thread. The second verifies N honest reports of random buckets, compares their sums with plain counts, and fails
// when one report is refused (default length 4,096, chunk 66).
#include <sotto/base/random.hpp>
#include <sotto/privacy/prio3_histogram.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

namespace {

using namespace sotto;
using privacy::Party;
using privacy::Prio3Histogram;
using Clock = std::chrono::steady_clock;

constexpr std::string_view report_context = "bench";

// A measurement needs bytes that look random, not secret ones.
class Bytes {
 public:
  explicit Bytes(std::uint64_t seed) : random_(seed) {}
  void fill(std::span<std::byte> out) {
    for (std::byte& byte : out) byte = static_cast<std::byte>(random_.below(256));
  }
  std::size_t below(std::size_t bound) { return random_.below(static_cast<std::uint32_t>(bound)); }

 private:
  Random random_;
};

struct Report {
  std::array<std::byte, privacy::prio3_nonce_bytes> nonce;
  std::vector<std::byte> random, public_share, leader_share, helper_share;
};

Report prepared(const Prio3Histogram& vdaf) {
  return {{},
          std::vector<std::byte>(vdaf.random_bytes()),
          std::vector<std::byte>(vdaf.public_share_bytes()),
          std::vector<std::byte>(vdaf.leader_share_bytes()),
          std::vector<std::byte>(vdaf.helper_share_bytes())};
}

[[noreturn]] void fail(const Error& error) {
  std::fprintf(stderr, "prio3_reports: %s\n", error.detail.c_str());
  std::exit(1);
}

template <class T>
T checked(Result<T> result) {
  if (!result) fail(result.error());
  return std::move(result).value();
}

struct Microseconds {
  const char* step;
  double median;
  double minimum;
};

class Times {
 public:
  template <class Step>
  auto measure(std::size_t row, Step step) {
    const auto begin = Clock::now();
    auto result = step();
    rows_[row].push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
    return result;
  }
  Microseconds of(std::size_t row, const char* step) {
    std::ranges::sort(rows_[row]);
    return {step, rows_[row][rows_[row].size() / 2], rows_[row].front()};
  }

 private:
  std::vector<double> rows_[5];
};

// Shares and verifies one report of a random bucket, and adds it to the aggregates.
std::size_t run_report(const Prio3Histogram& vdaf, Bytes& bytes, Report& report, Times& times,
                       privacy::AggregateShare& leader, privacy::AggregateShare& helper) {
  const auto context = std::as_bytes(std::span{report_context});
  const std::array<std::byte, privacy::prio3_verify_key_bytes> key{std::byte{7}};
  bytes.fill(report.random);
  bytes.fill(report.nonce);
  const std::size_t bucket = bytes.below(vdaf.length());
  checked(times.measure(0, [&] {
    return vdaf.shard(context, bucket, report.nonce, report.random, report.public_share, report.leader_share,
                      report.helper_share);
  }));
  auto at_leader = checked(times.measure(1, [&] {
    return vdaf.start_verification(Party::leader, key, context, report.nonce, report.public_share, report.leader_share);
  }));
  auto at_helper = checked(times.measure(2, [&] {
    return vdaf.start_verification(Party::helper, key, context, report.nonce, report.public_share, report.helper_share);
  }));
  const auto message = checked(
      times.measure(3, [&] { return vdaf.combine(context, at_leader.verifier_share, at_helper.verifier_share); }));
  checked(times.measure(4, [&]() -> Status {
    auto output = vdaf.finish(std::move(at_leader.state), message);
    if (!output) return output.error();
    return leader.add(*output);
  }));
  checked(helper.add(checked(vdaf.finish(std::move(at_helper.state), message))));
  return bucket;
}

void time_reports(std::size_t runs, bool json) {
  if (json) std::printf("{\"runs\": %zu, \"vdaf\": \"Prio3Histogram\", \"rows\": [", runs);
  const char* separator = "";
  for (const auto& [length, chunk] : {std::pair{4096, 66}, std::pair{16384, 130}}) {
    const Prio3Histogram vdaf =
        checked(Prio3Histogram::create(static_cast<std::size_t>(length), static_cast<std::size_t>(chunk)));
    Bytes bytes{1};
    Report report = prepared(vdaf);
    Times times;
    privacy::AggregateShare leader{vdaf.length()};
    privacy::AggregateShare helper{vdaf.length()};
    for (std::size_t run = 0; run < runs; ++run) run_report(vdaf, bytes, report, times, leader, helper);
    if (!json) {
      std::printf("length %5d, chunk %3d: leader share %zu bytes, verifier share %zu bytes\n", length, chunk,
                  vdaf.leader_share_bytes(), vdaf.verifier_share_bytes());
    }
    const char* steps[] = {"shard", "verify_leader", "verify_helper", "combine", "finish_and_add"};
    for (std::size_t row = 0; row < 5; ++row) {
      const Microseconds time = times.of(row, steps[row]);
      if (json) {
        std::printf("%s{\"length\": %d, \"chunk\": %d, \"step\": \"%s\", \"median_us\": %.1f, \"min_us\": %.1f}",
                    separator, length, chunk, time.step, time.median, time.minimum);
        separator = ", ";
      } else {
        std::printf("  %-15s median %8.1f us   minimum %8.1f us\n", time.step, time.median, time.minimum);
      }
    }
  }
  if (json) std::printf("]}\n");
}

int check_honest(std::size_t reports, std::size_t length, std::size_t chunk) {
  const Prio3Histogram vdaf = checked(Prio3Histogram::create(length, chunk));
  Bytes bytes{2};
  Report report = prepared(vdaf);
  privacy::AggregateShare leader{length};
  privacy::AggregateShare helper{length};
  std::vector<std::uint64_t> counts(length);
  for (std::size_t done = 0; done < reports; ++done) {
    Times times;
    ++counts[run_report(vdaf, bytes, report, times, leader, helper)];
    if ((done + 1) % 10'000 == 0) std::fprintf(stderr, "%zu reports\n", done + 1);
  }
  const bool equal = checked(unshard(leader, helper, reports)) == counts;
  std::printf("%zu honest reports: none refused, sums %s\n", reports, equal ? "as counted" : "WRONG");
  return equal ? 0 : 1;
}

std::size_t number_after(int argc, char** argv, std::string_view name, std::size_t otherwise) {
  for (int i = 1; i + 1 < argc; ++i) {
    if (name == argv[i]) return std::strtoull(argv[i + 1], nullptr, 10);
  }
  return otherwise;
}

}  // namespace

int main(int argc, char** argv) {
  if (const std::size_t honest = number_after(argc, argv, "--honest", 0); honest > 0) {
    return check_honest(honest, number_after(argc, argv, "--length", 4096), number_after(argc, argv, "--chunk", 66));
  }
  const bool json =
      std::any_of(argv + 1, argv + argc, [](const char* argument) { return !std::strcmp(argument, "--json"); });
  time_reports(std::max<std::size_t>(1, number_after(argc, argv, "--runs", 301)), json);
  return 0;
}
