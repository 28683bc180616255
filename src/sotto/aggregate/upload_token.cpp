#include <sotto/aggregate/upload_token.hpp>

#include <sotto/aggregate/sha256.hpp>
#include <sotto/base/base64url.hpp>
#include <sotto/base/internal/bytes.hpp>

#include <algorithm>
#include <string>

namespace sotto::aggregate {
namespace {

constexpr std::byte token_version{1};
constexpr std::size_t token_key_bytes = 32;
// Version, window, serial, code.
constexpr std::size_t window_place = 1;
constexpr std::size_t serial_place = window_place + sizeof(std::uint32_t);
constexpr std::size_t code_place = serial_place + 16;
constexpr std::size_t token_bytes = code_place + 32;

using TokenBytes = std::array<std::byte, token_bytes>;

// Over what the token says and the task that it is for. The label keeps the key's other uses apart.
sync::Sha256 token_code(const TokenBytes& token, const sync::TaskId& task, sync::ByteSpan key) {
  sync::Bytes message;
  for (const char letter : std::string_view("sotto upload token")) message.push_back(static_cast<std::byte>(letter));
  message.insert(message.end(), task.bytes.begin(), task.bytes.end());
  message.insert(message.end(), token.begin(), token.begin() + code_place);
  return hmac_sha256(key, message);
}

Status check_token_key(sync::ByteSpan key) {
  if (key.size() == token_key_bytes) return Ok{};
  return Error{ErrorCode::invalid_argument,
               "the key of upload tokens has " + std::to_string(key.size()) + " bytes, expected 32"};
}

}  // namespace

Result<std::string> make_upload_token(const sync::TaskId& task, std::uint64_t now, sync::ByteSpan key,
                                      privacy::Entropy& entropy) {
  if (Status checked = check_token_key(key); !checked) return std::move(checked).error();
  TokenBytes token{};
  token[0] = token_version;
  store_le(token.data() + window_place, static_cast<std::uint32_t>(upload_window(now)));
  if (Status filled = entropy.fill(std::span(token).subspan(serial_place, 16)); !filled) {
    return std::move(filled).error();
  }
  const sync::Sha256 code = token_code(token, task, key);
  std::copy(code.begin(), code.end(), token.begin() + code_place);
  return to_base64url(token);
}

Result<UploadToken> check_upload_token(std::string_view text, const sync::TaskId& task, std::uint64_t now,
                                       sync::ByteSpan key) {
  if (Status checked = check_token_key(key); !checked) return std::move(checked).error();
  TokenBytes token{};
  if (!from_base64url(text, token) || token[0] != token_version) {
    return Error{ErrorCode::malformed, "the text is no upload token"};
  }
  sync::Sha256 code{};
  std::copy(token.begin() + code_place, token.end(), code.begin());
  if (!are_equal_in_constant_time(code, token_code(token, task, key))) {
    return Error{ErrorCode::mismatch, "the upload token was not issued here for this task"};
  }
  UploadToken result;
  result.window = load_le<std::uint32_t>(token.data() + window_place);
  std::copy_n(token.begin() + serial_place, result.serial.size(), result.serial.begin());
  if (result.window != upload_window(now)) {
    return Error{ErrorCode::out_of_range, "the upload token is of window " + std::to_string(result.window) +
                                              ", now it is " + std::to_string(upload_window(now))};
  }
  return result;
}

}  // namespace sotto::aggregate
