#include <sotto/store/internal/sqlite_store.hpp>

#include <sotto/store/internal/sqlite_schema.hpp>

#include <fmt/format.h>

namespace sotto::store {
namespace {

constexpr int reader_count = 4;

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& file) { return SqliteStore::open(file); }

Result<std::unique_ptr<Store>> open_sqlite_beside(const std::filesystem::path& file) {
  return SqliteStore::open_beside(file);
}

Result<std::unique_ptr<Store>> SqliteStore::open_beside(const std::filesystem::path& file) {
  if (auto recognized = make_or_recognize_sqlite_file(file); !recognized) return std::move(recognized).error();
  std::unique_ptr<SqliteStore> store(new SqliteStore(file, FileDescriptor(-1)));
  auto writer = SqliteConnection::open(file);
  if (!writer) return std::move(writer).error();
  store->writer_ = std::move(writer).value();
  if (auto compared = compare_schema(*store->writer_); !compared) return std::move(compared).error();
  if (auto opened = store->open_readers(); !opened) return std::move(opened).error();
  return std::unique_ptr<Store>(std::move(store));
}

Result<std::unique_ptr<Store>> SqliteStore::open(const std::filesystem::path& file) {
  auto lock = lock_sqlite_file(file);
  if (!lock) return std::move(lock).error();
  if (auto made = make_or_recognize_sqlite_file(file); !made) return std::move(made).error();
  std::unique_ptr<SqliteStore> store(new SqliteStore(file, std::move(lock).value()));
  if (auto started = store->start(); !started) {
    Error error = std::move(started).error();
    if (error.detail.find(file.string()) == std::string::npos)
      error.detail = fmt::format("the SQLite file '{}': {}", file.string(), error.detail);
    return error;
  }
  return std::unique_ptr<Store>(std::move(store));
}

Status SqliteStore::start() {
  auto writer = SqliteConnection::open(file_);
  if (!writer) return std::move(writer).error();
  writer_ = std::move(writer).value();
  if (auto set = writer_->run("PRAGMA journal_mode = WAL; PRAGMA cache_size = -65536"); !set) return set;
  if (auto migrated = migrate_sqlite(*writer_); !migrated) return migrated;
  if (auto compared = compare_schema(*writer_); !compared) return compared;

  auto used = writer_->number("SELECT forgotten FROM totals");
  if (!used) return std::move(used).error();
  auto name = file_;
  name += ".forgotten";
  auto list = ForgottenList::open(name, static_cast<std::uint64_t>(*used));
  if (!list) return std::move(list).error();
  forgotten_ = std::make_unique<ForgottenList>(std::move(list).value());
  if (auto applied = apply_forgotten(); !applied) return applied;
  if (auto truncated = truncate_log(); !truncated) return truncated;
  return open_readers();
}

Status SqliteStore::open_readers() {
  for (int i = 0; i < reader_count; ++i) {
    auto reader = SqliteConnection::open(file_);
    if (!reader) return std::move(reader).error();
    if (auto set = (*reader)->run("PRAGMA query_only = ON; PRAGMA cache_size = -8192"); !set) return set;
    readers_.push_back(std::move(reader).value());
  }
  return Ok{};
}

// The writer is closed last: it then removes the log.
SqliteStore::~SqliteStore() {
  readers_.clear();
  writer_.reset();
}

std::string SqliteStore::description() const { return fmt::format("the SQLite file {}", file_.string()); }

std::unique_ptr<SqliteConnection> SqliteStore::take_reader() {
  std::unique_lock lock(pool_);
  returned_.wait(lock, [&] { return !readers_.empty(); });
  auto connection = std::move(readers_.back());
  readers_.pop_back();
  return connection;
}

void SqliteStore::give_back(std::unique_ptr<SqliteConnection> connection) {
  {
    const std::scoped_lock lock(pool_);
    readers_.push_back(std::move(connection));
  }
  returned_.notify_one();
}

Status SqliteStore::truncate_log() {
  if (long_reads_ > 0) return Ok{};
  auto busy = writer_->number("PRAGMA wal_checkpoint(TRUNCATE)");
  if (!busy) return std::move(busy).error();
  return Ok{};
}

}  // namespace sotto::store
