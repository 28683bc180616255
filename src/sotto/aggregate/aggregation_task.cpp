#include <sotto/aggregate/aggregation_task.hpp>

#include <sotto/aggregate/internal/json_fields.hpp>
#include <sotto/aggregate/private_file.hpp>
#include <sotto/base/base64url.hpp>
#include <sotto/base/internal/bytes.hpp>

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

namespace sotto::aggregate {
namespace {

constexpr int task_file_format = 1;
constexpr std::size_t max_task_configuration_bytes = 8192;
constexpr std::size_t max_collector_bytes = 1024;
constexpr std::uint64_t max_task_noise = 1'000'000;  // thousandths

Result<privacy::Prio3Histogram> vdaf_of(const sync::TaskConfiguration& parameters) {
  if (parameters.batch_mode != sync::BatchMode::leader_selected) {
    return Error{ErrorCode::unsupported, "the task's batches are not selected by the leader"};
  }
  if (parameters.vdaf_type != sync::VdafType::prio3_histogram) {
    return Error{ErrorCode::unsupported, "the task's VDAF is not Prio3Histogram"};
  }
  auto histogram = sync::HistogramConfiguration::decode(parameters.vdaf_configuration);
  if (!histogram) return std::move(histogram).error();
  return privacy::Prio3Histogram::create(histogram->length, histogram->chunk_length);
}

}  // namespace

Result<std::string> task_file(const AggregationTask& task) {
  const auto collector = task.collector.encode();
  if (!collector) return collector.error();
  std::array<std::byte, sizeof(task.model_fingerprint)> model{};
  store_le(model.data(), task.model_fingerprint);
  const nlohmann::json document = {{"format", task_file_format},
                                   {"task", to_base64url(task.id.bytes)},
                                   {"configuration", to_base64url(task.configuration)},
                                   {"verify_key", to_base64url(task.verification.verify_key)},
                                   {"verify_key_id", task.verification.verify_key_id},
                                   {"model", to_base64url(model)},
                                   {"expires", task.expires},
                                   {"noise_thousandths", task.noise_thousandths},
                                   {"collector", to_base64url(*collector)},
                                   {"leader_token_sha256", to_base64url(task.leader_token_hash)}};
  return document.dump(2) + "\n";
}

Result<AggregationTask> parse_task_file(std::string_view text) {
  JsonFields fields(text);
  const std::uint64_t format = fields.integer("format", 0, max_json_integer);
  if (fields.ok() && format != task_file_format) {
    return Error{ErrorCode::unsupported_version, "the task's file has format " + std::to_string(format)};
  }
  sync::TaskId id;
  fields.fixed_bytes("task", id.bytes);
  sync::Bytes configuration = fields.bytes("configuration", max_task_configuration_bytes);
  sync::Sha256 verify_key{};
  fields.fixed_bytes("verify_key", verify_key);
  const auto key_id = static_cast<std::uint8_t>(fields.integer("verify_key_id", 0, 255));
  std::array<std::byte, sizeof(AggregationTask::model_fingerprint)> model{};
  fields.fixed_bytes("model", model);
  const std::uint64_t expires = fields.integer("expires", 0, max_json_integer);
  const auto noise = static_cast<std::uint32_t>(fields.integer("noise_thousandths", 0, max_task_noise));
  const sync::Bytes collector = fields.bytes("collector", max_collector_bytes);
  sync::Sha256 token_hash{};
  fields.fixed_bytes("leader_token_sha256", token_hash);
  if (!fields.ok()) return Error{ErrorCode::malformed, "the task's file: " + fields.status().error().detail};
  auto parameters = sync::TaskConfiguration::decode(configuration);
  if (!parameters) return std::move(parameters).error();
  auto vdaf = vdaf_of(*parameters);
  if (!vdaf) return std::move(vdaf).error();
  auto config = sync::HpkeConfig::decode(collector);
  if (!config) return std::move(config).error();
  return AggregationTask{.id = id,
                         .configuration = std::move(configuration),
                         .parameters = std::move(*parameters),
                         .verification = {id, std::move(*vdaf), verify_key, key_id},
                         .model_fingerprint = load_le<std::uint64_t>(model.data()),
                         .expires = expires,
                         .noise_thousandths = noise,
                         .collector = std::move(*config),
                         .leader_token_hash = token_hash};
}

std::vector<AggregationTask> read_task_files(const std::filesystem::path& folder, std::vector<std::string>& problems) {
  std::vector<std::filesystem::path> files;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<AggregationTask> tasks;
  for (const auto& file : files) {
    auto text = read_private_file(file);
    auto task = text ? parse_task_file(*text) : Result<AggregationTask>(text.error());
    if (!task) {
      problems.push_back("'" + file.string() + "': " + task.error().detail);
      continue;
    }
    const bool is_known =
        std::ranges::any_of(tasks, [&](const AggregationTask& other) { return other.id == task->id; });
    if (is_known) {
      problems.push_back("'" + file.string() + "': another file has the same task");
      continue;
    }
    tasks.push_back(std::move(*task));
  }
  return tasks;
}

}  // namespace sotto::aggregate
