#include <sotto/serve/deployment_record.hpp>

#include <catch2/catch_test_macros.hpp>

#include <limits>
#include <string>

using namespace sotto;
using namespace sotto::serve;

namespace {

const std::string a = "aaaaaaaaaaaaaaaa";
const std::string b = "bbbbbbbbbbbbbbbb";
const std::string c = "cccccccccccccccc";

DeploymentRecord record_of_two() {
  DeploymentRecord record;
  REQUIRE(record.set_current(a, 1));
  REQUIRE(record.set_current(b, 2));
  return record;
}

}  // namespace

TEST_CASE("names of models are names of folders, and nothing else") {
  for (const char* good : {"shop", "a", "A-1_b.c", "model.v2"}) CHECK(is_model_name(good));
  CHECK(is_model_name(std::string(64, 'a')));
  for (const char* bad : {"", ".", "..", ".lock", "a/b", "a\\b", "a b", "ü", "a\n", "a%2f", "~", "a:b"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_model_name(bad));
  }
  CHECK_FALSE(is_model_name(std::string(65, 'a')));
  CHECK_FALSE(is_model_name(std::string_view("a\0b", 3)));
  CHECK(is_version("0123456789abcdef"));
  for (const char* bad : {"", "0123456789abcde", "0123456789ABCDEF", "0123456789abcdefg", "../../../../../.."}) {
    CAPTURE(bad);
    CHECK_FALSE(is_version(bad));
  }
}

TEST_CASE("a rollback goes back, and a second one undoes it") {
  DeploymentRecord record;
  CHECK_FALSE(record.rollback(0));
  record = record_of_two();
  REQUIRE(record.rollback(3));
  CHECK(record.current == a);
  CHECK(record.previous == b);
  CHECK(record.history.back() == DeploymentChange{3, "rollback", a, 0});
  REQUIRE(record.rollback(4));
  CHECK(record.current == b);
  CHECK(record.was_current(a));
  CHECK_FALSE(record.was_current(c));
}

TEST_CASE("a candidate that becomes current is no candidate any more") {
  DeploymentRecord record = record_of_two();
  REQUIRE(record.set_candidate(c, 0.25, 3));
  REQUIRE(record.set_shadow(c, 1, 3));
  REQUIRE(record.set_current(c, 4));
  CHECK_FALSE(record.candidate);
  CHECK_FALSE(record.shadow);
  REQUIRE(record.set_candidate(a, 0.5, 5));
  REQUIRE(record.end_candidate(6));
  CHECK_FALSE(record.end_candidate(7));
  CHECK_FALSE(record.end_shadow(7));
}

TEST_CASE("changes that make no sense change nothing") {
  DeploymentRecord record = record_of_two();
  const DeploymentRecord before = record;
  for (const double share : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    CHECK_FALSE(record.set_candidate(a, share, 3));
    CHECK_FALSE(record.set_shadow(a, share, 3));
  }
  CHECK_FALSE(record.set_candidate(b, 0.5, 3));
  CHECK_FALSE(record.set_shadow(b, 0.5, 3));
  CHECK(record.set_current(b, 3));
  CHECK(record == before);
}

TEST_CASE("a record survives its file, and its history is bounded") {
  DeploymentRecord record = record_of_two();
  REQUIRE(record.set_candidate(c, 0.1, 3));
  REQUIRE(record.set_shadow(a, 0.75, 4));
  auto read = record_from_text(to_text(record));
  INFO((read ? "" : read.error().detail));
  REQUIRE(read);
  CHECK(*read == record);

  for (int change = 0; change < 300; ++change) REQUIRE(record.rollback(change));
  CHECK(record.history.size() == DeploymentRecord::max_history);
  CHECK(record.history.back().at == 299);
}

TEST_CASE("a record that is damaged is refused, with the member's name") {
  const std::string good = to_text(record_of_two());
  const auto refused = [](const std::string& text) {
    const auto read = record_from_text(text);
    return read ? std::string("accepted") : read.error().detail;
  };
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
  };
  CHECK(refused("") == "it is not a JSON object");
  CHECK(refused(good.substr(0, good.size() / 2)) == "it is not a JSON object");
  CHECK(refused("[]") == "it is not a JSON object");
  CHECK(refused(with("\"format\": 1", "\"format\": 2")).find("format is 2") != std::string::npos);
  CHECK(refused(with("\"current\": \"" + b, "\"current\": \"../" + b)).find("'current'") != std::string::npos);
  CHECK(refused(with("\"previous\": \"", "\"previous\": 5, \"x\": \"")).find("'previous'") != std::string::npos);
  CHECK(refused(with("\"action\": \"current\"", "\"action\": 7")).find("'history'") != std::string::npos);
  CHECK(record_from_text(with("\"format\": 1", "\"format\": 2")).error().code == ErrorCode::unsupported_version);
}
