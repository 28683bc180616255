#include <sotto/store/internal/durable_file.hpp>
#include <sotto/store/internal/sqlite_connection.hpp>
#include <sotto/store/internal/sqlite_file.hpp>
#include <sotto/store/internal/sync_database.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <fcntl.h>

namespace sotto::store {
namespace {

// "sots" in SQLite's header: it is no store of users.
constexpr std::int64_t sync_application_id = 0x736f7473;

class SqliteSyncSession final : public SyncSession {
 public:
  explicit SqliteSyncSession(SqliteConnection& connection) : connection_(connection) {}

  Result<SyncRows> query(std::string_view sql, SyncValues values) override {
    auto rows = connection_.query_values(sql, std::span(values.begin(), values.size()));
    if (!rows) return std::move(rows).error();
    std::vector<std::vector<SyncCell>> found;
    while (true) {
      auto more = rows->next();
      if (!more) return std::move(more).error();
      if (!*more) return SyncRows(std::move(found));
      std::vector<SyncCell> row;
      for (int column = 0; column < rows->columns(); ++column) {
        if (rows->is_blob(column)) {
          const auto bytes = rows->blob(column);
          row.emplace_back(std::vector<std::byte>(bytes.begin(), bytes.end()));
        } else {
          row.emplace_back(rows->integer(column));
        }
      }
      found.push_back(std::move(row));
    }
  }

  Result<std::int64_t> execute(std::string_view sql, SyncValues values) override {
    auto rows = connection_.query_values(sql, std::span(values.begin(), values.size()));
    if (!rows) return std::move(rows).error();
    while (true) {
      auto more = rows->next();
      if (!more) return std::move(more).error();
      if (!*more) return connection_.changes();
    }
  }

 private:
  SqliteConnection& connection_;
};

// The log is carried over into the file from this size on. A report has about 70 kB.
constexpr int max_log_bytes = 64 << 20;
constexpr int page_bytes = 16 << 10;

// The thread that carries the log over into the file, so that no upload waits for it.
class Checkpoints {
 public:
  // `writing` is the lock of those who write.
  Checkpoints(std::unique_ptr<SqliteConnection> connection, std::mutex& writing)
      : connection_(std::move(connection)), writing_(writing), thread_([this] { run(); }) {}
  Checkpoints(const Checkpoints&) = delete;
  Checkpoints& operator=(const Checkpoints&) = delete;
  ~Checkpoints() {
    {
      const std::scoped_lock lock(mutex_);
      stops_ = true;
    }
    due_.notify_one();
    thread_.join();
  }

  void log_has(int pages) {
    if (pages < max_log_bytes / page_bytes) return;
    {
      const std::scoped_lock lock(mutex_);
      is_due_ = true;
    }
    due_.notify_one();
  }

 private:
  void run() {
    while (true) {
      {
        std::unique_lock lock(mutex_);
        due_.wait(lock, [this] { return is_due_ || stops_; });
        if (stops_) return;
      }
      // A failure, such as a full disk, is met again by whoever writes next.
      carry_over();
      carry_over();
      {
        // The little that was written meanwhile. The next one who writes begins the log anew.
        const std::scoped_lock no_writer(writing_);
        carry_over();
      }
      const std::scoped_lock lock(mutex_);
      is_due_ = false;
    }
  }
  void carry_over() { static_cast<void>(connection_->run("PRAGMA wal_checkpoint(PASSIVE)")); }

  std::unique_ptr<SqliteConnection> connection_;
  std::mutex& writing_;
  std::mutex mutex_;  // of what follows
  std::condition_variable due_;
  bool is_due_ = false;
  bool stops_ = false;
  std::thread thread_;
};

// One connection writes and one reads: WAL lets both work at a time.
class SqliteSyncDatabase final : public SyncDatabase {
 public:
  SqliteSyncDatabase(std::filesystem::path file, FileDescriptor lock, std::unique_ptr<SqliteConnection> writer,
                     std::unique_ptr<SqliteConnection> reader, std::unique_ptr<SqliteConnection> checkpointer)
      : file_(std::move(file)),
        lock_(std::move(lock)),
        writer_(std::move(writer)),
        reader_(std::move(reader)),
        checkpoints_(std::make_unique<Checkpoints>(std::move(checkpointer), writing_)) {
    writer_->watch_log([this](int pages) { checkpoints_->log_has(pages); });
  }
  ~SqliteSyncDatabase() override {
    checkpoints_.reset();
    reader_.reset();
  }  // the writer is closed last: it then removes the log

