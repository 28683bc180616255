// The manifest's JSON body, and its verification (docs/sync_protocol.md).
#pragma once

#include <sotto/aggregate/ed25519.hpp>
#include <sotto/base/result.hpp>
#include <sotto/sync/manifest.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace sotto::aggregate {

// The task_info of the manifest's task: the SHA-256 of sync::task_parameters.
[[nodiscard]] sync::Sha256 task_info(const sync::Manifest& manifest);

// Whether the manifest agrees with itself: legal values, and a task configuration with its task_info, endpoints, slots
// and min_batch, in leader-selected mode with Prio3Histogram. Fails with malformed, out_of_range, mismatch or
// unsupported.
[[nodiscard]] Status check_manifest(const sync::Manifest& manifest);

// Fails where check_manifest does.
[[nodiscard]] Result<std::string> manifest_json(const sync::Manifest& manifest);
// Reads and checks a body. Fails with unsupported_version for another format, with missing, wrong_type or malformed for
// another form, and where check_manifest does.
[[nodiscard]] Result<sync::Manifest> parse_manifest(std::string_view body);

// Signs a manifest: the text that a server hands out. Fails where check_manifest does.
[[nodiscard]] Result<std::string> sign_manifest(const sync::Manifest& manifest, const SigningKeyPair& keys);

struct ManifestExpectations {
  Ed25519PublicKey key{};  // pinned by the page
  std::uint64_t min_version = 0;  // the largest version seen so far
  std::uint64_t now = 0;  // seconds since 1970
};
// Fails as verify_document and parse_manifest do, and with out_of_range for an expired manifest or a version below the
// one seen before.
[[nodiscard]] Result<sync::Manifest> verify_manifest(std::string_view envelope,
                                                     const ManifestExpectations& expectations);

}  // namespace sotto::aggregate
