// The secrets of one aggregator, in one file that only its operator can read. They are not in the store: who has a copy
// of the database cannot open the reports in it.
#pragma once

#include <sotto/aggregate/ed25519.hpp>
#include <sotto/aggregate/hpke.hpp>
#include <sotto/base/result.hpp>
#include <sotto/privacy/entropy.hpp>
#include <sotto/sync/identifiers.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace sotto::aggregate {

struct Keyring {
  HpkeKeyPair shares;  // clients seal their shares for it
  HpkeKeyPair collector;  // leader: aggregate shares are sealed for it
  SigningKeyPair signing;  // signs the manifest, or the helper's list of tasks
  privacy::SecretBytes root;  // 32 bytes, of which other secrets are derived

  // A secret for one purpose and one task. Different purposes and tasks have independent ones.
  [[nodiscard]] sync::Sha256 derived(std::string_view purpose, const sync::TaskId& task) const;
};

// The ids under which the public keys are published.
inline constexpr std::uint8_t shares_config_id = 1;
inline constexpr std::uint8_t collector_config_id = 2;

// Reads the file, or makes one with fresh keys where there is none. Fails with io, naming the file, with malformed for
// a file that is none, and with io where the entropy fails.
[[nodiscard]] Result<Keyring> open_keyring(const std::filesystem::path& file, privacy::Entropy& entropy);

}  // namespace sotto::aggregate
