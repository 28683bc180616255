#include <sotto/data/files.hpp>
#include <sotto/data/text.hpp>
#include <sotto/serve/folder_lock.hpp>
#include <sotto/serve/mapped_file.hpp>
#include <sotto/serve/registry.hpp>
#include <sotto/serve/trial.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sotto::serve {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_deliveries =
    16;  // mapped files; those of deployments are opened again when they are asked for
constexpr std::chrono::hours leftover_age{24};

constexpr std::string_view record_name = "deployment.json";
constexpr std::int64_t nanoseconds_a_second = 1'000'000'000;

Error no_model(std::string_view name) {
  return {ErrorCode::missing, fmt::format("there is no model {}", data::in_quotes(name))};
}

Error no_version(std::string_view name, std::string_view version) {
  return {ErrorCode::missing,
          fmt::format("the model {} has no version {}", data::in_quotes(name), data::in_quotes(version))};
}

AlignedBuffer<std::byte> copy_of(std::span<const std::byte> bytes) {
  AlignedBuffer<std::byte> copy(bytes.size());
  std::ranges::copy(bytes, copy.data());
  return copy;
}

bool has_file(const fs::path& file) {
  std::error_code error;
  return fs::is_regular_file(file, error);
}

// A folder that cannot be read has no entries.
std::vector<fs::directory_entry> entries_of(const fs::path& folder) {
  std::vector<fs::directory_entry> entries;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) entries.push_back(*entry);
  return entries;
}

// A new folder reaches the disk with the folder that it is in.
void flush_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  (void)::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

Registry::Registry(RegistryOptions options, app::Logger& log, Metrics& metrics, Clock now)
    : options_(std::move(options)),
      log_(log),
      metrics_(metrics),
      now_(std::move(now)),
      table_(std::make_shared<const Table>()) {}

Registry::~Registry() { stopping_ = true; }

Result<std::unique_ptr<Registry>> Registry::open(RegistryOptions options, app::Logger& log, Metrics& metrics,
                                                 Clock now) {
  std::error_code error;
  fs::create_directories(options.folder, error);
  if (error || !fs::is_directory(options.folder, error)) {
    return Error{ErrorCode::io, fmt::format("cannot use the folder of models '{}': {}", options.folder.string(),
                                            error ? error.message() : "it is not a folder")};
  }
  std::unique_ptr<Registry> registry(new Registry(std::move(options), log, metrics, std::move(now)));
  Registry& r = *registry;
  r.remove_leftovers();
  r.encoder_ = std::make_unique<BackgroundThread>(BackgroundThread::Priority::idle);
  for (const std::string& name : r.names()) {
    if (!has_file(r.folder_of(name) / record_name)) continue;
    if (auto taken = r.take_over(name); !taken) return std::move(taken).error();
  }
  r.loader_ = std::make_unique<BackgroundThread>(r.options_.poll, [&r] { r.poll(); });
  return registry;
}

DeploymentPointer Registry::deployment(std::string_view name) const {
  std::shared_ptr<const Table> table;
  {
    const std::lock_guard lock(mutex_);
    table = table_;
  }
  const auto found = name.empty() ? table->begin() : table->find(name);
  return found == table->end() ? nullptr : found->second;
}

std::vector<DeploymentPointer> Registry::deployments() const {
  const std::lock_guard lock(mutex_);
  std::vector<DeploymentPointer> all;
  for (const auto& [name, deployment] : *table_) all.push_back(deployment);
  return all;
}

Result<ModelPointer> Registry::version(std::uint64_t fingerprint) {
  const std::string version = fmt::format("{:016x}", fingerprint);
  const auto all = names();
  for (const std::string& name : all) {
    if (auto model = in_memory({name, version})) return model;
  }
  for (const std::string& name : all) {
    if (has_file(folder_of(name) / model_file_name(version))) return load(name, version);
  }
  return Error{ErrorCode::missing, fmt::format("no model has the version {}", version)};
}

std::vector<std::string> Registry::names() const {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : entries_of(options_.folder)) {
    std::error_code ignored;
    std::string name = entry.path().filename().string();
    if (is_model_name(name) && entry.is_directory(ignored)) names.push_back(std::move(name));
  }
  std::ranges::sort(names);
  return names;
}

Status Registry::check_known(const std::string& name, const std::string& version) const {
  std::error_code error;
  if (!is_model_name(name) || !fs::is_directory(folder_of(name), error)) return no_model(name);
  if (!is_version(version) || !has_file(folder_of(name) / model_file_name(version))) {
    return no_version(name, version);
  }
  return Ok{};
}

