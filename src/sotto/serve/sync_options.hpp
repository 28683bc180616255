// What an operator chooses about private sync (docs/sync_operations.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace sotto::serve {

enum class SyncRole : std::uint8_t { none, leader, helper };

struct SyncOptions {
  SyncRole role = SyncRole::none;
  std::string endpoint;  // this server's address for devices; http://ADDRESS:PORT by default
  std::filesystem::path tasks;  // the folder of the tasks' files; empty: sync/tasks in the data folder
  std::filesystem::path keys;  // empty: sync/keys.json in the data folder
  std::size_t min_batch = 2000;  // reports
  double noise = 8;  // deviation of each side's noise, in reports

  // Of the leader.
  std::string helper;  // the helper's address
  std::size_t reports_per_28_days = 4;
  std::size_t slots = 4096;
  std::size_t task_days = 90;
  std::filesystem::path counts;  // how often each item is chosen: lines ITEM,COUNT; empty: the model's own popularity
  bool is_single_operator = false;
  std::string operator_words;  // for visitors
  bool needs_tokens = false;
  std::size_t job_reports = 250;
};

}  // namespace sotto::serve
