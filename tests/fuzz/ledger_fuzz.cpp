// The device's ledger: no bytes may break its reader, and what it accepts has one form and keeps to the limit.
#include <sotto/base/hash.hpp>
#include <sotto/privacy/ledger.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <vector>

namespace {

void try_bytes(std::span<const std::byte> bytes, std::int64_t now, std::uint32_t limit) {
  using sotto::privacy::Ledger;
  auto ledger = Ledger::read(bytes);
  if (!ledger) return;
  const std::vector<std::byte> again = ledger->bytes();
  if (again.size() != bytes.size() || std::memcmp(again.data(), bytes.data(), bytes.size()) != 0) std::abort();
  // No NaN either.
  if (!(ledger->epsilon_in_window(now, 1e-6) >= 0) || !(ledger->epsilon_in_all(1e-6) >= 0)) std::abort();
  const bool granted = ledger->may_report(now, limit).granted();
  if (granted != ledger->record(now, limit, {8, 1}).ok()) std::abort();
  if (granted && ledger->reports_in_window(now) > limit) std::abort();
  const auto stored = Ledger::read(ledger->bytes());
  if (!stored || !(*stored == *ledger)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::int64_t now = 0;
  std::uint8_t limit = 0;
  if (size < sizeof now + sizeof limit) return 0;
  std::memcpy(&now, data, sizeof now);
  limit = data[sizeof now];
  const std::span<const std::byte> all = std::as_bytes(std::span(data, size));
  std::vector<std::byte> bytes(all.begin() + sizeof now + sizeof limit, all.end());
  try_bytes(bytes, now, limit);
  // Nearly no input gets behind the hash: try it with the right one, too.
  if (bytes.size() < sizeof(std::uint64_t)) return 0;
  const std::size_t hashed = bytes.size() - sizeof(std::uint64_t);
  const std::uint64_t hash = sotto::xxh64(std::span(bytes).first(hashed));
  std::memcpy(&bytes[hashed], &hash, sizeof hash);
  try_bytes(bytes, now, limit);
  return 0;
}