// --- versions in memory -------------------------------------------------------------------------------------------

ModelPointer Registry::in_memory(const Key& key) {
  const std::lock_guard lock(mutex_);
  const auto found = loaded_.find(key);
  ModelPointer model = found == loaded_.end() ? nullptr : found->second.lock();
  if (const auto kept = kept_.find(key); model && kept != kept_.end()) {
    kept->second.used = std::chrono::steady_clock::now();
  }
  return model;
}

void Registry::keep(const Key& key, ModelPointer model) {
  std::vector<ModelPointer> dropped;  // freed after the lock
  const std::lock_guard lock(mutex_);
  std::erase_if(loaded_, [](const auto& entry) { return entry.second.expired(); });
  loaded_[key] = model;
  kept_[key] = {std::move(model), std::chrono::steady_clock::now()};
  while (kept_.size() > options_.kept_versions) {
    const auto oldest = std::ranges::min_element(kept_, {}, [](const auto& entry) { return entry.second.used; });
    dropped.push_back(std::move(oldest->second.value));
    kept_.erase(oldest);
  }
}

Result<ModelPointer> Registry::load(const std::string& name, const std::string& version) {
  const Key key(name, version);
  if (auto model = in_memory(key)) return model;
  const std::lock_guard one_at_a_time(loading_);
  if (auto model = in_memory(key)) return model;

  if (auto known = check_known(name, version); !known) return std::move(known).error();
  const fs::path file = folder_of(name) / model_file_name(version);
  auto delivery = open_delivery(name, version);
  if (!delivery) {
    metrics_.models_refused.add();
    return std::move(delivery).error();
  }
  auto model = LoadedModel::open(name, copy_of((*delivery)->representations.front().bytes.bytes));
  if (!model) {
    metrics_.models_refused.add();
    return Error{model.error().code, fmt::format("{}: {}", file.string(), model.error().detail)};
  }
  if (auto tried = try_recommendation(**model); !tried) return std::move(tried).error();
  metrics_.models_loaded.add();
  keep(key, *model);
  return std::move(*model);
}

// --- deliveries -----------------------------------------------------------------------------------------------------

DeliveryPointer Registry::delivery(std::string_view name, std::string_view version) const {
  const std::lock_guard lock(mutex_);
  const auto found = deliveries_.find(Key(name, version));
  if (found == deliveries_.end()) return nullptr;
  found->second.used = std::chrono::steady_clock::now();
  return found->second.value;
}

Result<DeliveryPointer> Registry::open_delivery(const std::string& name, const std::string& version) {
  if (auto open = delivery(name, version)) return open;
  if (auto known = check_known(name, version); !known) return std::move(known).error();
  auto opened = serve::open_delivery(folder_of(name), version);
  if (!opened) return opened;
  const std::lock_guard lock(mutex_);
  deliveries_[Key(name, version)] = {*opened, std::chrono::steady_clock::now()};
  while (deliveries_.size() > max_deliveries) {
    deliveries_.erase(std::ranges::min_element(deliveries_, {}, [](const auto& entry) { return entry.second.used; }));
  }
  return opened;
}

void Registry::prepare_later(const std::string& name, const std::string& version) {
  if (!options_.prepare_encodings) return;
  const bool is_taken = encoder_->post([this, name, version] {
    const auto prepared = serve::prepare_encodings(folder_of(name), version, stopping_);
    if (!prepared) {
      if (prepared.error().code == ErrorCode::interrupted) return;
      metrics_.background_failures.add();
      log_.warning(fmt::format("model {}: version {} is sent uncompressed: {}", name, version, prepared.error().detail),
                   {{"model", name}, {"version", version}});
      return;
    }
    {
      const std::lock_guard lock(mutex_);
      deliveries_.erase(Key(name, version));
    }
    (void)open_delivery(name, version);  // so that the first request need not wait for it
  });
  if (!is_taken) {
    log_.warning(
        fmt::format("model {}: version {} is sent uncompressed: too many wait to be compressed", name, version),
        {{"model", name}, {"version", version}});
  }
}

// --- deployments ----------------------------------------------------------------------------------------------------

Registry::FileStamp Registry::stamp_of(const fs::path& file) {
  struct stat information{};
  if (::stat(file.c_str(), &information) != 0) return {};
  return {information.st_mtim.tv_sec * nanoseconds_a_second + information.st_mtim.tv_nsec,
          static_cast<std::uint64_t>(information.st_size), static_cast<std::uint64_t>(information.st_ino)};
}

