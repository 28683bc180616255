#include "compressed_text.hpp"
#include "log_text.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace sotto;
using sotto::test::gzip;
using sotto::test::read_text;
using sotto::test::zstd;

namespace {

const std::string log_header = "user_id,item_id,timestamp\n";

// More than the readers' chunks, so that their edges are met.
std::string long_log() {
  std::string text = log_header;
  for (int i = 0; i < 20'000; ++i)
    text +=
        "user" + std::to_string(i % 97) + ",item" + std::to_string(i * 7919 % 1009) + "," + std::to_string(i) + "\n";
  return text;
}

}  // namespace

TEST_CASE("a log is the same plain, compressed and in several members or frames") {
  const std::string text = long_log();
  const auto plain = read_text(text);
  REQUIRE(plain.ok());
  CHECK(plain->events() == 20'000);
  const std::string members = gzip(text.substr(0, 100'001)) + gzip("") + gzip(text.substr(100'001));
  const std::string frames = zstd(text.substr(0, 100'001)) + zstd("") + zstd(text.substr(100'001));
  for (const std::string& compressed : {gzip(text), members, gzip(text) + std::string(512, '\0'), zstd(text), frames}) {
    const auto log = read_text(compressed);
    REQUIRE(log.ok());
    CHECK(data::identify(*log).fingerprint == data::identify(*plain).fingerprint);
  }
}

TEST_CASE("the fingerprint does not depend on line ends, other columns, the order of users or of their rows in time") {
  const auto a = read_text("user_id,item_id,timestamp\nu,x,1\nu,y,2\nv,x,5\n");
  const auto b = read_text("extra,timestamp,user_id,item_id\r\n9,2,u,y\r\n9,5,v,x\r\n9,1,u,x\r\n");
  const auto c = read_text("user_id,item_id,timestamp\nu,x,1\nu,y,2\nv,x,6\n");
  const auto d = read_text("user_id,item_id,timestamp\nu,x,1\nu,xy,2\nv,x,5\n");
  const auto e = read_text("user_id,item_id,timestamp\nv,x,5\nu,x,1\nu,y,2\n");
  const auto f = read_text("user_id,item_id,timestamp\nv,x,1\nv,y,2\nu,x,5\n");
  REQUIRE((a.ok() && b.ok() && c.ok() && d.ok() && e.ok() && f.ok()));
  CHECK(data::identify(*a).fingerprint == data::identify(*b).fingerprint);
  CHECK(data::identify(*a).fingerprint != data::identify(*c).fingerprint);
  CHECK(data::identify(*a).fingerprint != data::identify(*d).fingerprint);
  CHECK(data::identify(*a).fingerprint == data::identify(*e).fingerprint);
  CHECK(data::identify(*a).fingerprint != data::identify(*f).fingerprint);
  CHECK(data::ordered_fingerprint(*a) == data::ordered_fingerprint(*b));
  CHECK(data::ordered_fingerprint(*a) != data::ordered_fingerprint(*e));
  CHECK(data::identify(*a).first_timestamp == 1);
  CHECK(data::identify(*a).last_timestamp == 5);
}

TEST_CASE("damaged gzip is refused") {
  const std::string compressed = gzip(long_log());
  const auto cut = read_text(std::string_view(compressed).substr(0, compressed.size() / 2));
  REQUIRE_FALSE(cut.ok());
  CHECK(cut.error().code == ErrorCode::truncated);
  CHECK(cut.error().detail.find("the gzip data ends early, after") != std::string::npos);

  // The checksum at the end is missing.
  CHECK(read_text(std::string_view(compressed).substr(0, compressed.size() - 4)).error().code == ErrorCode::truncated);

  std::string changed = compressed;
  changed[changed.size() - 6] = static_cast<char>(changed[changed.size() - 6] ^ 1);
  const auto damaged = read_text(changed);
  REQUIRE_FALSE(damaged.ok());
  CHECK(damaged.error().detail.find("the gzip data is damaged near byte") != std::string::npos);
  CHECK(read_text(compressed + "trailing").error().code == ErrorCode::malformed);
  CHECK(read_text("\x1f\x8b").error().code == ErrorCode::truncated);
}

TEST_CASE("damaged zstd is refused") {
  const std::string compressed = zstd(long_log());
  const auto cut = read_text(std::string_view(compressed).substr(0, compressed.size() / 2));
  REQUIRE_FALSE(cut.ok());
  CHECK(cut.error().code == ErrorCode::truncated);
  CHECK(cut.error().detail.find("the zstd data ends early, after") != std::string::npos);

  std::string changed = compressed;
  for (std::size_t i = changed.size() / 2; i < changed.size() / 2 + 64; ++i) changed[i] = '\xAA';
  const auto damaged = read_text(changed);
  REQUIRE_FALSE(damaged.ok());
  CHECK(damaged.error().detail.find("the zstd data cannot be read near byte") != std::string::npos);
  CHECK(read_text(compressed + "trailing").error().code == ErrorCode::malformed);
  CHECK(read_text("\x28\xb5\x2f\xfd").error().code == ErrorCode::truncated);
}
