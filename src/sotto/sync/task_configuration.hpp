// What all parties of a task agree on. It is part of what HPKE authenticates, so that differing parameters do not open.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/sync/bytes.hpp>
#include <sotto/sync/extension.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace sotto::sync {

enum class BatchMode : std::uint8_t { time_interval = 1, leader_selected = 2 };

enum class VdafType : std::uint32_t {
  prio3_count = 1,
  prio3_sum = 2,
  prio3_sum_vec = 3,
  prio3_histogram = 4,  // the one that Sotto runs
  prio3_multihot_count_vec = 5,
  poplar1 = 6,
};

// The vdaf_configuration of Prio3Histogram.
struct HistogramConfiguration {
  std::uint32_t length = 0;  // slots
  std::uint32_t chunk_length = 0;  // slots in one call of the proof's gadget

  // Fails with malformed for anything but eight bytes, with out_of_range for a length or chunk of zero.
  [[nodiscard]] static Result<HistogramConfiguration> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const HistogramConfiguration&, const HistogramConfiguration&) = default;
};

struct TaskConfiguration {
  Bytes task_info;  // 1 to 255 bytes; Sotto puts task_info(Manifest) here (manifest.hpp)
  // ASCII, compared as bytes and never normalized.
  std::string leader_aggregator_endpoint;
  std::string helper_aggregator_endpoint;
  std::uint64_t time_precision = 3600;  // seconds, not zero
  std::uint64_t min_batch_size = 0;  // reports
  BatchMode batch_mode = BatchMode::leader_selected;  // its batch_config is empty in both modes
  VdafType vdaf_type = VdafType::prio3_histogram;
  Bytes vdaf_configuration;
  std::vector<Extension> extensions;

  // Checks the content as well: sizes inside opaque fields, the order of extensions. Fails with truncated, malformed or
  // out_of_range, and with unsupported for a batch mode or VDAF that the draft does not define.
  [[nodiscard]] static Result<TaskConfiguration> decode(ByteSpan bytes);
  [[nodiscard]] Result<Bytes> encode() const;
  friend bool operator==(const TaskConfiguration&, const TaskConfiguration&) = default;
};

}  // namespace sotto::sync
