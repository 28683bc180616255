#include "../support/hex.hpp"
#include "fixed_entropy.hpp"

#include <sotto/aggregate/system_entropy.hpp>
#include <sotto/aggregate/upload_token.hpp>

#include <catch2/catch_test_macros.hpp>

namespace sotto::aggregate {
namespace {

const sync::Bytes token_key(32, std::byte{0x17});
constexpr std::uint64_t token_time = 1'790'000'000;

sync::TaskId token_task(int value) {
  sync::TaskId task;
  task.bytes.fill(static_cast<std::byte>(value));
  return task;
}

std::string issue_token() {
  FixedEntropy entropy(sync::Bytes(16, std::byte{0xa5}));
  const auto token = make_upload_token(token_task(1), token_time, token_key, entropy);
  REQUIRE(token.ok());
  return *token;
}

TEST_CASE("an upload token has its pinned text and comes back") {
  const std::string text = issue_token();
  CHECK(text == "AeMCAAClpaWlpaWlpaWlpaWlpaWlcBBMZm3GQFPN6joq8kFb5AXOAZUCwPrlPA2PHwSv9iE");
  CHECK(text.size() == 71);
  const auto token = check_upload_token(text, token_task(1), token_time, token_key);
  REQUIRE(token.ok());
  CHECK(token->window == upload_window(token_time));
  CHECK(test::to_hex(token->serial) == "a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5");
}

TEST_CASE("a token is for one task, one window and one leader") {
  const std::string text = issue_token();
  CHECK(check_upload_token(text, token_task(2), token_time, token_key).error().code == ErrorCode::mismatch);
  CHECK(check_upload_token(text, token_task(1), token_time, sync::Bytes(32)).error().code == ErrorCode::mismatch);
  const std::uint64_t first = upload_window(token_time) * upload_window_seconds;
  CHECK(check_upload_token(text, token_task(1), first, token_key).ok());
  CHECK(check_upload_token(text, token_task(1), first + upload_window_seconds - 1, token_key).ok());
  CHECK(check_upload_token(text, token_task(1), first - 1, token_key).error().code == ErrorCode::out_of_range);
  CHECK(check_upload_token(text, token_task(1), first + upload_window_seconds, token_key).error().code ==
        ErrorCode::out_of_range);
}

TEST_CASE("any changed letter of a token is refused") {
  const std::string text = issue_token();
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    CHECK_FALSE(check_upload_token(changed, token_task(1), token_time, token_key).ok());
  }
  for (const std::string& other : {std::string(), text.substr(1), text + "A", std::string(71, '*')}) {
    CHECK(check_upload_token(other, token_task(1), token_time, token_key).error().code == ErrorCode::malformed);
  }
}

TEST_CASE("tokens have different serials, and need a key and entropy") {
  SystemEntropy entropy;
  const auto first = make_upload_token(token_task(1), token_time, token_key, entropy);
  const auto second = make_upload_token(token_task(1), token_time, token_key, entropy);
  REQUIRE(first.ok());
  REQUIRE(second.ok());
  CHECK_FALSE(*check_upload_token(*first, token_task(1), token_time, token_key) ==
              *check_upload_token(*second, token_task(1), token_time, token_key));
  CHECK(make_upload_token(token_task(1), token_time, sync::Bytes(31), entropy).error().code ==
        ErrorCode::invalid_argument);
  FixedEntropy none({});
  CHECK(make_upload_token(token_task(1), token_time, token_key, none).error().code == ErrorCode::io);
}

}  // namespace
}  // namespace sotto::aggregate
