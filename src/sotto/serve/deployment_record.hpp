// What MODELS/NAME/deployment.json says: the versions of a model that answer, and how it came to that.
#pragma once

#include <sotto/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::serve {

// 16 lowercase hexadecimal digits.
[[nodiscard]] bool is_version(std::string_view text) noexcept;
// 1 to 64 characters of A-Z, a-z, 0-9, '.', '_' and '-', and no dot at the start: such a name is also a folder's.
[[nodiscard]] bool is_model_name(std::string_view text) noexcept;

struct SharedVersion {
  std::string version;
  double share = 0;  // 0 … 1
  bool operator==(const SharedVersion&) const = default;
};

struct DeploymentChange {
  std::int64_t at = 0;  // seconds since 1970
  std::string action;  // "current", "rollback", "candidate", "candidate_end", "shadow", "shadow_end"
  std::string version;
  double share = 0;
  bool operator==(const DeploymentChange&) const = default;
};

// A value. Changes fail with invalid_argument where they make no sense, and then change nothing. None of them looks at
// the files of the versions.
struct DeploymentRecord {
  std::string current;
  std::string previous;  // empty before the first change
  std::optional<SharedVersion> candidate;
  std::optional<SharedVersion> shadow;
  std::vector<DeploymentChange> history;  // oldest first, the latest max_history
  static constexpr std::size_t max_history = 100;
  bool operator==(const DeploymentRecord&) const = default;

  // The current version becomes the previous one. A candidate or shadow of the same version ends. Setting what is
  // current already changes nothing.
  Status set_current(const std::string& version, std::int64_t now);
  // Current and previous change places, so that a second rollback undoes the first. False where there is no previous
  // version; nothing changes then.
  [[nodiscard]] bool rollback(std::int64_t now);
  Status set_candidate(const std::string& version, double share, std::int64_t now);
  Status end_candidate(std::int64_t now);
  Status set_shadow(const std::string& version, double share, std::int64_t now);
  Status end_shadow(std::int64_t now);

  // What the version is now: any of "current", "previous", "candidate" and "shadow".
  [[nodiscard]] std::vector<std::string_view> roles_of(std::string_view version) const;
  // Whether the version is or was current, as far as the history goes.
  [[nodiscard]] bool was_current(std::string_view version) const noexcept;

 private:
  void note(std::int64_t now, std::string action, std::string version, double share);
};

[[nodiscard]] std::string to_text(const DeploymentRecord& record);  // JSON
// Fails with malformed, naming the member, or with unsupported_version for a record of a later Sotto.
[[nodiscard]] Result<DeploymentRecord> record_from_text(std::string_view text);

}  // namespace sotto::serve