Registry::FileStamp Registry::known_stamp(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto known = stamps_.find(name);
  return known == stamps_.end() ? FileStamp{} : known->second;
}

Result<DeploymentRecord> Registry::read_record(const std::string& name) const {
  const fs::path file = folder_of(name) / record_name;
  auto bytes = data::read_file(file);
  if (!bytes) return std::move(bytes).error();
  auto record = record_from_text({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  if (!record) return Error{record.error().code, fmt::format("{}: {}", file.string(), record.error().detail)};
  return record;
}

Result<DeploymentPointer> Registry::deployment_from(const std::string& name, const DeploymentRecord& record) {
  auto deployment = std::make_shared<Deployment>();
  deployment->name = name;
  auto current = load(name, record.current);
  if (!current) return std::move(current).error();
  deployment->current = std::move(current).value();

  const auto load_other = [&](std::string_view role, const std::string& version) -> ModelPointer {
    if (version.empty()) return nullptr;
    auto model = load(name, version);
    if (model) return std::move(model).value();
    log_.error(fmt::format("model {}: the {} version is left out: {}", name, role, model.error().detail),
               {{"model", name}, {"version", version}});
    return nullptr;
  };
  deployment->previous = load_other("previous", record.previous);
  if (record.candidate) {
    deployment->candidate = load_other("candidate", record.candidate->version);
    deployment->share = record.candidate->share;
  }
  if (record.shadow) {
    deployment->shadow = load_other("shadow", record.shadow->version);
    deployment->shadow_share = record.shadow->share;
  }
  return DeploymentPointer(std::move(deployment));
}

void Registry::put_in_place(const std::string& name, DeploymentPointer deployment, FileStamp stamp) {
  deliver(name, deployment->current->version());
  if (deployment->candidate) deliver(name, deployment->candidate->version());
  std::shared_ptr<const Table> old;  // freed after the lock
  const std::lock_guard lock(mutex_);
  auto table = std::make_shared<Table>(*table_);
  (*table)[name] = std::move(deployment);
  old = std::exchange(table_, std::move(table));
  stamps_[name] = stamp;
}

void Registry::deliver(const std::string& name, const std::string& version) {
  const auto delivery = open_delivery(name, version);
  if (!delivery) {
    log_.warning(fmt::format("model {}: {}", name, delivery.error().detail), {{"model", name}, {"version", version}});
    return;
  }
  if ((*delivery)->representations.size() < 3) prepare_later(name, version);
}

Status Registry::take_over(const std::string& name) {
  // The stamp is older than what is read, so that a change in between is noticed by the next poll.
  const FileStamp stamp = stamp_of(folder_of(name) / record_name);
  {
    const std::lock_guard lock(mutex_);
    stamps_[name] = stamp;
  }
  auto record = read_record(name);
  if (!record) return std::move(record).error();
  auto deployment = deployment_from(name, *record);
  if (!deployment) return std::move(deployment).error();
  put_in_place(name, std::move(deployment).value(), stamp);
  return Ok{};
}

void Registry::poll() {
  for (const std::string& name : names()) {
    const std::lock_guard one_at_a_time(changing_);
    if (stamp_of(folder_of(name) / record_name) == known_stamp(name)) continue;
    if (auto taken = take_over(name); !taken) {
      log_.error(fmt::format("model {}: its deployment stays as it was: {}", name, taken.error().detail),
                 {{"model", name}});
      continue;
    }
    if (const auto now = deployment(name)) {
      log_.info(
          fmt::format("model {}: version {} is current, by another server's change", name, now->current->version()),
          {{"model", name}, {"version", now->current->version()}});
    }
  }
  std::map<Key, Kept<ModelPointer>> unused;  // freed after the lock
  const auto oldest = std::chrono::steady_clock::now() - options_.kept_time;
  const std::lock_guard lock(mutex_);
  for (auto entry = kept_.begin(); entry != kept_.end();) {
    const auto next = std::next(entry);
    if (entry->second.used < oldest) unused.insert(kept_.extract(entry));
    entry = next;
  }
}

Status Registry::change(const std::string& name, const std::function<Status(DeploymentRecord&)>& apply) {
  const std::lock_guard one_at_a_time(changing_);
  auto lock = FolderLock::take(folder_of(name));
  if (!lock) return std::move(lock).error();
  DeploymentRecord record;
  const fs::path file = folder_of(name) / record_name;
  if (has_file(file)) {
    auto read = read_record(name);
    if (!read) return std::move(read).error();
    record = std::move(read).value();
  }
  const DeploymentRecord before = record;
  if (auto applied = apply(record); !applied) return applied;
  if (record == before) {
    // Another server may have made the same change a moment ago.
    return stamp_of(file) == known_stamp(name) ? Status(Ok{}) : take_over(name);
  }

  // Everything that the change brings in must work before it is written.
  for (const std::string& version : {record.current, record.candidate ? record.candidate->version : std::string(),
                                     record.shadow ? record.shadow->version : std::string()}) {
    if (version.empty()) continue;
    if (auto loaded = load(name, version); !loaded) return std::move(loaded).error();
  }
  auto deployment = deployment_from(name, record);
  if (!deployment) return std::move(deployment).error();
  const std::string text = to_text(record);
  if (auto written = data::write_file_atomically(file, std::as_bytes(std::span(text))); !written) return written;
  put_in_place(name, std::move(deployment).value(), stamp_of(file));
  const DeploymentChange& latest = record.history.back();
  log_.info(fmt::format("model {}: {} {}", name, latest.action, latest.version),
            {{"model", name}, {"action", latest.action}, {"version", latest.version}});
  return Ok{};
}

Status Registry::change_to(const std::string& name, const std::string& version,
                           const std::function<Status(DeploymentRecord&)>& apply) {
  if (auto known = check_known(name, version); !known) return known;
  return change(name, [&](DeploymentRecord& record) -> Status {
    // Another server may have removed it before this one had the lock.
    if (auto known = check_known(name, version); !known) return known;
    return apply(record);
  });
}

Status Registry::set_current(const std::string& name, const std::string& version) {
  return change_to(name, version, [&](DeploymentRecord& record) { return record.set_current(version, now_()); });
}

Result<bool> Registry::rollback(const std::string& name) {
  if (!deployment(name)) return no_model(name);
  bool was_there = false;
  auto changed = change(name, [&](DeploymentRecord& record) {
    was_there = record.rollback(now_());
    return Ok{};
  });
  if (!changed) return std::move(changed).error();
  return was_there;
}

Status Registry::set_candidate(const std::string& name, const std::string& version, double share) {
  if (auto known = check_known(name, version); !known) return known;
  if (!deployment(name)) return Error{ErrorCode::invalid_argument, "the model has no current version yet"};
  return change_to(name, version,
                   [&](DeploymentRecord& record) { return record.set_candidate(version, share, now_()); });
}

Status Registry::end_candidate(const std::string& name) {
  if (!deployment(name)) return no_model(name);
  return change(name, [&](DeploymentRecord& record) { return record.end_candidate(now_()); });
}

Status Registry::set_shadow(const std::string& name, const std::string& version, double share) {
  if (auto known = check_known(name, version); !known) return known;
  if (!deployment(name)) return Error{ErrorCode::invalid_argument, "the model has no current version yet"};
  return change_to(name, version, [&](DeploymentRecord& record) { return record.set_shadow(version, share, now_()); });
}

Status Registry::end_shadow(const std::string& name) {
  if (!deployment(name)) return no_model(name);
  return change(name, [&](DeploymentRecord& record) { return record.end_shadow(now_()); });
}

Result<bool> Registry::remove(const std::string& name, const std::string& version) {
  if (auto known = check_known(name, version); !known) return std::move(known).error();
  const std::lock_guard one_at_a_time(changing_);
  auto lock = FolderLock::take(folder_of(name));
  if (!lock) return std::move(lock).error();
  if (has_file(folder_of(name) / record_name)) {
    auto record = read_record(name);
    if (!record) return std::move(record).error();
    if (!record->roles_of(version).empty()) return false;
  }
  if (auto removed = remove_files(folder_of(name), version); !removed) return std::move(removed).error();
  flush_folder(folder_of(name));
  ModelPointer dropped;  // freed after the lock
  {
    const std::lock_guard memory(mutex_);
    const Key key(name, version);
    deliveries_.erase(key);
    loaded_.erase(key);
    if (const auto kept = kept_.extract(key); !kept.empty()) dropped = std::move(kept.mapped().value);
  }
  log_.info(fmt::format("model {}: version {} removed", name, version), {{"model", name}, {"version", version}});
  return true;
}

Result<DeploymentRecord> Registry::record(const std::string& name) {
  if (!deployment(name)) return no_model(name);
  return read_record(name);
}

Result<std::vector<VersionFile>> Registry::versions(const std::string& name) {
  std::error_code error;
  if (!is_model_name(name) || !fs::is_directory(folder_of(name), error)) return no_model(name);
  std::vector<VersionFile> versions;
  for (const fs::directory_entry& entry : entries_of(folder_of(name))) {
    const fs::path& file = entry.path();
    if (file.extension() != ".safetensors" || !is_version(file.stem().string())) continue;
    const FileStamp stamp = stamp_of(file);
    versions.push_back({file.stem().string(), stamp.bytes, stamp.nanoseconds / nanoseconds_a_second});
  }
  std::ranges::sort(versions, {}, &VersionFile::version);
  return versions;
}

// --- new versions ---------------------------------------------------------------------------------------------------

Result<AddedModel> Registry::add(const std::string& name, std::span<const std::byte> file) {
  if (!is_model_name(name)) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("{} is no name for a model: 1 to 64 of the characters A-Z a-z 0-9 . _ -, not '.' first",
                             data::in_quotes(name))};
  }
  auto model = LoadedModel::open(name, copy_of(file));
  Status tried = model ? try_recommendation(**model) : Status(model.error());
  if (!tried) {
    metrics_.models_refused.add();
    return std::move(tried).error();
  }
  const std::string& version = (*model)->version();
  const fs::path target = folder_of(name) / model_file_name(version);
  if (has_file(target)) {
    const auto stored = map_file(target);
    if (stored && std::ranges::equal(stored->bytes, file)) return AddedModel{version, false};
    if (serve::open_delivery(target.parent_path(), version)) {
      return Error{ErrorCode::mismatch, fmt::format("another file has the same fingerprint {}", version)};
    }
    // What is stored is damaged: the good bytes take its place.
  }
  std::error_code error;
  fs::create_directories(target.parent_path(), error);
  if (error) {
    return Error{ErrorCode::io,
                 fmt::format("cannot make the folder '{}': {}", target.parent_path().string(), error.message())};
  }
  if (auto written = data::write_file_atomically(target, file); !written) {
    fs::remove(target.parent_path(), error);  // only if it is empty: the folder was made for this
    return std::move(written).error();
  }
  flush_folder(options_.folder);
  {
    const std::lock_guard lock(mutex_);
    deliveries_.erase(Key(name, version));  // of the damaged file, if there was one
  }
  keep({name, version}, *model);
  metrics_.models_loaded.add();
  prepare_later(name, version);
  log_.info(fmt::format("model {}: version {} added", name, version), {{"model", name}, {"version", version}});
  return AddedModel{version, true};
}

