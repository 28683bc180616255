// Upload tokens: each admits one report to one task in one window of 28 days. They make invented devices dear, because
// a token comes from the site, for a visitor that it knows, or from the leader at a limited rate
// (docs/sync_protocol.md).
//
// They are not blind. The leader can tell for whom it issued the token of an upload, so it learns who sent a report. It
// does not learn what is in it.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/privacy/entropy.hpp>
#include <sotto/sync/bytes.hpp>
#include <sotto/sync/identifiers.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace sotto::aggregate {

inline constexpr std::uint64_t upload_window_seconds = 28ULL * 24 * 3600;
// Windows are counted from 1970. They are the same for all devices.
[[nodiscard]] constexpr std::uint64_t upload_window(std::uint64_t now) noexcept { return now / upload_window_seconds; }

struct UploadToken {
  std::uint64_t window = 0;
  // What the leader remembers of a spent token, with the id of the report: the same report may come again, another one
  // may not. It can forget the serials of past windows.
  std::array<std::byte, 16> serial{};

  friend bool operator==(const UploadToken&, const UploadToken&) = default;
};

// Issues a token for the window of `now`. The text has 71 characters that may stand in an HTTP field. `key` is the
// leader's, 32 bytes. Fails with invalid_argument for another key, with io where the entropy does.
[[nodiscard]] Result<std::string> make_upload_token(const sync::TaskId& task, std::uint64_t now, sync::ByteSpan key,
                                                    privacy::Entropy& entropy);
// Checks a token against the task it is used for. Fails with malformed for a text that is none, with mismatch for one
// that this key did not make for this task, with out_of_range for one of another window.
[[nodiscard]] Result<UploadToken> check_upload_token(std::string_view text, const sync::TaskId& task, std::uint64_t now,
                                                     sync::ByteSpan key);

}  // namespace sotto::aggregate
