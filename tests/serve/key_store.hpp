// A store in memory for API keys and sealed backups. It knows no users.
#pragma once

#include <sotto/privacy/entropy.hpp>
#include <sotto/store/store.hpp>

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace sotto::test {

class KeyStore final : public store::Store {
 public:
  bool fails = false;  // every call, as on a full disk

  std::string description() const override { return "a store in memory"; }
  bool is_shared() const noexcept override { return false; }

  Status add_key(const store::ApiKey& key) override {
    const std::lock_guard lock(mutex_);
    if (fails) return failure();
    keys_[key.id] = key;
    return Ok{};
  }
  Result<bool> remove_key(const std::string& id) override {
    const std::lock_guard lock(mutex_);
    if (fails) return failure();
    return keys_.erase(id) > 0;
  }
  Result<std::vector<store::ApiKey>> keys() override {
    const std::lock_guard lock(mutex_);
    if (fails) return failure();
    std::vector<store::ApiKey> all;
    for (const auto& [id, key] : keys_) all.push_back(key);
    return all;
  }

  Status put_sealed(const std::string& id, const store::SealedBackup& backup) override {
    const std::lock_guard lock(mutex_);
    if (fails) return failure();
    const auto found = sealed_.find(id);
    if (found != sealed_.end() && found->second.owner != backup.owner) return Error{ErrorCode::mismatch, "owner"};
    sealed_[id] = backup;
    return Ok{};
  }
  Result<std::optional<store::SealedBackup>> sealed(const std::string& id) override {
    const std::lock_guard lock(mutex_);
    if (fails) return failure();
    const auto found = sealed_.find(id);
    return found == sealed_.end() ? std::nullopt : std::optional(found->second);
  }
  Result<bool> remove_sealed(const std::string& id, const std::array<std::byte, 32>& owner) override {
    const std::lock_guard lock(mutex_);
    if (fails) return failure();
    const auto found = sealed_.find(id);
    if (found == sealed_.end() || found->second.owner != owner) return false;
    sealed_.erase(found);
    return true;
  }

  Result<std::vector<store::Appended>> append(std::span<const store::Append>) override { return failure(); }
  Result<store::StoredUser> load(const std::string&, store::UserHead) override { return failure(); }
  Result<store::UserHead> head(const std::string&) override { return failure(); }
  Status save_snapshots(std::span<const store::SnapshotWrite>) override { return failure(); }
  Result<std::uint64_t> users_of(std::uint64_t) override { return failure(); }
  Result<store::UserHead> replace(const std::string&, store::UserHead, const store::Snapshot&) override {
    return failure();
  }
  Result<bool> forget(const std::string&, std::int64_t) override { return failure(); }
  Result<store::Bytes> secret(const std::string&, std::span<const std::byte>) override { return failure(); }
  Status put_figures(std::span<const store::FiguresRow>) override { return failure(); }
  Result<std::vector<store::FiguresRow>> figures(std::int64_t) override { return failure(); }
  Result<bool> lead_outbox(const std::string&, int) override { return failure(); }
  Result<std::vector<store::OutboxEntry>> outbox(std::size_t) override { return failure(); }
  Status remove_sent(std::span<const std::uint64_t>) override { return failure(); }
  Result<std::uint64_t> outbox_size() override { return failure(); }
  Status clean(std::int64_t, std::int64_t, std::int64_t) override { return failure(); }
  Result<store::StoreSize> size() override { return failure(); }
  Status backup(const std::filesystem::path&) override { return failure(); }
  Result<std::vector<std::string>> check() override { return failure(); }

 private:
  static Error failure() { return {ErrorCode::io, "/secret/path/sotto.db: no space left on device"}; }

  std::mutex mutex_;
  std::map<std::string, store::ApiKey> keys_;
  std::map<std::string, store::SealedBackup> sealed_;
};

// The bytes 1, 2, 3, … without an end.
class CountingEntropy final : public privacy::Entropy {
 public:
  Status fill(std::span<std::byte> bytes) override {
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(++next_);
    return Ok{};
  }

 private:
  int next_ = 0;
};

class NoEntropy final : public privacy::Entropy {
 public:
  Status fill(std::span<std::byte>) override { return Error{ErrorCode::io, "there are no random bytes"}; }
};

}  // namespace sotto::test
