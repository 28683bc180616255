// The store in a PostgreSQL database, for several servers at a time.
#pragma once

#include <sotto/store/internal/postgres_pool.hpp>
#include <sotto/store/store.hpp>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sotto::store {

class PostgresStore final : public Store {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Store>> open(const std::string& url, unsigned connections);

  [[nodiscard]] std::string description() const override { return pool_.name(); }
  [[nodiscard]] bool is_shared() const noexcept override { return true; }

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
  PostgresStore(const std::string& url, std::string name, unsigned connections)
      : pool_(url, std::move(name), connections) {}
  // Forgets the users of the table's rows that came after the latest one that this database applied.
  [[nodiscard]] Status apply_forgotten();

  PostgresPool pool_;
};

}  // namespace sotto::store
