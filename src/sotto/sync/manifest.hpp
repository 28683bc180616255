// The manifest: what a device must know to take part in private sync. The operator signs it (docs/sync_protocol.md).
// Its JSON is read and written by aggregate/manifest_json.hpp natively, and by the browser's own parser in a page.
#pragma once

#include <sotto/sync/bytes.hpp>
#include <sotto/sync/identifiers.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace sotto::sync {

inline constexpr std::uint32_t manifest_format = 1;

// A file that is fetched by its address and checked by its hash.
struct FileReference {
  std::string url;  // absolute, or relative to the manifest's address
  Sha256 sha256{};

  friend bool operator==(const FileReference&, const FileReference&) = default;
};

struct TrendReference {
  std::uint64_t version = 0;
  FileReference file;  // a TrendFile (trend_file.hpp)
  std::uint32_t prior_thousandths = 0;  // the prior of the trend rule (trend_rule.hpp); 0: switched off

  friend bool operator==(const TrendReference&, const TrendReference&) = default;
};

// Real numbers are whole thousandths, so that they have one form as text.
struct Manifest {
  std::uint64_t version = 1;  // only goes up; at most 2^53 - 1, as JavaScript counts

  struct Model {
    std::string name;           // 1 to 200 bytes of printable UTF-8
    std::uint64_t fingerprint = 0;  // XXH64 of the model file
    friend bool operator==(const Model&, const Model&) = default;
  } model;

  struct Task {
    TaskId id;
    Bytes configuration;  // an encoded TaskConfiguration; its task_info is the hash of task_parameters(manifest)
    friend bool operator==(const Task&, const Task&) = default;
  } task;

  struct Slots {
    std::uint32_t count = 4096;
    FileReference file;  // a SlotMap (slot_map.hpp)
    friend bool operator==(const Slots&, const Slots&) = default;
  } slots;

  std::uint32_t noise_thousandths = 8000;   // z: the deviation of each aggregator's noise, in reports
  std::uint32_t reports_per_28_days = 4;    // k: what one device sends at most
  std::uint64_t min_batch = 2000;           // reports
  std::uint64_t expires = 0;                // seconds since 1970; no report is sent from then on
  std::string leader;                       // the aggregators' endpoints, equal to the task configuration's
  std::string helper;

  struct Operator {
    bool is_single = false;  // one operator runs leader and helper, and could combine what they see
    std::string words;       // what a page tells its visitors; at most 2,000 bytes
    friend bool operator==(const Operator&, const Operator&) = default;
  } operators;

  std::optional<TrendReference> trend;  // nothing before the first batch

  friend bool operator==(const Manifest&, const Manifest&) = default;
};

// The bytes whose SHA-256 is the task_info of the manifest's task: one line of ASCII for each parameter that a report
// depends on (docs/sync_protocol.md). They leave out what may change while the task runs, and the task itself.
[[nodiscard]] std::string task_parameters(const Manifest& manifest);

}  // namespace sotto::sync
