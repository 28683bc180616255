// The checksum by which leader and helper compare which reports are in a batch.
#pragma once

#include <sotto/sync/identifiers.hpp>

#include <cstddef>

namespace sotto::sync {

// The exclusive or of the SHA-256 of each report id. The order of reports does not matter, and adding one twice removes
// it. The room has no SHA-256, so the caller hashes the 16 bytes of the id.
class ReportIdChecksum {
 public:
  void add(const Sha256& hash_of_report_id) noexcept {
    for (std::size_t i = 0; i < value_.size(); ++i) value_[i] ^= hash_of_report_id[i];
  }
  [[nodiscard]] const Sha256& value() const noexcept { return value_; }

 private:
  Sha256 value_{};
};

}  // namespace sotto::sync
