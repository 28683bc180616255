// The helper's own signed list of the tasks that it takes part in: GET {helper}/tasks.json. A device reports only to a
// task that it finds here too, so that the leader cannot make a task for one device.
#pragma once

#include <sotto/aggregate/ed25519.hpp>
#include <sotto/base/result.hpp>
#include <sotto/sync/bytes.hpp>
#include <sotto/sync/identifiers.hpp>
#include <sotto/sync/manifest.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::aggregate {

inline constexpr std::uint32_t task_list_format = 1;
inline constexpr std::size_t max_listed_tasks = 1024;

struct ListedTask {
  sync::TaskId id;
  sync::Bytes configuration;      // an encoded TaskConfiguration
  std::uint64_t model_fingerprint = 0;
  std::uint64_t expires = 0;      // seconds since 1970

  friend bool operator==(const ListedTask&, const ListedTask&) = default;
};

struct TaskList {
  std::uint64_t version = 1;  // only goes up
  std::vector<ListedTask> tasks;

  friend bool operator==(const TaskList&, const TaskList&) = default;
};

// Fails with out_of_range for too many tasks or a version of zero, with mismatch for a task listed twice, with whatever
// TaskConfiguration::decode has for a configuration.
[[nodiscard]] Result<std::string> task_list_json(const TaskList& list);
[[nodiscard]] Result<TaskList> parse_task_list(std::string_view body);
[[nodiscard]] Result<std::string> sign_task_list(const TaskList& list, const SigningKeyPair& keys);
// Fails as verify_document and parse_task_list do, and with out_of_range for a version below `min_version`.
[[nodiscard]] Result<TaskList> verify_task_list(std::string_view envelope, const Ed25519PublicKey& pinned_key,
                                                std::uint64_t min_version);

// Whether the list has the manifest's task with the same configuration, model and expiry. Fails with missing, or with
// mismatch, and with out_of_range for a task that has expired.
[[nodiscard]] Status check_listed(const TaskList& list, const sync::Manifest& manifest, std::uint64_t now);

}  // namespace sotto::aggregate
