// What the server keeps: users' events and states, and what belongs to the server itself. One interface, a SQLite file
// or a PostgreSQL database behind it.
//
// Events are the truth. A user's state is a fold of the user's events in the order of their numbers, and a snapshot is
// such a state after the event of its number. What is held in memory can be thrown away at any moment.
#pragma once

#include <sotto/base/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sotto::store {

using Bytes = std::vector<std::byte>;

struct Event {
  std::string item;  // the item's id, not an index: it outlives a model
  std::int64_t at = 0;  // seconds since 1970
  std::uint32_t kind = 1;  // FeedbackKind
  float amount = 0;
  bool operator==(const Event&) const = default;
};

// Where a user stands. The generation changes when the user's state is replaced or forgotten: what was in memory before
// is then void. Both are 0 for a user that the store does not know.
struct UserHead {
  std::uint64_t generation = 0;
  std::uint64_t last = 0;  // number of the user's latest event; events count from 1
  bool operator==(const UserHead&) const = default;
};

struct Snapshot {
  std::uint64_t at = 0;  // the number of the latest event that the state has
  std::uint64_t model = 0;  // fingerprint of the model that the state belongs to
  Bytes state;  // as PersonalSession::export_state writes it; the store may compress it
};

struct StoredUser {
  UserHead head;
  std::optional<Snapshot> snapshot;  // absent where only events after `known` were asked for and suffice
  std::vector<Event> events;  // those after the snapshot, or after `known`; the last one has the number head.last
};

// A request's events of one user. All of them are stored, or none.
struct Append {
  std::string user;
  std::vector<Event> events;
  // Empty, or the request's Idempotency-Key. A key belongs to a user and is remembered for idempotency_days.
  std::string key;
  std::string content;  // what the key stands for (a hash): a key again with other content is a mistake
  std::string answer;  // remembered with the key
  std::int64_t now = 0;  // seconds since 1970
  // Empty, or for each event what the outbox keeps of it until other programs have it (JSON, owned by serve/).
  std::vector<std::string> outgoing = {};
};
inline constexpr int idempotency_days = 7;

struct Appended {
  enum class Kind {
    added,
    repeated,  // the key was seen with this content: nothing was added, `answer` is the first one's
    key_reused  // the key was seen with other content: nothing was added
  };
  Kind kind = Kind::added;
  UserHead head;  // after the events: the first of them has the number head.last - events.size() + 1
  std::string answer;
};

struct SnapshotWrite {
  std::string user;
  // The write does nothing if the user's generation is another one by now, if a later snapshot is stored, or if the
  // snapshot is ahead of the user's stored events.
  std::uint64_t generation = 0;
  Snapshot snapshot;
};

// A key for the HTTP API. The key itself is not stored.
struct ApiKey {
  std::string id;  // public, in logs
  std::string name;  // for people
  std::string scopes;  // "recommend,events,admin"
  std::array<std::byte, 32> hash{};  // SHA-256 of the key
  std::int64_t created = 0;
};

// A page's state, encrypted by the page with a key that the server never has.
struct SealedBackup {
  std::array<std::byte, 32> owner{};  // SHA-256 of the token that may replace or remove it
  Bytes bytes;
  std::int64_t stored = 0;
};

// Figures that servers add up: each writes rows of its own, and readers sum over servers.
struct FiguresRow {
  std::int64_t period = 0;  // start of the period, seconds since 1970
  std::string server;
  std::string version;  // the model's
  std::string values;  // JSON, owned by serve/
};

// An event that other programs are still to get.
struct OutboxEntry {
  std::uint64_t sequence = 0;
  std::string user;
  std::uint64_t generation = 0;  // the user's, when the event came: with the number it names the event for ever
  std::uint64_t number = 0;  // of the event
  std::string value;  // as Append::outgoing had it
};
inline constexpr std::uint64_t max_counted_outbox = 1'000'000;

struct StoreSize {
  std::uint64_t users = 0;
  std::uint64_t events = 0;  // not yet in a snapshot
  std::uint64_t bytes = 0;
  int schema = 0;  // version of the tables
};

// May be used from several threads at a time. Every function returns when what it wrote is on the disk, and fails with
// io, naming the store and its reason, or with malformed for a store that is damaged. After a failure nothing of the
// call is stored.
class Store {
 public:
  virtual ~Store() = default;

  // "the SQLite file /var/lib/sotto/sotto.db", without a password.
  [[nodiscard]] virtual std::string description() const = 0;
  // Whether other servers may write to it: a user in memory may then be behind the store.
  [[nodiscard]] virtual bool is_shared() const noexcept = 0;

