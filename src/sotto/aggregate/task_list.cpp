#include <sotto/aggregate/task_list.hpp>

#include <sotto/aggregate/internal/fingerprint_text.hpp>
#include <sotto/aggregate/internal/json_fields.hpp>
#include <sotto/aggregate/signed_document.hpp>
#include <sotto/sync/task_configuration.hpp>

#include <algorithm>

namespace sotto::aggregate {
namespace {

constexpr std::string_view task_list_kind = "sotto-tasks";
constexpr std::size_t max_listed_configuration_bytes = 8192;

Status check_task_list(const TaskList& list) {
  if (list.version == 0 || list.version > max_json_integer) {
    return Error{ErrorCode::out_of_range, "the version of the list of tasks is " + std::to_string(list.version)};
  }
  if (list.tasks.size() > max_listed_tasks) {
    return Error{ErrorCode::out_of_range,
                 std::to_string(list.tasks.size()) + " tasks, expected at most " + std::to_string(max_listed_tasks)};
  }
  std::vector<sync::TaskId> ids;
  for (const ListedTask& task : list.tasks) {
    ids.push_back(task.id);
    if (const auto configuration = sync::TaskConfiguration::decode(task.configuration); !configuration) {
      return Error{configuration.error().code, "a listed task's configuration: " + configuration.error().detail};
    }
  }
  std::sort(ids.begin(), ids.end());
  if (const auto twice = std::adjacent_find(ids.begin(), ids.end()); twice != ids.end()) {
    return Error{ErrorCode::mismatch, "task " + to_base64url(twice->bytes) + " is listed twice"};
  }
  return Ok{};
}

}  // namespace

Result<std::string> task_list_json(const TaskList& list) {
  if (Status checked = check_task_list(list); !checked) return std::move(checked).error();
  nlohmann::json tasks = nlohmann::json::array();
  for (const ListedTask& task : list.tasks) {
    tasks.push_back({{"id", to_base64url(task.id.bytes)},
                     {"configuration", to_base64url(task.configuration)},
                     {"model", fingerprint_text(task.model_fingerprint)},
                     {"expires", task.expires}});
  }
  const nlohmann::json body = {
      {"kind", task_list_kind}, {"format", task_list_format}, {"version", list.version}, {"tasks", tasks}};
  return body.dump();
}

Result<TaskList> parse_task_list(std::string_view body) {
  JsonFields fields(body);
  const std::string kind = fields.text("kind", 0, max_listed_configuration_bytes);
  const std::uint64_t format = fields.integer("format", 0, max_json_integer);
  if (!fields.ok()) return std::move(fields.status()).error();
  if (kind != task_list_kind)
    return Error{ErrorCode::mismatch, "the document is no list of tasks but a '" + kind + "'"};
  if (format != task_list_format) {
    return Error{ErrorCode::unsupported_version, "the list of tasks has format " + std::to_string(format)};
  }
  TaskList list;
  list.version = fields.integer("version", 1, max_json_integer);
  for (JsonFields& entry : fields.objects("tasks", max_listed_tasks)) {
    ListedTask task;
    entry.fixed_bytes("id", task.id.bytes);
    task.configuration = entry.bytes("configuration", max_listed_configuration_bytes);
    task.expires = entry.integer("expires", 0, max_json_integer);
    const auto fingerprint = fingerprint_from_text(entry.text("model", 0, fingerprint_digits));
    if (!fingerprint) entry.fail(ErrorCode::malformed, "'model' is not 16 hexadecimal digits");
    if (!entry.ok()) return Error{entry.status().error().code, "a listed task: " + entry.status().error().detail};
    task.model_fingerprint = *fingerprint;
    list.tasks.push_back(std::move(task));
  }
  if (!fields.ok()) return std::move(fields.status()).error();
  if (Status checked = check_task_list(list); !checked) return std::move(checked).error();
  return list;
}

Result<std::string> sign_task_list(const TaskList& list, const SigningKeyPair& keys) {
  const auto body = task_list_json(list);
  if (!body) return body.error();
  return sign_document("tasks", *body, keys);
}

Result<TaskList> verify_task_list(std::string_view envelope, const Ed25519PublicKey& pinned_key,
                                  std::uint64_t min_version) {
  const auto body = verify_document("tasks", envelope, pinned_key);
  if (!body) return body.error();
  auto list = parse_task_list(*body);
  if (list && list->version < min_version) {
    return Error{ErrorCode::out_of_range, "the version of the list of tasks went down from " +
                                              std::to_string(min_version) + " to " + std::to_string(list->version)};
  }
  return list;
}

Status check_listed(const TaskList& list, const sync::Manifest& manifest, std::uint64_t now) {
  const auto listed = std::find_if(list.tasks.begin(), list.tasks.end(),
                                   [&](const ListedTask& task) { return task.id == manifest.task.id; });
  if (listed == list.tasks.end()) {
    return Error{ErrorCode::missing, "the helper does not list task " + to_base64url(manifest.task.id.bytes)};
  }
  if (listed->configuration != manifest.task.configuration || listed->expires != manifest.expires ||
      listed->model_fingerprint != manifest.model.fingerprint) {
    return Error{ErrorCode::mismatch, "the helper lists the task with other parameters than the manifest"};
  }
  if (listed->expires <= now) return Error{ErrorCode::out_of_range, "the task has expired"};
  return Ok{};
}

}  // namespace sotto::aggregate
