// A task as the two aggregators share it: what devices see of it, and the secrets that devices must not know. The
// leader makes a task and writes its file; the helper's operator takes the file over, and so agrees to the task.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/sync/bytes.hpp>
#include <sotto/sync/hpke_config.hpp>
#include <sotto/sync/identifiers.hpp>
#include <sotto/sync/task_configuration.hpp>
#include <sotto/sync/verification_task.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::aggregate {

struct AggregationTask {
  sync::TaskId id;
  sync::Bytes configuration;  // encoded, as HPKE authenticates it
  sync::TaskConfiguration parameters;  // the same, decoded
  sync::VerificationTask verification;
  std::uint64_t model_fingerprint = 0;
  std::uint64_t expires = 0;  // seconds since 1970
  std::uint32_t noise_thousandths = 0;  // deviation of each side's noise, in thousandths of a report
  sync::HpkeConfig collector;
  sync::Sha256 leader_token_hash{};  // of the bearer token by which the helper knows the leader
};

// A task's file. Fails with malformed, with unsupported_version for another format, with unsupported for another VDAF
// or batch mode, and where TaskConfiguration::decode does.
[[nodiscard]] Result<AggregationTask> parse_task_file(std::string_view text);
// Fails where the collector's key has no encoding.
[[nodiscard]] Result<std::string> task_file(const AggregationTask& task);

// Reads all files NAME.json of a folder, in the order of their names. A folder that is not there has none. A file that
// cannot be used does not hide the others: `problems` gets a phrase for each.
[[nodiscard]] std::vector<AggregationTask> read_task_files(const std::filesystem::path& folder,
                                                           std::vector<std::string>& problems);

}  // namespace sotto::aggregate
