// A file of events becomes one line for each user, the same with any number of threads.
#include "stream_model.hpp"

#include "../data/temporary_folder.hpp"

#include <sotto/stream/replay.hpp>

#include <catch2/catch_test_macros.hpp>

#include <nlohmann/json.hpp>

#include <atomic>
#include <fstream>
#include <string>
#include <vector>

using namespace sotto;
using namespace sotto::stream;
using sotto::test::read;
using sotto::test::StreamModel;

namespace {

std::vector<std::string> lines_of(const StreamModel& model, const EventLog& log, unsigned threads = 1) {
  const auto replayed = replay(log, model.personal, model.model.info.catalogue, {.top = 5, .threads = threads});
  REQUIRE(replayed);
  return replayed->lines;
}

EventLogOptions into(std::vector<SetAside>& letters) {
  EventLogOptions options;
  options.set_aside = [&letters](SetAside letter) { letters.push_back(std::move(letter)); };
  return options;
}

}  // namespace

TEST_CASE("each user of a file gets a line, in the order of the ids' bytes") {
  const StreamModel model;
  const auto log = read(model, R"({"user":"b","id":"item-3","at":10}
{"user":"ä","id":"item-4","at":11.9}

{"user":"B","id":"item-5","at":12}
{"user":"b","id":"item-6","at":9,"kind":"purchase"}
)");
  REQUIRE(log);
  CHECK(log->users() == 3);
  CHECK(log->events() == 4);
  const auto lines = lines_of(model, *log);
  REQUIRE(lines.size() == 3);
  const auto line = nlohmann::json::parse(lines[1]);
  CHECK(line["user"] == "b");
  CHECK(line["events"] == 2);
  CHECK(line["at"] == 10);
  CHECK(line["model"] == "0000000000001234");
  CHECK(line["items"].size() == 5);
  CHECK(line["crc32c"].get<std::string>().size() == 8);
  CHECK(lines[0].starts_with(R"({"user":"B","events":1,"model":"0000000000001234","at":12,"items":["item-)"));
  CHECK(nlohmann::json::parse(lines[2])["user"] == "ä");
  CHECK(nlohmann::json::parse(lines[2])["at"] == 11);
}

TEST_CASE("the lines do not depend on the number of threads, nor on how users are mixed") {
  const StreamModel model;
  const std::string text = test::records(600, 17, 3);
  const auto mixed = read(model, text);
  REQUIRE(mixed);
  CHECK(mixed->events() == 600);
  const auto lines = lines_of(model, *mixed);
  CHECK(lines.size() == 17);
  CHECK(lines_of(model, *mixed, 4) == lines);

  // The same events, user after user.
  std::string apart;
  for (int user = 0; user < 17; ++user) {
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = text.find('\n', begin) + 1;
      const std::string line = text.substr(begin, end - begin);
      if (line.starts_with(R"({"user":"user )" + std::to_string(user) + "\"")) apart += line;
      begin = end;
    }
  }
  REQUIRE(apart.size() == text.size());
  const auto by_user = read(model, apart);
  REQUIRE(by_user);
  CHECK(lines_of(model, *by_user) == lines);

  // Once more at the end: users with at most 64 events drop all of theirs.
  const auto twice = read(model, text + text);
  REQUIRE(twice);
  const auto replayed = replay(*twice, model.personal, model.model.info.catalogue, {.top = 5});
  REQUIRE(replayed);
  CHECK(replayed->counts.folded == 600);
  CHECK(replayed->counts.repeated == 600);
  CHECK(replayed->lines == lines);
}

