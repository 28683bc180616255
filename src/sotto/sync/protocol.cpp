#include <sotto/sync/protocol.hpp>

#include <sotto/base/base64url.hpp>

namespace sotto::sync {
namespace {

void append_ascii(Bytes& bytes, std::string_view text) {
  for (const char letter : text) bytes.push_back(static_cast<std::byte>(letter));
}

Bytes hpke_info(std::string_view use, Role sender, Role receiver) {
  Bytes info;
  append_ascii(info, dap_version);
  append_ascii(info, use);
  info.push_back(static_cast<std::byte>(sender));
  info.push_back(static_cast<std::byte>(receiver));
  return info;
}

std::string task_path(const TaskId& task, std::string_view resource) {
  return "/tasks/" + to_base64url(task.bytes) + std::string(resource);
}

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter; }

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Takes the text before the next separator off the front.
std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return part;
}

std::string_view without_quotes(std::string_view value) {
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') return value.substr(1, value.size() - 2);
  return value;
}

}  // namespace

Bytes vdaf_context(const TaskId& task) {
  Bytes context;
  append_ascii(context, dap_version);
  context.insert(context.end(), task.bytes.begin(), task.bytes.end());
  return context;
}

Bytes input_share_info(Role receiver) { return hpke_info(" input share", Role::client, receiver); }
Bytes aggregate_share_info(Role sender) { return hpke_info(" aggregate share", sender, Role::collector); }

std::string media_type(std::string_view message_name) {
  return std::string(dap_media_type).append(";message=").append(message_name);
}

bool is_media_type(std::string_view content_type, std::string_view message_name) noexcept {
  if (!equal_ignoring_case(trimmed(take_until(content_type, ';')), dap_media_type)) return false;
  bool names_message = false;
  while (!content_type.empty()) {
    std::string_view value = take_until(content_type, ';');
    const std::string_view name = trimmed(take_until(value, '='));
    value = without_quotes(trimmed(value));
    if (equal_ignoring_case(name, "message")) {
      if (names_message || value != message_name) return false;
      names_message = true;
    } else if (equal_ignoring_case(name, "version") && value != dap_version.substr(dap_version.find('-') + 1)) {
      return false;
    }
  }
  return names_message;
}

std::string reports_path(const TaskId& task) { return task_path(task, "/reports"); }
std::string aggregation_jobs_path(const TaskId& task) { return task_path(task, "/aggregation_jobs"); }
std::string aggregation_job_path(const TaskId& task, const AggregationJobId& job) {
  return task_path(task, "/aggregation_jobs/" + to_base64url(job.bytes));
}
std::string collection_jobs_path(const TaskId& task) { return task_path(task, "/collection_jobs"); }
std::string collection_job_path(const TaskId& task, const CollectionJobId& job) {
  return task_path(task, "/collection_jobs/" + to_base64url(job.bytes));
}
std::string aggregate_shares_path(const TaskId& task) { return task_path(task, "/aggregate_shares"); }
std::string aggregate_share_path(const TaskId& task, const AggregateShareId& share) {
  return task_path(task, "/aggregate_shares/" + to_base64url(share.bytes));
}

std::string join_endpoint(std::string_view endpoint, std::string_view path) {
  if (endpoint.ends_with('/')) endpoint.remove_suffix(1);
  return std::string(endpoint).append(path);
}

}  // namespace sotto::sync
