// Devices of private sync: reads choices and writes reports.
//
//   sotto_sync_client TASK CONFIGURATION LEADER_CONFIGS HELPER_CONFIGS TIME [FILE]
//
// All but TIME are in base64url: the task's id, its encoded configuration, and what GET /hpke_config gives. TIME is in
// units of the task's time precision. Each line of the standard input is a slot. Each report is written as a line of
// base64url, or all of them into FILE, one after the other.
//
// A line may also ask for a report that must be refused: "3+7" votes for two slots, "5*2" votes twice, and "swapped 5"
// has the parts of its public share in the wrong order. Each comes with the best proof that its maker can make.
#include <sotto/aggregate/hpke.hpp>
#include <sotto/aggregate/system_entropy.hpp>
#include <sotto/base/base64url.hpp>
#include <sotto/privacy/internal/histogram.hpp>
#include <sotto/privacy/internal/prio3.hpp>
#include <sotto/privacy/prio3_histogram.hpp>
#include <sotto/sync/protocol.hpp>
#include <sotto/sync/report.hpp>
#include <sotto/sync/task_configuration.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace sotto;

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "sotto_sync_client: %s\n", what.c_str());
  std::exit(1);
}

template <class T>
T got(Result<T> result) {
  if (!result) fail(result.error().detail);
  return std::move(result).value();
}

sync::Bytes decoded(const char* text) {
  auto bytes = from_base64url(text);
  if (!bytes) fail(std::string("no base64url: ") + text);
  return std::move(*bytes);
}

struct Device {
  sync::TaskId task;
  sync::Bytes configuration;
  privacy::Prio3Histogram vdaf;
  sync::HpkeConfig leader;
  sync::HpkeConfig helper;
  std::uint64_t time = 0;
};

// What a report says.
struct Vote {
  std::vector<privacy::Field128> measurement;
  bool is_swapped = false;
};

Vote read_vote(std::string line, std::size_t slots) {
  constexpr std::string_view swapped = "swapped ";
  Vote vote{std::vector<privacy::Field128>(slots), line.starts_with(swapped)};
  if (vote.is_swapped) line.erase(0, swapped.size());
  std::istringstream terms(line);
  for (std::string term; std::getline(terms, term, '+');) {
    char* end = nullptr;
    const std::size_t slot = std::strtoull(term.c_str(), &end, 10);
    const std::uint64_t votes = *end == '*' ? std::strtoull(end + 1, nullptr, 10) : 1;
    if (slot >= slots) fail("there is no slot " + term);
    vote.measurement[slot] += privacy::Field128{votes};
  }
  return vote;
}

sync::HpkeCiphertext seal(const Device& device, const sync::HpkeConfig& config, sync::Role receiver,
                          const sync::Report& report, sync::Bytes share, privacy::Entropy& entropy) {
  const auto aad = got(sync::input_share_aad(device.task, device.configuration, report.metadata, report.public_share));
  const auto plaintext = got(sync::PlaintextInputShare{{}, std::move(share)}.encode());
  return got(aggregate::hpke_seal(config, sync::input_share_info(receiver), aad, plaintext, entropy));
}

sync::Bytes report_of(const Device& device, const Vote& vote, privacy::Entropy& entropy) {
  constexpr std::uint32_t prio3_histogram = 4;
  const privacy::Prio3<privacy::Histogram> vdaf({device.vdaf.length(), device.vdaf.chunk_length()}, prio3_histogram, 2,
                                                1);
  sync::Report report;
  if (!entropy.fill(report.metadata.report_id.bytes)) fail("no random values");
  report.metadata.time = device.time;
  report.public_share.resize(vdaf.public_share_bytes());
  sync::Bytes random(vdaf.random_bytes());
  if (!entropy.fill(random)) fail("no random values");
  sync::Bytes leader(vdaf.leader_share_bytes());
  sync::Bytes helper(vdaf.helper_share_bytes());
  vdaf.shard(sync::vdaf_context(device.task), vote.measurement, report.metadata.report_id.bytes, random,
             report.public_share, leader, helper);
  if (vote.is_swapped)
    std::ranges::rotate(report.public_share, report.public_share.begin() + privacy::prio3_seed_bytes);
  report.leader_encrypted_input_share =
      seal(device, device.leader, sync::Role::leader, report, std::move(leader), entropy);
  report.helper_encrypted_input_share =
      seal(device, device.helper, sync::Role::helper, report, std::move(helper), entropy);
  return got(report.encode());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) fail("expected TASK CONFIGURATION LEADER_CONFIGS HELPER_CONFIGS TIME [FILE]");
  const auto task = sync::id_from_base64url<sync::TaskId>(argv[1]);
  if (!task) fail("TASK is no task's id");
  auto configuration = decoded(argv[2]);
  const auto parameters = got(sync::TaskConfiguration::decode(configuration));
  const auto histogram = got(sync::HistogramConfiguration::decode(parameters.vdaf_configuration));
  const Device device{.task = *task,
                      .configuration = std::move(configuration),
                      .vdaf = got(privacy::Prio3Histogram::create(histogram.length, histogram.chunk_length)),
                      .leader = got(sync::HpkeConfigList::decode(decoded(argv[3]))).configs.front(),
                      .helper = got(sync::HpkeConfigList::decode(decoded(argv[4]))).configs.front(),
                      .time = std::strtoull(argv[5], nullptr, 10)};
  std::ofstream file;
  if (argc > 6) file.open(argv[6], std::ios::binary);
  aggregate::SystemEntropy entropy;
  std::string line;
  while (std::getline(std::cin, line)) {
    const sync::Bytes report = report_of(device, read_vote(line, device.vdaf.length()), entropy);
    if (argc > 6) {
      file.write(reinterpret_cast<const char*>(report.data()), static_cast<std::streamsize>(report.size()));
    } else {
      std::cout << to_base64url(report) << '\n';
    }
  }
  if (argc > 6 && !file.flush()) fail("the file cannot be written");
  return 0;
}
