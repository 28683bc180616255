// The store in one SQLite file, for one process: a connection that writes and several that read.
#pragma once

#include <sotto/store/internal/forgotten_users.hpp>
#include <sotto/store/internal/sqlite_connection.hpp>
#include <sotto/store/internal/sqlite_file.hpp>
#include <sotto/store/store.hpp>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace sotto::store {

// A user's row.
struct SqliteUser {
  std::int64_t row = 0;  // 0 for a user that there is not
  UserHead head;
};

class SqliteStore final : public Store {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Store>> open(const std::filesystem::path& file);
  [[nodiscard]] static Result<std::unique_ptr<Store>> open_beside(const std::filesystem::path& file);
  ~SqliteStore() override;

  [[nodiscard]] std::string description() const override;
  [[nodiscard]] bool is_shared() const noexcept override { return false; }

  [[nodiscard]] Result<std::vector<Appended>> append(std::span<const Append> requests) override;
  [[nodiscard]] Result<StoredUser> load(const std::string& user, UserHead known) override;
  [[nodiscard]] Result<UserHead> head(const std::string& user) override;
  [[nodiscard]] Status save_snapshots(std::span<const SnapshotWrite> snapshots) override;
  [[nodiscard]] Result<std::uint64_t> users_of(std::uint64_t model) override;
  [[nodiscard]] Result<UserHead> replace(const std::string& user, UserHead expected, const Snapshot& state) override;
  [[nodiscard]] Result<bool> forget(const std::string& user, std::int64_t now) override;

  [[nodiscard]] Status add_key(const ApiKey& key) override;
  [[nodiscard]] Result<bool> remove_key(const std::string& id) override;
  [[nodiscard]] Result<std::vector<ApiKey>> keys() override;
  [[nodiscard]] Result<Bytes> secret(const std::string& name, std::span<const std::byte> proposal) override;
  [[nodiscard]] Status put_sealed(const std::string& id, const SealedBackup& backup) override;
  [[nodiscard]] Result<std::optional<SealedBackup>> sealed(const std::string& id) override;
  [[nodiscard]] Result<bool> remove_sealed(const std::string& id, const std::array<std::byte, 32>& owner) override;
  [[nodiscard]] Status put_figures(std::span<const FiguresRow> rows) override;
  [[nodiscard]] Result<std::vector<FiguresRow>> figures(std::int64_t since) override;
  [[nodiscard]] Result<bool> lead_outbox(const std::string& server, int seconds) override;
  [[nodiscard]] Result<std::vector<OutboxEntry>> outbox(std::size_t max) override;
  [[nodiscard]] Status remove_sent(std::span<const std::uint64_t> sequences) override;
  [[nodiscard]] Result<std::uint64_t> outbox_size() override;

  [[nodiscard]] Status clean(std::int64_t now, std::int64_t figures_before, std::int64_t sealed_before) override;
  [[nodiscard]] Result<StoreSize> size() override;
  [[nodiscard]] Status backup(const std::filesystem::path& file) override;
  [[nodiscard]] Result<std::vector<std::string>> check() override;

 private:
  SqliteStore(std::filesystem::path file, FileDescriptor lock) : file_(std::move(file)), lock_(std::move(lock)) {}
  [[nodiscard]] Status start();
  [[nodiscard]] Status open_readers();
  // Forgets the users of the list's entries that the database has not seen: it is an older backup.
  [[nodiscard]] Status apply_forgotten();
  // Empties the log, so that no page stays in it as it was. For a caller that holds writing_. Does nothing while a
  // backup or a check reads the log: its end empties it.
  [[nodiscard]] Status truncate_log();

  [[nodiscard]] Result<SqliteUser> find(SqliteConnection& connection, const std::string& user);
  [[nodiscard]] Result<SqliteUser> insert_user(const std::string& user);
  [[nodiscard]] Result<std::uint64_t> next_generation();
  [[nodiscard]] Result<Appended> append_one(const Append& request);
  [[nodiscard]] Status put_snapshot(std::int64_t row, const Snapshot& snapshot);
  [[nodiscard]] Status erase(std::int64_t row);

  // Runs `body` in a transaction of its own. Its failure leaves nothing behind.
  template <class Body>
  [[nodiscard]] auto write(const Body& body) -> decltype(body()) {
    const std::scoped_lock lock(writing_);
    return transact(body);
  }
  // The same for a caller that holds writing_.
  template <class Body>
  [[nodiscard]] auto transact(const Body& body) -> decltype(body()) {
    // A rollback that failed with the disk is made good now.
    if (writer_->is_in_transaction()) static_cast<void>(writer_->run("ROLLBACK"));
    if (auto begun = writer_->execute("BEGIN IMMEDIATE"); !begun) return std::move(begun).error();
    auto result = body();
    if (result) {
      if (auto committed = writer_->execute("COMMIT"); !committed) result = std::move(committed).error();
    }
    if (!result && writer_->is_in_transaction()) static_cast<void>(writer_->run("ROLLBACK"));
    return result;
  }
  // Runs `body` on a connection that sees one state of the database.
  template <class Body>
  [[nodiscard]] auto read(const Body& body) -> decltype(body(std::declval<SqliteConnection&>())) {
    auto connection = take_reader();
    if (auto begun = connection->execute("BEGIN"); !begun) {
      give_back(std::move(connection));
      return std::move(begun).error();
    }
    auto result = body(*connection);
    static_cast<void>(connection->execute("COMMIT"));
    if (connection->is_in_transaction()) static_cast<void>(connection->run("ROLLBACK"));
    give_back(std::move(connection));
    return result;
  }
  [[nodiscard]] std::unique_ptr<SqliteConnection> take_reader();
  void give_back(std::unique_ptr<SqliteConnection> connection);

  std::filesystem::path file_;
  FileDescriptor lock_;
  std::mutex writing_;
  std::unique_ptr<SqliteConnection> writer_;
  std::unique_ptr<ForgottenList> forgotten_;  // guarded by writing_; null for a store that was opened beside another
  std::atomic<int> long_reads_ = 0;  // backups and checks
  std::mutex pool_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<SqliteConnection>> readers_;
};

}  // namespace sotto::store
