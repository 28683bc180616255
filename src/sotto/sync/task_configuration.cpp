#include <sotto/sync/task_configuration.hpp>

#include <sotto/sync/internal/messages.hpp>

#include <algorithm>
#include <string_view>

namespace sotto::sync {
namespace {

// Printable ASCII without blanks.
bool has_url_letters(std::string_view url) {
  return std::all_of(url.begin(), url.end(), [](char letter) { return letter > ' ' && letter < '\x7f'; });
}

std::string read_url(WireReader& reader, const char* field) {
  const ByteSpan bytes = reader.opaque(2, 1, field);
  std::string url(bytes.size(), '\0');
  std::transform(bytes.begin(), bytes.end(), url.begin(), [](std::byte byte) { return static_cast<char>(byte); });
  if (!has_url_letters(url)) reader.fail(ErrorCode::malformed, field, "has a letter that is not of a URL");
  return url;
}

void write_url(WireWriter& writer, std::string_view url, const char* field) {
  if (!has_url_letters(url)) writer.fail(field, "has a letter that is not of a URL");
  writer.opaque(std::as_bytes(std::span(url)), 2, 1, field);
}

bool is_known(VdafType type) { return type >= VdafType::prio3_count && type <= VdafType::poplar1; }

std::size_t configuration_bytes(VdafType type) {
  switch (type) {
    case VdafType::prio3_count: return 0;
    case VdafType::prio3_sum: return 8;
    case VdafType::prio3_sum_vec: return 16;
    case VdafType::prio3_histogram: return 8;
    case VdafType::prio3_multihot_count_vec: return 16;
    case VdafType::poplar1: return 2;
  }
  return 0;
}

// What the syntax leaves open. Returns the first problem.
Status check_content(const TaskConfiguration& task) {
  if (task.time_precision == 0) return Error{ErrorCode::out_of_range, "time_precision is 0"};
  if (!is_known(task.vdaf_type)) {
    return Error{ErrorCode::unsupported,
                 "VDAF type " + std::to_string(static_cast<std::uint32_t>(task.vdaf_type)) + " is not known"};
  }
  if (task.vdaf_configuration.size() != configuration_bytes(task.vdaf_type)) {
    return Error{ErrorCode::malformed, "vdaf_configuration has " + std::to_string(task.vdaf_configuration.size()) +
                                           " bytes, expected " + std::to_string(configuration_bytes(task.vdaf_type))};
  }
  if (Status order = check_extension_order(task.extensions); !order) return order;
  for (const Extension& extension : task.extensions) {
    if (extension.type != task_extension_interval) continue;
    if (const auto interval = Interval::decode(extension.data); !interval) return interval.error();
  }
  return Ok{};
}

}  // namespace

void read(WireReader& reader, TaskConfiguration& task) {
  task.task_info = reader.opaque_copy(1, 1, "task_info");
  task.leader_aggregator_endpoint = read_url(reader, "the leader's endpoint");
  task.helper_aggregator_endpoint = read_url(reader, "the helper's endpoint");
  task.time_precision = reader.u64("time_precision");
  task.min_batch_size = reader.u64("min_batch_size");
  read(reader, task.batch_mode);
  if (!reader.opaque(2, 0, "batch_config").empty()) {
    reader.fail(ErrorCode::malformed, "batch_config", "is not empty");
  }
  task.vdaf_type = static_cast<VdafType>(reader.u32("vdaf_type"));
  task.vdaf_configuration = reader.opaque_copy(2, 0, "vdaf_configuration");
  read_extensions(reader, task.extensions, "the task's extensions");
  if (!reader.ok()) return;
  if (Status content = check_content(task); !content) reader.fail(std::move(content).error());
}

void write(WireWriter& writer, const TaskConfiguration& task) {
  writer.opaque(task.task_info, 1, 1, "task_info");
  write_url(writer, task.leader_aggregator_endpoint, "the leader's endpoint");
  write_url(writer, task.helper_aggregator_endpoint, "the helper's endpoint");
  writer.u64(task.time_precision);
  writer.u64(task.min_batch_size);
  write(writer, task.batch_mode);
  writer.opaque({}, 2, 0, "batch_config");
  writer.u32(static_cast<std::uint32_t>(task.vdaf_type));
  writer.opaque(task.vdaf_configuration, 2, 0, "vdaf_configuration");
  write_extensions(writer, task.extensions, "the task's extensions");
}

void read(WireReader& reader, BatchMode& mode) {
  const std::uint8_t value = reader.u8("batch_mode");
  mode = static_cast<BatchMode>(value);
  if (mode == BatchMode::time_interval || mode == BatchMode::leader_selected) return;
  if (reader.ok()) reader.fail(Error{ErrorCode::unsupported, "batch mode " + std::to_string(value) + " is not known"});
}

void write(WireWriter& writer, BatchMode mode) { writer.u8(static_cast<std::uint8_t>(mode)); }

Result<HistogramConfiguration> HistogramConfiguration::decode(ByteSpan bytes) {
  WireReader reader(bytes);
  HistogramConfiguration configuration;
  configuration.length = reader.u32("a histogram's length");
  configuration.chunk_length = reader.u32("chunk_length");
  if (!reader.ok() || !reader.at_end())
    return Error{ErrorCode::malformed, "a histogram's configuration has no 8 bytes"};
  if (configuration.length == 0) return Error{ErrorCode::out_of_range, "a histogram's length is 0"};
  if (configuration.chunk_length == 0) return Error{ErrorCode::out_of_range, "chunk_length is 0"};
  return configuration;
}

Result<Bytes> HistogramConfiguration::encode() const {
  WireWriter writer;
  if (length == 0) writer.fail("a histogram's length", "is 0");
  if (chunk_length == 0) writer.fail("chunk_length", "is 0");
  writer.u32(length);
  writer.u32(chunk_length);
  return std::move(writer).result();
}

Result<TaskConfiguration> TaskConfiguration::decode(ByteSpan bytes) {
  return decode_whole<TaskConfiguration>(bytes, "TaskConfiguration");
}

Result<Bytes> TaskConfiguration::encode() const {
  if (Status content = check_content(*this); !content) return std::move(content).error();
  return encode_whole(*this);
}

}  // namespace sotto::sync
