// A store for tests of what reads sizes and figures: it keeps figures in memory and fails when it is told to.
#pragma once

#include <sotto/store/store.hpp>

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace sotto::test {

class ScriptedStore final : public store::Store {
 public:
  std::optional<Error> failure;  // of every call, while it is set
  store::StoreSize its_size{3, 5, 4096, 1};
  std::map<std::tuple<std::int64_t, std::string, std::string>, std::string> rows;
  int writes = 0;  // of figures

  [[nodiscard]] std::string description() const override { return "a store of a test"; }
  [[nodiscard]] bool is_shared() const noexcept override { return false; }
  [[nodiscard]] Result<store::UserHead> head(const std::string&) override { return or_failure(store::UserHead()); }
  [[nodiscard]] Result<store::StoreSize> size() override { return or_failure(its_size); }

  [[nodiscard]] Status put_figures(std::span<const store::FiguresRow> added) override {
    if (failure) return *failure;
    ++writes;
    for (const store::FiguresRow& row : added) rows[{row.period, row.server, row.version}] = row.values;
    return Ok{};
  }
  [[nodiscard]] Result<std::vector<store::FiguresRow>> figures(std::int64_t since) override {
    std::vector<store::FiguresRow> found;
    for (const auto& [key, values] : rows) {
      const auto& [period, server, version] = key;
      if (period >= since) found.push_back({period, server, version, values});
    }
    return or_failure(std::move(found));
  }

  // Not for these tests.
  [[nodiscard]] Result<std::vector<store::Appended>> append(std::span<const store::Append>) override {
    return unused();
  }
  [[nodiscard]] Result<store::StoredUser> load(const std::string&, store::UserHead) override { return unused(); }
  [[nodiscard]] Status save_snapshots(std::span<const store::SnapshotWrite>) override { return unused(); }
  [[nodiscard]] Result<std::uint64_t> users_of(std::uint64_t) override { return unused(); }
  [[nodiscard]] Result<store::UserHead> replace(const std::string&, store::UserHead, const store::Snapshot&) override {
    return unused();
  }
  [[nodiscard]] Result<bool> forget(const std::string&, std::int64_t) override { return unused(); }
  [[nodiscard]] Status add_key(const store::ApiKey&) override { return unused(); }
  [[nodiscard]] Result<bool> remove_key(const std::string&) override { return unused(); }
  [[nodiscard]] Result<std::vector<store::ApiKey>> keys() override { return unused(); }
  [[nodiscard]] Result<store::Bytes> secret(const std::string&, std::span<const std::byte>) override {
    return unused();
  }
  [[nodiscard]] Status put_sealed(const std::string&, const store::SealedBackup&) override { return unused(); }
  [[nodiscard]] Result<std::optional<store::SealedBackup>> sealed(const std::string&) override { return unused(); }
  [[nodiscard]] Result<bool> remove_sealed(const std::string&, const std::array<std::byte, 32>&) override {
    return unused();
  }
  [[nodiscard]] Result<bool> lead_outbox(const std::string&, int) override { return unused(); }
  [[nodiscard]] Result<std::vector<store::OutboxEntry>> outbox(std::size_t) override { return unused(); }
  [[nodiscard]] Status remove_sent(std::span<const std::uint64_t>) override { return unused(); }
  [[nodiscard]] Result<std::uint64_t> outbox_size() override { return unused(); }
  [[nodiscard]] Status clean(std::int64_t, std::int64_t, std::int64_t) override { return unused(); }
  [[nodiscard]] Status backup(const std::filesystem::path&) override { return unused(); }
  [[nodiscard]] Result<std::vector<std::string>> check() override { return unused(); }

 private:
  [[nodiscard]] static Error unused() { return {ErrorCode::unsupported, "a call that no test expects"}; }
  template <class T>
  [[nodiscard]] Result<T> or_failure(T value) const {
    if (failure) return *failure;
    return value;
  }
};

}  // namespace sotto::test