  std::string description() const override { return fmt::format("the SQLite file {}", file_.string()); }

  Status write(const Body& body) override {
    const std::scoped_lock lock(writing_);
    return transact(*writer_, "BEGIN IMMEDIATE", body);
  }
  Status read(const Body& body) override {
    const std::scoped_lock lock(reading_);
    return transact(*reader_, "BEGIN", body);
  }

 private:
  static Status transact(SqliteConnection& connection, const char* begin, const Body& body) {
    // A rollback that failed with the disk is made good now.
    if (connection.is_in_transaction()) static_cast<void>(connection.run("ROLLBACK"));
    if (auto begun = connection.run(begin); !begun) return begun;
    SqliteSyncSession session(connection);
    auto result = body(session);
    if (result) result = connection.run("COMMIT");
    if (!result && connection.is_in_transaction()) static_cast<void>(connection.run("ROLLBACK"));
    return result;
  }

  std::filesystem::path file_;
  FileDescriptor lock_;
  std::mutex writing_;
  std::unique_ptr<SqliteConnection> writer_;
  std::mutex reading_;
  std::unique_ptr<SqliteConnection> reader_;
  std::unique_ptr<Checkpoints> checkpoints_;
};

// An empty file becomes a database by its first transaction, so that a crash leaves one or the other.
Status create_if_missing(const std::filesystem::path& file) {
  const FileDescriptor made(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (!made.is_open()) return file_error("create", file);
  return sync_folder_of(file);
}

Status migrate(SqliteConnection& connection) {
  auto version = connection.number("PRAGMA user_version");
  if (!version) return std::move(version).error();
  auto application = connection.number("PRAGMA application_id");
  if (!application) return std::move(application).error();
  auto objects = connection.number("SELECT count(*) FROM sqlite_schema");
  if (!objects) return std::move(objects).error();
  const bool is_new = *version == 0 && *objects == 0;
  if (!is_new && *application != sync_application_id)
    return Error{ErrorCode::malformed, "it is a SQLite file of another program"};
  const auto steps = sync_schema_steps(SyncDialect::sqlite);
  if (*version < 0 || static_cast<std::uint64_t>(*version) > steps.size())
    return Error{ErrorCode::unsupported_version,
                 fmt::format("its tables have version {}; this build knows versions up to {}", *version, steps.size())};
  for (auto step = static_cast<std::size_t>(*version); step < steps.size(); ++step) {
    auto done =
        connection.run(fmt::format("BEGIN IMMEDIATE; {} PRAGMA application_id = {}; PRAGMA user_version = {}; COMMIT;",
                                   steps[step], sync_application_id, step + 1));
    if (!done) {
      if (connection.is_in_transaction()) static_cast<void>(connection.run("ROLLBACK"));
      return done;
    }
  }
  return Ok{};
}

}  // namespace

Result<std::unique_ptr<SyncDatabase>> open_sqlite_sync(const std::filesystem::path& file) {
  auto lock = lock_sqlite_file(file);
  if (!lock) return std::move(lock).error();
  if (auto made = create_if_missing(file); !made) return std::move(made).error();
  const auto named = [&](Error error) {
    if (error.detail.find(file.string()) == std::string::npos)
      error.detail = fmt::format("the SQLite file '{}': {}", file.string(), error.detail);
    return error;
  };
  auto writer = SqliteConnection::open(file);
  if (!writer) return named(std::move(writer).error());
  // The pages of an existing file keep their size.
  if (auto set =
          (*writer)->run(fmt::format("PRAGMA page_size = {}; PRAGMA journal_mode = WAL; PRAGMA cache_size = -65536;"
                                     "PRAGMA secure_delete = FAST",
                                     page_bytes));
      !set)
    return named(std::move(set).error());
  if (auto migrated = migrate(**writer); !migrated) return named(std::move(migrated).error());
  auto reader = SqliteConnection::open(file);
  if (!reader) return named(std::move(reader).error());
  if (auto set = (*reader)->run("PRAGMA query_only = ON"); !set) return named(std::move(set).error());
  auto checkpointer = SqliteConnection::open(file);
  if (!checkpointer) return named(std::move(checkpointer).error());
  return std::unique_ptr<SyncDatabase>(
      std::make_unique<SqliteSyncDatabase>(file, std::move(lock).value(), std::move(writer).value(),
                                           std::move(reader).value(), std::move(checkpointer).value()));
}

}  // namespace sotto::store
