// A terminal obeys nothing in what the program prints.
#include "workplace.hpp"

#include <regex>
#include <set>

using namespace sotto::test;

namespace {

// Controls other than line ends and tabs, DEL, the controls of U+0080 … U+009F and what turns the direction of writing.
bool has_what_terminals_obey(const std::string& text) {
  static const std::regex obeyed(
      "[\\x01-\\x08\\x0b-\\x1f\\x7f]|\\xc2[\\x80-\\x9f]|\\xd8\\x9c|\\xe2\\x80[\\x8e\\x8f\\xaa-\\xae]|\\xe2\\x81[\\xa6-"
      "\\xa9]");
  return text.find('\0') != std::string::npos || std::regex_search(text, obeyed);
}

struct Section {
  std::string subcommand;
  std::string text;
};

// The program's reference, by subcommands.
std::vector<Section> reference(const Workplace& place) {
  const std::string page = place.run({"help", "--markdown"}).out;
  const std::string heading = "\n## sotto ";
  std::vector<Section> sections;
  for (std::size_t at = page.find(heading); at != std::string::npos;) {
    const std::size_t begin = at + heading.size();
    const std::size_t line_end = page.find('\n', begin);
    at = page.find(heading, begin);
    sections.push_back({page.substr(begin, line_end - begin), page.substr(line_end, at - line_end)});
  }
  REQUIRE(sections.size() > 10);
  return sections;
}

// ESC, DEL, a control of two bytes and a turn of the direction: an id, and part of a file's name.
const std::string obeyed_id =
    "\x1b\x7f\xc2\x9b"
    "31m\xe2\x80\xae";

std::string log_of_obeyed_ids() {
  std::string log = "user_id,item_id,timestamp\n";
  for (int user = 0; user < 60; ++user) {
    for (int event = 0; event < 8; ++event) {
      log += "u" + std::to_string(user) + "," + obeyed_id + std::to_string((user + event) % 7) + "," +
             std::to_string(1000 + 8 * user + event) + "\n";
    }
  }
  return log;
}

}  // namespace

TEST_CASE("the JSON of every command has escapes for what a terminal would obey, and the same values", "[terminal]") {
  const Workplace place;
  const std::string log = obeyed_id + ".csv";
  const std::string model = obeyed_id + ".safetensors";
  const std::string base = "base" + obeyed_id + ".safetensors";
  const std::string float_model = obeyed_id + ".float.safetensors";
  const std::string items = obeyed_id + "items.csv";
  const std::string imported = "imported" + obeyed_id;
  write(place.path(log), log_of_obeyed_ids());
  write(place.path(items), "item_id,title\n" + obeyed_id + "new," + obeyed_id + "\n");
  const char* source = std::getenv("SOTTO_SOURCE_DIR");
  REQUIRE(source != nullptr);
  const std::string keras = std::string(source) + "/tests/convert/fixtures/tfjs/softmax";
  REQUIRE(place
              .run({"train", "--interactions", log, "--out", base, "--epochs", "1", "--split", "temporal",
                    "--no-final-training"})
              .code == 0);
  const std::vector<std::vector<std::string>> commands{
      {"check", "--interactions", log},
      {"train", "--interactions", log, "--out", model, "--epochs", "1"},
      {"inspect", model},
      {"quantize", "--model", float_model, "--interactions", log, "--out", model},
      {"extend", "--model", model, "--items", items, "--out", "extended" + model},
      {"evaluate", "--model", model, "--interactions", log},
      {"backtest", "--model", base, "--interactions", log},
      {"simulate", "--model", base, "--interactions", log, "--arms", "base"},
      {"recommend", "--model", model, "--events", obeyed_id + "1," + obeyed_id + "2"},
      {"recommend", "--model", model, "--interactions", log, "--user", "u1"},
      {"bench", "--model", model, "--tier", "reference", "--row", "event", "--seconds", "0.01"},
      {"import", keras, "--out", imported},
      {"export", imported, "--to", "safetensors-torch", "--out", "torch" + obeyed_id},
      {"privacy"},
  };
  std::set<std::string> tried;
  for (auto arguments : commands) {
    INFO(arguments.front());
    arguments.emplace_back("--json");
    const Finished finished = place.run(arguments);
    CAPTURE(finished.err);
    REQUIRE(finished.code == 0);
    CHECK_FALSE(has_what_terminals_obey(finished.out));
    CHECK_FALSE(has_what_terminals_obey(finished.err));
    const std::string values = parse(finished.out).dump();
    if (arguments.front() != "privacy")
      CHECK(values.find("\x7f\xc2\x9b"
                        "31m\xe2\x80\xae") != std::string::npos);
    tried.insert(arguments.front());
  }
  for (const Section& section : reference(place)) {
    INFO(section.subcommand << " prints JSON as well");
    if (section.text.find("\n- `--json`") != std::string::npos) CHECK(tried.contains(section.subcommand));
  }

  // Its result is JSON without an option. Ids of users have no controls there, those of items may.
  write(place.path("events.jsonl"), Json{{"user", "u"}, {"id", obeyed_id + "1"}, {"at", 1000}}.dump() + "\n");
  const Finished replayed = place.run({"stream", "--replay", "events.jsonl", "--model", model});
  CAPTURE(replayed.err);
  REQUIRE(replayed.code == 0);
  CHECK_FALSE(has_what_terminals_obey(replayed.out));
  CHECK(parse(replayed.out)["items"][0].get<std::string>().starts_with(obeyed_id));
}

TEST_CASE("no help has a control character", "[terminal]") {
  const Workplace place;
  std::vector<std::vector<std::string>> commands{{"--help"},
                                                 {"--version"},
                                                 {"help"},
                                                 {"help", "--markdown"},
                                                 {"help", "--man"},
                                                 {"completion", "bash"},
                                                 {"completion", "zsh"},
                                                 {"completion", "fish"}};
  for (const Section& section : reference(place)) {
    commands.push_back({section.subcommand, "--help"});
  }
  for (const auto& arguments : commands) {
    INFO(arguments.front() << " " << arguments.back());
    const Finished finished = place.run(arguments);
    CHECK(finished.code == 0);
    CHECK_FALSE(finished.out.empty());
    CHECK_FALSE(has_what_terminals_obey(finished.out));
    CHECK(finished.err.empty());
  }
}

TEST_CASE("ids with escape sequences reach the terminal as text", "[terminal]") {
  const Workplace place;
  std::string log = "user_id,item_id,timestamp\n";
  for (int user = 0; user < 40; ++user) {
    for (int event = 0; event < 6; ++event) {
      log += "u" + std::to_string(user) + ",\x1b]0;owned\x07\xe2\x80\xae" + std::to_string((user + event) % 7) + "," +
             std::to_string(1000 + event) + "\n";
    }
  }
  write(place.path("log.csv"), log);
  REQUIRE(place.train().code == 0);
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"inspect", "m.safetensors"},
                                                    {"check", "--interactions", "log.csv"},
                                                    {"check", "--interactions", "log.csv", "--item-column", "\x1b[31m"},
                                                    {"evaluate", "--model", "\x1b[31m"},
                                                    {"inspect", "\x1b[31m"}}) {
    const Finished finished = place.run(arguments);
    INFO(arguments.front());
    CHECK_FALSE(has_what_terminals_obey(finished.out));
    CHECK_FALSE(has_what_terminals_obey(finished.err));
  }
  CHECK(place.run({"inspect", "m.safetensors"}).out.find("\\x1b]0;owned\\x07\\u202e") != std::string::npos);
}
