#include <sotto/base/hash.hpp>
#include <sotto/base/internal/bytes.hpp>
#include <sotto/runtime/internal/state_envelope.hpp>

#include <cstring>

namespace sotto {
namespace {

constexpr std::size_t version_at = 4;
constexpr std::size_t fingerprint_at = 8;

}  // namespace

Error state_error(ErrorCode code, const StateKind& kind, const std::string& what) {
  return Error{code, std::string(kind.name) + ' ' + what};
}

void seal_state(const StateKind& kind, std::uint32_t version, std::uint64_t fingerprint,
                std::span<std::byte> out) noexcept {
  std::memcpy(out.data(), kind.magic.data(), kind.magic.size());
  store_le(out.data() + version_at, version);
  store_le(out.data() + fingerprint_at, fingerprint);
  const auto sealed = out.first(out.size() - state_checksum_bytes);
  store_le(out.data() + sealed.size(), xxh64(sealed));
}

Result<StateBody> open_state(const StateKind& kind, std::span<const std::byte> bytes) {
  if (bytes.size() < state_envelope_bytes) {
    return state_error(
        ErrorCode::truncated, kind,
        "has at least " + std::to_string(state_envelope_bytes) + " bytes, here are " + std::to_string(bytes.size()));
  }
  if (std::memcmp(bytes.data(), kind.magic.data(), kind.magic.size()) != 0) {
    return state_error(ErrorCode::malformed, kind,
                       "begins with '" + std::string(kind.magic.data(), kind.magic.size()) + "', these bytes do not");
  }
  const auto version = load_le<std::uint32_t>(bytes.data() + version_at);
  if (version < kind.oldest_version || version > kind.version) {
    const std::string oldest =
        kind.oldest_version == kind.version ? std::string() : std::to_string(kind.oldest_version) + " to ";
    return state_error(ErrorCode::unsupported_version, kind,
                       "has version " + std::to_string(version) + ", this build reads version " + oldest +
                           std::to_string(kind.version));
  }
  const auto sealed = bytes.first(bytes.size() - state_checksum_bytes);
  if (load_le<std::uint64_t>(bytes.data() + sealed.size()) != xxh64(sealed)) {
    return state_error(ErrorCode::malformed, kind, "is damaged: its checksum does not fit its bytes");
  }
  return StateBody{version, load_le<std::uint64_t>(bytes.data() + fingerprint_at), sealed.subspan(state_header_bytes)};
}

}  // namespace sotto
