// The folder of models: MODELS/NAME/VERSION.safetensors, which never changes, and MODELS/NAME/deployment.json, which
// says which versions answer. Several servers may share the folder.
#pragma once

#include <sotto/app/logger.hpp>
#include <sotto/base/result.hpp>
#include <sotto/serve/background_thread.hpp>
#include <sotto/serve/deployment.hpp>
#include <sotto/serve/deployment_record.hpp>
#include <sotto/serve/in_background.hpp>
#include <sotto/serve/metrics.hpp>
#include <sotto/serve/model_encodings.hpp>
#include <sotto/serve/store_watch.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sotto::serve {

struct RegistryOptions {
  std::filesystem::path folder;
  std::chrono::milliseconds poll{1000};  // how often other servers' changes are looked for
  std::size_t kept_versions = 2;  // how many versions stay in memory that are in no deployment,
  std::chrono::seconds kept_time{300};  // and for how long after their last use
  bool prepare_encodings = true;
};

struct VersionFile {
  std::string version;
  std::uint64_t bytes = 0;
  std::int64_t added = 0;  // seconds since 1970, by the clock of the file's system
};

struct AddedModel {
  std::string version;
  bool is_new = false;  // false: the registry had these bytes already
};

struct ImportedModel {
  std::string name;
  std::string version;
  std::string current;  // the name's current version now
};

// Requests keep the deployment that they began with; a change puts another one in its place. May be used from several
// threads at a time. Functions that read or write files are not for the server's threads, which use in_background().
class Registry final : public Models {
 public:
  // Makes the folder if it is not there, and loads what the deployments name. Fails with io for a folder that cannot be
  // used, and where a current version cannot be loaded, naming its file: with another version, users would get other
  // recommendations unnoticed. A previous, candidate or shadow version that cannot be loaded is left out, and the log
  // says so. What is referred to must outlive the registry.
  [[nodiscard]] static Result<std::unique_ptr<Registry>> open(RegistryOptions options, app::Logger& log,
                                                              Metrics& metrics, Clock now);
  ~Registry() override;

  [[nodiscard]] DeploymentPointer deployment(std::string_view name) const override;
  [[nodiscard]] Result<ModelPointer> version(std::uint64_t fingerprint) override;
  // All deployments, by name.
  [[nodiscard]] std::vector<DeploymentPointer> deployments() const;

  // The files of a version, if they are in memory. Reads nothing.
  [[nodiscard]] DeliveryPointer delivery(std::string_view name, std::string_view version) const;
  // The same, read where they are not. Fails with missing for an unknown name or version.
  [[nodiscard]] Result<DeliveryPointer> open_delivery(const std::string& name, const std::string& version);

  // Validates the file, by a trial recommendation too, and stores it. A file that is refused leaves nothing behind.
  // Fails with invalid_argument for a name, as LoadedModel::open does for the bytes, with mismatch for another file of
  // the same fingerprint, or with io.
  [[nodiscard]] Result<AddedModel> add(const std::string& name, std::span<const std::byte> file);
  // Adds a file under its stem, or under "default" where that is no name of a model. It becomes current, unless it was
  // current before and something else was chosen since: a restart takes no choice back.
  [[nodiscard]] Result<ImportedModel> import_file(const std::filesystem::path& file);

  // These fail with missing for an unknown name or version, as DeploymentRecord does, or with io. They load the version
  // and let it make one recommendation before it takes part.
  Status set_current(const std::string& name, const std::string& version);
  // False where there is no previous version; nothing changes then.
  [[nodiscard]] Result<bool> rollback(const std::string& name);
  Status set_candidate(const std::string& name, const std::string& version, double share);
  Status end_candidate(const std::string& name);
  Status set_shadow(const std::string& name, const std::string& version, double share);
  Status end_shadow(const std::string& name);

  // Removes the files of a version. False where the version has a role; nothing changes then. States of the version
  // cannot be carried over until it is added again. Fails with missing for an unknown name or version, or with io.
  [[nodiscard]] Result<bool> remove(const std::string& name, const std::string& version);

  // What the folder says. Fails with missing for an unknown name.
  [[nodiscard]] Result<DeploymentRecord> record(const std::string& name);
  [[nodiscard]] Result<std::vector<VersionFile>> versions(const std::string& name);

  // Runs tasks on the registry's own thread.
  [[nodiscard]] InBackground in_background() {
    return [this](std::function<void()> task) { return loader_->post(std::move(task)); };
  }
  // Takes over what other servers have changed, and lets go of versions that nobody has used for kept_time. It is
  // called by the registry's own thread.
  void poll();
  // Waits until all codings are prepared.
  void finish_encodings() { encoder_->drain(); }

 private:
  using Key = std::pair<std::string, std::string>;  // name and version
  using Table = std::map<std::string, DeploymentPointer, std::less<>>;
  // What tells whether a file was replaced.
  struct FileStamp {
    std::int64_t nanoseconds = 0;
    std::uint64_t bytes = 0;
    std::uint64_t inode = 0;
    bool operator==(const FileStamp&) const = default;
  };
  template <class T>
  struct Kept {
    T value;
    std::chrono::steady_clock::time_point used;
  };

  Registry(RegistryOptions options, app::Logger& log, Metrics& metrics, Clock now);

  [[nodiscard]] std::filesystem::path folder_of(std::string_view name) const { return options_.folder / name; }
  [[nodiscard]] static FileStamp stamp_of(const std::filesystem::path& file);
  [[nodiscard]] FileStamp known_stamp(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] Status check_known(const std::string& name, const std::string& version) const;
  [[nodiscard]] Result<DeploymentRecord> read_record(const std::string& name) const;
  [[nodiscard]] Status change(const std::string& name, const std::function<Status(DeploymentRecord&)>& apply);
  // The same for a change that gives the version a role.
  [[nodiscard]] Status change_to(const std::string& name, const std::string& version,
                                 const std::function<Status(DeploymentRecord&)>& apply);
  [[nodiscard]] Result<DeploymentPointer> deployment_from(const std::string& name, const DeploymentRecord& record);
  [[nodiscard]] Result<ModelPointer> load(const std::string& name, const std::string& version);
  [[nodiscard]] ModelPointer in_memory(const Key& key);
  void keep(const Key& key, ModelPointer model);
  void put_in_place(const std::string& name, DeploymentPointer deployment, FileStamp stamp);
  [[nodiscard]] Status take_over(const std::string& name);
  void deliver(const std::string& name, const std::string& version);
  void prepare_later(const std::string& name, const std::string& version);
  void remove_leftovers() const;

  const RegistryOptions options_;
  app::Logger& log_;
  Metrics& metrics_;
  const Clock now_;
  std::atomic<bool> stopping_{false};
  std::mutex changing_;  // held while deployment.json is read and written
  std::mutex loading_;  // held while a version is loaded, so that none is loaded twice
  mutable std::mutex mutex_;  // of what follows
  std::shared_ptr<const Table> table_;
  std::map<std::string, FileStamp> stamps_;  // of each deployment.json when it was read, good or not
  std::map<Key, std::weak_ptr<const LoadedModel>> loaded_;
  std::map<Key, Kept<ModelPointer>> kept_;
  mutable std::map<Key, Kept<DeliveryPointer>> deliveries_;
  // Last, so that their threads end first.
  std::unique_ptr<BackgroundThread> encoder_;
  std::unique_ptr<BackgroundThread> loader_;
};

}  // namespace sotto::serve