TEST_CASE("what cannot be folded is set aside with its line and reason, or is an error") {
  const StreamModel model;
  const std::string text =
      "{\"user\":\"u\",\"id\":\"item-1\",\"at\":1}\n"
      "{\"user\":\"u\",\"id\":\"nothing\",\"at\":2}\n"
      "\xff\xfe\n"
      "{\"user\":\"\",\"id\":\"item-1\",\"at\":3}\n"
      "{\"user\":\"u\",\"id\":\"item-1\",\"at\":4,\"kind\":\"rating\",\"amount\":7}\n"
      "{\"user\":\"u\",\"id\":\"item-2\",\"at\":5}";
  const auto strict = read(model, text);
  REQUIRE_FALSE(strict);
  CHECK(strict.error().code == ErrorCode::malformed);
  CHECK(strict.error().detail == "events.jsonl:2: unknown_item: The model has no item 'nothing'.");

  std::vector<SetAside> letters;
  const auto log = read(model, text, into(letters));
  REQUIRE(log);
  CHECK(log->events() == 2);
  REQUIRE(letters.size() == 4);
  std::vector<std::string> reasons;
  for (const SetAside& letter : letters) reasons.emplace_back(reason_name(letter.letter.reason));
  CHECK(reasons == std::vector<std::string>{"unknown_item", "bad_record", "bad_key", "bad_amount"});
  const auto first = nlohmann::json::parse(text_of(letters[0]));
  CHECK(first["line"] == 2);
  CHECK(first["record"] == R"({"user":"u","id":"nothing","at":2})");
  CHECK(nlohmann::json::parse(text_of(letters[1]))["record_hex"] == "fffe");

  // A user of whom nothing was folded has no line.
  const auto nobody = read(model, "", into(letters));
  REQUIRE(nobody);
  CHECK(lines_of(model, *nobody).empty());
}

TEST_CASE("a log with columns has clicks") {
  const StreamModel model;
  const test::TemporaryFolder folder;
  const auto file = [&](const std::string& name, const std::string& text) {
    const auto path = folder.path() / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  };
  const auto events = read(model, R"({"user":"u","id":"item-3","at":10}
{"user":"u","id":"item-4","at":-1}
{"user":"v","id":"item-4","at":12}
)");
  REQUIRE(events);
  const auto csv = read_event_log(
      file("log.csv", "user_id,item_id,timestamp\nu,item-3,10.9\nu,item-4,-0.5\nv,item-4,12\n"), model.vocabulary, {});
  REQUIRE(csv);
  CHECK(lines_of(model, *csv) == lines_of(model, *events));

  EventLogOptions options;
  options.columns = LogColumns{.user = "who", .item = "what", .timestamp = "when"};
  const auto jsonl = read_event_log(file("log.jsonl", R"({"who":"u","what":"item-3","when":10}
{"who":"u","what":"item-4","when":-0.5}
{"who":"v","what":"item-4","when":12}
)"),
                                    model.vocabulary, options);
  REQUIRE(jsonl);
  CHECK(lines_of(model, *jsonl) == lines_of(model, *events));

  std::vector<SetAside> letters;
  const auto mended = read_event_log(
      file("bad.tsv", "user_id\titem_id\ttimestamp\nu\titem-3\t10\n\titem-3\t10\nu\titem-99\t10\nu\titem-3\tnoon\n"),
      model.vocabulary, into(letters));
  REQUIRE(mended);
  CHECK(mended->events() == 1);
  REQUIRE(letters.size() == 3);
  CHECK(letters[0].letter.reason == DeadLetterReason::bad_key);
  CHECK(letters[1].letter.reason == DeadLetterReason::unknown_item);
  CHECK(letters[1].line == 3 + 1);
  CHECK(letters[2].letter.reason == DeadLetterReason::bad_record);

  const auto missing = read_event_log(folder.path() / "nothing.jsonl", model.vocabulary, {});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().detail.find("nothing.jsonl") != std::string::npos);
}

TEST_CASE("a replay stops when it is asked to") {
  const StreamModel model;
  const auto log = read(model, test::records(100, 3, 1));
  REQUIRE(log);
  std::atomic<bool> stop{false};
  std::uint64_t seen = 0;
  const auto replayed =
      replay(*log, model.personal, model.model.info.catalogue, {.stop = &stop, .on_progress = [&](std::uint64_t done) {
                                                                  seen = done;
                                                                  if (done == 40) stop = true;
                                                                }});
  REQUIRE_FALSE(replayed);
  CHECK(replayed.error().code == ErrorCode::interrupted);
  CHECK(seen == 40);
}
