#include <sotto/app/logger.hpp>

#include <nlohmann/json.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

using sotto::app::LogFormat;
using sotto::app::Logger;

TEST_CASE("lines for people have the logger's name and the message") {
  std::ostringstream stream;
  Logger log = Logger::to_stream("sotto train", LogFormat::text, stream);
  log.info("3 of 4 rows", {{"file", "log.csv"}});
  log.error("a message with {} and %v");
  CHECK(stream.str() == "sotto train: 3 of 4 rows\nsotto train: a message with {} and %v\n");
}

TEST_CASE("lines for programs are JSON objects with time, level, logger, message and fields") {
  std::ostringstream stream;
  Logger log = Logger::to_stream("sotto serve", LogFormat::json, stream);
  log.info("ready", {{"port", "8080"}});
  log.warning("slow");
  log.error("a \"quoted\"\nmessage with a byte \xff", {{"code", "io"}, {"file", "m.safetensors"}});

  std::istringstream lines(stream.str());
  std::vector<nlohmann::json> objects;
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    objects.push_back(nlohmann::json::parse(line, nullptr, false));
    REQUIRE(objects.back().is_object());
    const std::string time = objects.back()["time"];
    CHECK(time.size() == std::string("2026-01-31T12:00:00.000Z").size());
    CHECK(time.back() == 'Z');
    CHECK(objects.back()["logger"] == "sotto serve");
  }
  REQUIRE(objects.size() == 3);
  CHECK(objects[0]["level"] == "info");
  CHECK(objects[0]["message"] == "ready");
  CHECK(objects[0]["port"] == "8080");
  CHECK(objects[1]["level"] == "warning");
  CHECK(objects[2]["level"] == "error");
  CHECK(objects[2]["message"] == "a \"quoted\"\nmessage with a byte \xef\xbf\xbd");
  CHECK(objects[2]["code"] == "io");
  CHECK(objects[2]["file"] == "m.safetensors");
}

TEST_CASE("a terminal obeys nothing in a line for programs") {
  std::ostringstream stream;
  Logger log = Logger::to_stream("sotto serve", LogFormat::json, stream);
  log.info("\x1b[31m\xc2\x9b\x7f", {{"user", "\xe2\x80\xae"}});
  CHECK(stream.str().find(R"("message":"\u001b[31m\u009b\u007f","user":"\u202e"})") != std::string::npos);
}

TEST_CASE("fields that are numbers and truth values stay what they are") {
  std::ostringstream stream;
  Logger log = Logger::to_stream("sotto serve", LogFormat::json, stream);
  const std::string method = "POST";
  log.info("answered", {{"method", method},
                        {"status", 200U},
                        {"took_ms", 1.5},
                        {"change", -3},
                        {"bytes", std::uint64_t{1} << 63},
                        {"ratio", 0.5F},
                        {"replayed", true}});
  const auto object = nlohmann::json::parse(stream.str(), nullptr, false);
  REQUIRE(object.is_object());
  CHECK(object["method"] == "POST");
  CHECK(object["status"].is_number_integer());
  CHECK(object["status"] == 200);
  CHECK(object["took_ms"] == 1.5);
  CHECK(object["change"] == -3);
  CHECK(object["bytes"] == std::uint64_t{1} << 63);
  CHECK(object["ratio"] == 0.5);
  CHECK(object["replayed"] == true);
}
