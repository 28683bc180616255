#include <sotto/aggregate/aggregation_task.hpp>

#include <sotto/aggregate/private_file.hpp>
#include <sotto/base/internal/bytes.hpp>
#include <sotto/sync/base64url.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

namespace sotto::aggregate {
namespace {

constexpr int task_file_format = 1;
constexpr std::uint64_t max_task_file_integer = (std::uint64_t{1} << 53U) - 1;

Error bad_member(const char* name) {
  return {ErrorCode::malformed, std::string("the task's file has no usable '") + name + "'"};
}

Result<sync::Bytes> bytes_in(const nlohmann::json& document, const char* name) {
  const auto member = document.find(name);
  if (member == document.end() || !member->is_string()) return bad_member(name);
  auto bytes = sync::from_base64url(member->get_ref<const std::string&>());
  if (!bytes) return bad_member(name);
  return std::move(*bytes);
}

template <std::size_t size>
bool fixed_in(const nlohmann::json& document, const char* name, std::array<std::byte, size>& out) {
  const auto member = document.find(name);
  return member != document.end() && member->is_string() &&
         sync::from_base64url(member->get_ref<const std::string&>(), out);
}

Result<std::uint64_t> number_in(const nlohmann::json& document, const char* name, std::uint64_t max) {
  const auto member = document.find(name);
  if (member == document.end() || !member->is_number_unsigned()) return bad_member(name);
  const auto value = member->get<std::uint64_t>();
  if (value > max) return bad_member(name);
  return value;
}

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
                                   {"task", sync::to_base64url(task.id.bytes)},
                                   {"configuration", sync::to_base64url(task.configuration)},
                                   {"verify_key", sync::to_base64url(task.verification.verify_key)},
                                   {"verify_key_id", task.verification.verify_key_id},
                                   {"model", sync::to_base64url(model)},
                                   {"expires", task.expires},
                                   {"noise_thousandths", task.noise_thousandths},
                                   {"collector", sync::to_base64url(*collector)},
                                   {"leader_token_sha256", sync::to_base64url(task.leader_token_hash)}};
  return document.dump(2) + "\n";
}

Result<AggregationTask> parse_task_file(std::string_view text) {
  const auto document = nlohmann::json::parse(text, nullptr, false);
  if (!document.is_object()) return Error{ErrorCode::malformed, "the task's file is no JSON object"};
  if (document.value("format", nlohmann::json()) != task_file_format) {
    return Error{ErrorCode::unsupported_version, "the task's file has another format than 1"};
  }
  auto configuration = bytes_in(document, "configuration");
  if (!configuration) return std::move(configuration).error();
  auto parameters = sync::TaskConfiguration::decode(*configuration);
  if (!parameters) return std::move(parameters).error();
  auto vdaf = vdaf_of(*parameters);
  if (!vdaf) return std::move(vdaf).error();
  sync::TaskId id;
  if (!fixed_in(document, "task", id.bytes)) return bad_member("task");
  sync::VerificationTask verification{id, std::move(*vdaf), {}, 0};
  if (!fixed_in(document, "verify_key", verification.verify_key)) return bad_member("verify_key");
  auto key_id = number_in(document, "verify_key_id", 255);
  if (!key_id) return std::move(key_id).error();
  verification.verify_key_id = static_cast<std::uint8_t>(*key_id);
  AggregationTask task{.id = id,
                       .configuration = std::move(*configuration),
                       .parameters = std::move(*parameters),
                       .verification = std::move(verification),
                       .collector = {}};
  std::array<std::byte, sizeof(task.model_fingerprint)> model{};
  if (!fixed_in(document, "model", model)) return bad_member("model");
  task.model_fingerprint = load_le<std::uint64_t>(model.data());
  auto expires = number_in(document, "expires", max_task_file_integer);
  if (!expires) return std::move(expires).error();
  task.expires = *expires;
  auto noise = number_in(document, "noise_thousandths", 1'000'000);
  if (!noise) return std::move(noise).error();
  task.noise_thousandths = static_cast<std::uint32_t>(*noise);
  auto collector = bytes_in(document, "collector");
  if (!collector) return std::move(collector).error();
  auto config = sync::HpkeConfig::decode(*collector);
  if (!config) return std::move(config).error();
  task.collector = std::move(*config);
  if (!fixed_in(document, "leader_token_sha256", task.leader_token_hash)) return bad_member("leader_token_sha256");
  return task;
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