  // Stores all requests in one transaction; several may be of one user, in their order. The result has one entry for
  // each. A request without events and without a key makes no user. Fails with invalid_argument for a user's id that is
  // empty or longer than 1,024 bytes, for an amount that is not finite, and for as many `outgoing` as are neither none
  // nor one for each event.
  [[nodiscard]] virtual Result<std::vector<Appended>> append(std::span<const Append> requests) = 0;
  // Reads a user. If `known` has the user's generation, only the events after known.last are read, or the snapshot and
  // the events after it where some of those are no more.
  [[nodiscard]] virtual Result<StoredUser> load(const std::string& user, UserHead known = {}) = 0;
  [[nodiscard]] virtual Result<UserHead> head(const std::string& user) = 0;
  // Removes the events that the snapshots have: what is stored of a past is the state alone.
  [[nodiscard]] virtual Status save_snapshots(std::span<const SnapshotWrite> snapshots) = 0;
  // How many users' snapshots belong to the model of this fingerprint. It looks at all of them.
  [[nodiscard]] virtual Result<std::uint64_t> users_of(std::uint64_t model) = 0;
  // Replaces a user's state, if the user still stands at `expected`; otherwise fails with mismatch. The snapshot's `at`
  // is ignored. Returns the new head, with a new generation.
  [[nodiscard]] virtual Result<UserHead> replace(const std::string& user, UserHead expected, const Snapshot& state) = 0;
  // Erases every trace of a user (docs/operations.md), and tells whether there was anything. SQLite overwrites what it
  // removes, and empties its log; while a backup is being written, the log is emptied at the backup's end. PostgreSQL
  // overwrites what it removed when it uses the space again. A user who comes again is a new one.
  // A restored older backup forgets the user again when it is opened: SQLite by the list FILE.forgotten beside the
  // file, PostgreSQL by the table sotto.forgotten, whose newer rows have to be put into the restored database first.
  [[nodiscard]] virtual Result<bool> forget(const std::string& user, std::int64_t now) = 0;

  // Fails with mismatch if there is a key of this id.
  [[nodiscard]] virtual Status add_key(const ApiKey& key) = 0;
  [[nodiscard]] virtual Result<bool> remove_key(const std::string& id) = 0;
  [[nodiscard]] virtual Result<std::vector<ApiKey>> keys() = 0;

  // A random value of this store's servers. The first caller's `proposal` is kept.
  [[nodiscard]] virtual Result<Bytes> secret(const std::string& name, std::span<const std::byte> proposal) = 0;

  // Putting and removing fail with mismatch if there is a backup of this id with another owner.
  [[nodiscard]] virtual Status put_sealed(const std::string& id, const SealedBackup& backup) = 0;
  [[nodiscard]] virtual Result<std::optional<SealedBackup>> sealed(const std::string& id) = 0;
  [[nodiscard]] virtual Result<bool> remove_sealed(const std::string& id, const std::array<std::byte, 32>& owner) = 0;

  // Replaces the rows of the same period, server and version.
  [[nodiscard]] virtual Status put_figures(std::span<const FiguresRow> rows) = 0;
  [[nodiscard]] virtual Result<std::vector<FiguresRow>> figures(std::int64_t since) = 0;

  // The outbox has its entries until they are removed one by one, so that a crash at any moment loses none. A user's
  // entries are in the order of their events, and forget() removes them. One server at a time sends: whether this one
  // may, for the next `seconds`.
  [[nodiscard]] virtual Result<bool> lead_outbox(const std::string& server, int seconds) = 0;
  // The first entries, at most `max`.
  [[nodiscard]] virtual Result<std::vector<OutboxEntry>> outbox(std::size_t max) = 0;
  [[nodiscard]] virtual Status remove_sent(std::span<const std::uint64_t> sequences) = 0;
  // Counts up to max_counted_outbox.
  [[nodiscard]] virtual Result<std::uint64_t> outbox_size() = 0;

  // Removes idempotency keys older than idempotency_days, figures and sealed backups older than these moments.
  [[nodiscard]] virtual Status clean(std::int64_t now, std::int64_t figures_before, std::int64_t sealed_before) = 0;
  [[nodiscard]] virtual Result<StoreSize> size() = 0;
  // Writes a whole copy while others read and write. Never replaces a file. Fails with unsupported on PostgreSQL, which
  // has pg_dump for it.
  [[nodiscard]] virtual Status backup(const std::filesystem::path& file) = 0;
  // Looks at every page, row and checksum. Returns what is wrong; empty where nothing is.
  [[nodiscard]] virtual Result<std::vector<std::string>> check() = 0;
};

// Opens the file, or makes it, and brings its tables to this version. Fails with io where another process has it, with
// unsupported_version where a later version of Sotto has written it, and with malformed where it is no such file; the
// file is then as it was. FILE.lock and FILE.forgotten lie beside it.
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& file);
// Opens a file that another process may be using, for a backup, for keys and for reading: it migrates nothing, and can
// neither forget nor clean. Fails as open_sqlite does.
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite_beside(const std::filesystem::path& file);

// Connects to a database ("postgresql://user@host/name") and brings its tables to this version; `connections` is how
// many queries run at a time. A lost connection is made again by the next call.
[[nodiscard]] Result<std::unique_ptr<Store>> open_postgres(const std::string& url, unsigned connections);

}  // namespace sotto::store