Result<ImportedModel> Registry::import_file(const fs::path& file) {
  auto bytes = data::read_file(file);
  if (!bytes) return std::move(bytes).error();
  ImportedModel imported;
  imported.name = file.stem().string();
  if (!is_model_name(imported.name)) imported.name = "default";
  auto added = add(imported.name, *bytes);
  if (!added) return Error{added.error().code, fmt::format("{}: {}", file.string(), added.error().detail)};
  imported.version = added->version;

  DeploymentRecord record;
  if (deployment(imported.name)) {
    auto read = read_record(imported.name);
    if (!read) return std::move(read).error();
    record = std::move(read).value();
  }
  if (!record.was_current(imported.version)) {
    if (auto set = set_current(imported.name, imported.version); !set) return std::move(set).error();
    imported.current = imported.version;
  } else {
    imported.current = record.current;
    if (imported.current != imported.version) {
      log_.warning(fmt::format("model {}: '{}' is version {}, but {} was made current since, and stays current",
                               imported.name, file.string(), imported.version, imported.current),
                   {{"model", imported.name}, {"version", imported.version}});
    }
  }
  return imported;
}

// A crash during a write leaves its temporary file. Another server may be writing now, so young ones stay.
void Registry::remove_leftovers() const {
  const auto oldest = fs::file_time_type::clock::now() - leftover_age;
  for (const std::string& name : names()) {
    for (const fs::directory_entry& entry : entries_of(folder_of(name))) {
      // data::write_file_atomically adds a dot and six characters.
      constexpr std::size_t added = 7;
      const std::string file = entry.path().filename().string();
      if (file.size() <= added || file[file.size() - added] != '.') continue;
      const std::string_view target = std::string_view(file).substr(0, file.size() - added);
      const bool is_ours = target.ends_with(".safetensors") || target.ends_with(".br") || target.ends_with(".zst") ||
                           target == record_name;
      std::error_code ignored;
      if (is_ours && entry.last_write_time(ignored) < oldest) fs::remove(entry.path(), ignored);
    }
  }
}

}  // namespace sotto::serve
