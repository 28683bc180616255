#include <sotto/serve/deployment_record.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace sotto::serve {
namespace {

constexpr int record_format = 1;

Error no_sense(std::string detail) { return {ErrorCode::invalid_argument, std::move(detail)}; }
Error bad_record(std::string_view member) {
  return {ErrorCode::malformed, fmt::format("the member '{}' is missing or wrong", member)};
}

bool is_share(double share) noexcept { return share >= 0 && share <= 1; }  // false for NaN

nlohmann::json json_of(const SharedVersion& shared) { return {{"version", shared.version}, {"share", shared.share}}; }

bool read_version(const nlohmann::json& object, const char* member, std::string& version) {
  const auto found = object.find(member);
  if (found == object.end() || !found->is_string()) return false;
  version = found->get<std::string>();
  return is_version(version);
}

bool read_share(const nlohmann::json& object, double& share) {
  const auto found = object.find("share");
  if (found == object.end() || !found->is_number()) return false;
  share = found->get<double>();
  return is_share(share);
}

bool read_shared(const nlohmann::json& document, const char* member, std::optional<SharedVersion>& shared) {
  const auto found = document.find(member);
  if (found == document.end()) return true;
  SharedVersion read;
  if (!found->is_object() || !read_version(*found, "version", read.version) || !read_share(*found, read.share)) {
    return false;
  }
  shared = std::move(read);
  return true;
}

bool read_change(const nlohmann::json& object, DeploymentChange& change) {
  if (!object.is_object() || !read_version(object, "version", change.version)) return false;
  const auto at = object.find("at");
  const auto action = object.find("action");
  if (at == object.end() || !at->is_number_integer() || action == object.end() || !action->is_string()) return false;
  change.at = at->get<std::int64_t>();
  change.action = action->get<std::string>();
  return !object.contains("share") || read_share(object, change.share);
}

}  // namespace

bool is_version(std::string_view text) noexcept {
  return text.size() == 16 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_model_name(std::string_view text) noexcept {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return !text.empty() && text.size() <= 64 && text.front() != '.' && std::ranges::all_of(text, is_allowed);
}

void DeploymentRecord::note(std::int64_t now, std::string action, std::string version, double share) {
  history.push_back({now, std::move(action), std::move(version), share});
  if (history.size() > max_history) history.erase(history.begin());
}

Status DeploymentRecord::set_current(const std::string& version, std::int64_t now) {
  if (version == current) return Ok{};
  previous = std::exchange(current, version);
  if (candidate && candidate->version == version) candidate.reset();
  if (shadow && shadow->version == version) shadow.reset();
  note(now, "current", version, 0);
  return Ok{};
}

bool DeploymentRecord::rollback(std::int64_t now) {
  if (previous.empty()) return false;
  const std::string version = previous;
  (void)set_current(version, now);
  history.back().action = "rollback";
  return true;
}

Status DeploymentRecord::set_candidate(const std::string& version, double share, std::int64_t now) {
  if (!is_share(share)) return no_sense("the share is not between 0 and 1");
  if (version == current) return no_sense("the candidate is the current version");
  candidate = SharedVersion{version, share};
  note(now, "candidate", version, share);
  return Ok{};
}

Status DeploymentRecord::end_candidate(std::int64_t now) {
  if (!candidate) return no_sense("there is no candidate");
  note(now, "candidate_end", candidate->version, 0);
  candidate.reset();
  return Ok{};
}

Status DeploymentRecord::set_shadow(const std::string& version, double share, std::int64_t now) {
  if (!is_share(share)) return no_sense("the share is not between 0 and 1");
  if (version == current) return no_sense("the shadow is the current version");
  shadow = SharedVersion{version, share};
  note(now, "shadow", version, share);
  return Ok{};
}

Status DeploymentRecord::end_shadow(std::int64_t now) {
  if (!shadow) return no_sense("there is no shadow");
  note(now, "shadow_end", shadow->version, 0);
  shadow.reset();
  return Ok{};
}

std::vector<std::string_view> DeploymentRecord::roles_of(std::string_view version) const {
  std::vector<std::string_view> roles;
  if (version == current) roles.emplace_back("current");
  if (version == previous) roles.emplace_back("previous");
  if (candidate && version == candidate->version) roles.emplace_back("candidate");
  if (shadow && version == shadow->version) roles.emplace_back("shadow");
  return roles;
}

bool DeploymentRecord::was_current(std::string_view version) const noexcept {
  if (version == current || version == previous) return true;
  return std::ranges::any_of(history, [&](const DeploymentChange& change) {
    return change.version == version && (change.action == "current" || change.action == "rollback");
  });
}

std::string to_text(const DeploymentRecord& record) {
  nlohmann::json document = {{"format", record_format}, {"current", record.current}};
  if (!record.previous.empty()) document["previous"] = record.previous;
  if (record.candidate) document["candidate"] = json_of(*record.candidate);
  if (record.shadow) document["shadow"] = json_of(*record.shadow);
  nlohmann::json history = nlohmann::json::array();
  for (const DeploymentChange& change : record.history) {
    nlohmann::json entry = {{"at", change.at}, {"action", change.action}, {"version", change.version}};
    if (change.share > 0) entry["share"] = change.share;
    history.push_back(std::move(entry));
  }
  document["history"] = std::move(history);
  return document.dump(2) + "\n";
}

Result<DeploymentRecord> record_from_text(std::string_view text) {
  const nlohmann::json document = nlohmann::json::parse(text, nullptr, false);
  if (!document.is_object()) return Error{ErrorCode::malformed, "it is not a JSON object"};
  const auto format = document.find("format");
  if (format == document.end() || !format->is_number_integer()) return bad_record("format");
  if (format->get<std::int64_t>() != record_format) {
    return Error{ErrorCode::unsupported_version,
                 fmt::format("its format is {}, and this Sotto reads {}", format->get<std::int64_t>(), record_format)};
  }
  DeploymentRecord record;
  if (!read_version(document, "current", record.current)) return bad_record("current");
  if (document.contains("previous") && !read_version(document, "previous", record.previous)) {
    return bad_record("previous");
  }
  if (!read_shared(document, "candidate", record.candidate)) return bad_record("candidate");
  if (!read_shared(document, "shadow", record.shadow)) return bad_record("shadow");
  const auto history = document.find("history");
  if (history == document.end() || !history->is_array()) return bad_record("history");
  for (const nlohmann::json& entry : *history) {
    DeploymentChange change;
    if (!read_change(entry, change)) return bad_record("history");
    record.history.push_back(std::move(change));
  }
  return record;
}

}  // namespace sotto::serve
