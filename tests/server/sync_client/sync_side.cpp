// What one aggregator of private sync can do with its secret keys, for tests of a side that lies or is curious.
//
//   sotto_sync_side token KEYS TASK                       the bearer token by which the helper knows the leader
//   sotto_sync_side job KEYS TASK BATCH [CONFIGURATION]   a leader's request to verify the reports in that batch
//   sotto_sync_side collect BATCH COUNT CHECKSUM          a leader's request for the helper's share of a batch
//
// KEYS is the leader's keys.json, TASK the task's file. BATCH, CHECKSUM and CONFIGURATION are in base64url; the last
// one stands for the task's own. Each line of the standard input is a report. The output is a line of base64url.
#include <sotto/aggregate/aggregation_task.hpp>
#include <sotto/aggregate/keyring.hpp>
#include <sotto/aggregate/share_opener.hpp>
#include <sotto/aggregate/system_entropy.hpp>
#include <sotto/base/base64url.hpp>
#include <sotto/sync/collection_job.hpp>
#include <sotto/sync/leader_job.hpp>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace {

using namespace sotto;

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "sotto_sync_side: %s\n", what.c_str());
  std::exit(1);
}

template <class T>
T got(Result<T> result) {
  if (!result) fail(result.error().detail);
  return std::move(result).value();
}

sync::Bytes decoded(const std::string& text) {
  auto bytes = from_base64url(text);
  if (!bytes) fail("no base64url: " + text);
  return std::move(*bytes);
}

template <class Id>
Id id_of(const char* text) {
  const auto id = sync::id_from_base64url<Id>(text);
  if (!id) fail(std::string("no id: ") + text);
  return *id;
}

aggregate::AggregationTask read_task(const char* file) {
  std::ifstream stream(file);
  return got(aggregate::parse_task_file(std::string(std::istreambuf_iterator<char>(stream), {})));
}

std::vector<sync::OpenedReport> read_reports(const aggregate::AggregationTask& task, const aggregate::Keyring& keys) {
  aggregate::ShareOpener opener(task, keys.shares, aggregate::shares_config_id, sync::Role::leader);
  std::vector<sync::OpenedReport> opened;
  for (std::string line; std::getline(std::cin, line);) {
    auto report = got(sync::Report::decode(decoded(line)));
    auto share =
        sync::open_input_share(report.metadata, report.public_share, report.leader_encrypted_input_share, opener);
    auto* input_share = std::get_if<privacy::SecretBytes>(&share);
    if (input_share == nullptr) fail("the leader's share of a report cannot be opened");
    opened.push_back({std::move(report.metadata), std::move(report.public_share), std::move(*input_share),
                      std::move(report.helper_encrypted_input_share)});
  }
  return opened;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "collect" && argc == 5) {
    const sync::AggregateShareReq request{{{sync::BatchMode::leader_selected, {}}, {}, {}},
                                          {sync::BatchMode::leader_selected, id_of<sync::BatchId>(argv[2]), {}},
                                          std::strtoull(argv[3], nullptr, 10),
                                          id_of<sync::BatchId>(argv[4]).bytes};
    std::cout << to_base64url(got(request.encode())) << '\n';
    return 0;
  }
  const bool is_job = command == "job" && (argc == 5 || argc == 6);
  if (!is_job && !(command == "token" && argc == 4)) {
    fail("expected token KEYS TASK, job KEYS TASK BATCH [CONFIGURATION], or collect BATCH COUNT CHECKSUM");
  }
  aggregate::SystemEntropy entropy;
  const auto keys = got(aggregate::open_keyring(argv[2], entropy));
  auto task = read_task(argv[3]);
  if (!is_job) {
    std::cout << to_base64url(keys.derived("leader's token for the helper", task.id)) << '\n';
    return 0;
  }
  if (argc == 6) task.configuration = decoded(argv[5]);
  const auto job =
      got(sync::LeaderJob::start(task.verification, id_of<sync::BatchId>(argv[4]), read_reports(task, keys)));
  std::cout << to_base64url(job.request()) << '\n';
  return 0;
}
