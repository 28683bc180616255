// `sotto recommend` from the outside, and what the program says of a mistyped word.
#include "workplace.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <string>
#include <string_view>

using namespace sotto::test;

TEST_CASE("a list for given events and for a user of a log, with titles and reasons") {
  const Workplace place;
  std::string items = "item_id,title\n";
  for (int item = 0; item < 20; ++item)
    items += "item" + std::to_string(item) + ",Title " + std::to_string(item) + "\n";
  write(place.path("items.csv"), items);
  REQUIRE(place.train({"--items", "items.csv"}).code == 0);

  const Finished listed =
      place.run({"recommend", "--model", "m.safetensors", "--events", "item3,item4,item5", "--top", "3", "--json"});
  CAPTURE(listed.err);
  REQUIRE(listed.code == 0);
  const Json list = parse(listed.out);
  CHECK(list["events"] == Json{"item3", "item4", "item5"});
  REQUIRE(list["items"].size() == 3);
  // The log's users walk from one item to the next.
  CHECK(list["items"][0]["item"] == "item6");
  CHECK(list["items"][0]["title"] == "Title 6");
  CHECK(list["items"][0]["score"] > list["items"][1]["score"]);
  REQUIRE_FALSE(list["items"][0]["why"].empty());
  CHECK(list["items"][0]["why"][0]["item"] == "item5");
  CHECK(list["items"][0]["why"][0]["contribution"] > 0);

  const Finished text = place.run({"recommend", "--model", "m.safetensors", "--events", "item3,item4,item5"});
  CHECK(text.out.find("after 3 events:\n  1  Title 6 (item6)  score ") == 0);
  CHECK(place.run({"recommend", "--model", "m.safetensors", "--events", "item3"}).out.find("after 1 event:\n") == 0);
  CHECK(text.out.find("because of Title 5 (item5) (+") != std::string::npos);

  const Finished of_user =
      place.run({"recommend", "--model", "m.safetensors", "--user", "u7", "--interactions", "log.csv", "--json"});
  CAPTURE(of_user.err);
  REQUIRE(of_user.code == 0);
  CHECK(parse(of_user.out)["events"].size() == 12);
  const Json unseen = parse(place
                                .run({"recommend", "--model", "m.safetensors", "--events", "item6,item3,item4,item5",
                                      "--leave-out-seen", "--json"})
                                .out);
  for (const Json& item : unseen["items"]) CHECK(item["item"] != "item6");

  struct Row {
    std::vector<std::string> arguments;
    int code;
    std::string error;
  };
  for (const auto& [arguments, code, error] :
       {Row{{"--events", "itme3"}, 1, "sotto recommend: the model has no item 'itme3'; did you mean 'item3'?\n"},
        Row{{"--events", "Title 3"},
            1,
            "sotto recommend: the model has no item 'Title 3'; that is a title, the id is "
            "'item3'\n"},
        Row{{"--user", "nobody", "--interactions", "log.csv"},
            1,
            "sotto recommend: log.csv: no user 'nobody'; one of its 120 users is 'u0'\n"},
        Row{{"--user", "u7"}, 2, "sotto recommend: --user requires --interactions"},
        Row{{"--events", "item3", "--user", "u7"}, 2, "sotto recommend: --events and --user exclude each other"}}) {
    CAPTURE(arguments);
    std::vector<std::string> all = {"recommend", "--model", "m.safetensors"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const Finished refused = place.run(all);
    CHECK(refused.code == code);
    CHECK(refused.err.find(error) == 0);
  }
  const Finished some = place.run({"recommend", "--model", "m.safetensors", "--events", "novelty,item3"});
  CHECK(some.code == 0);
  CHECK(some.err ==
        "sotto recommend: the model does not have 1 of the 2 events' items, the first is 'novelty'; they "
        "are left out\n");
}

TEST_CASE("a mistyped word gets the one that was meant") {
  const Workplace place;
  struct Row {
    std::vector<std::string> arguments;
    std::string error;
  };
  for (const auto& [arguments, error] :
       {Row{{"trian", "--out", "m"}, "sotto: no subcommand 'trian'; did you mean 'train'?"},
        Row{{"evalaute"}, "sotto: no subcommand 'evalaute'; did you mean 'evaluate'?"},
        Row{{"frobnicate"}, "sotto: no subcommand 'frobnicate'; see 'sotto --help'"},
        Row{{"help", "trian"}, "sotto help: no subcommand 'trian'; did you mean 'train'? there are "},
        Row{{"train", "--interactions", "log.csv", "--out", "m", "--epoch", "3"},
            "sotto train: no option --epoch; did you mean '--epochs'?"},
        Row{{"train", "--epoch=3"}, "sotto train: no option --epoch; did you mean '--epochs'?"},
        Row{{"check", "log.csv", "--zzz"}, "sotto check: no option --zzz; see 'sotto check --help'"},
        Row{{"train", "log.csv", "--out", "m", "--seed", "-1"}, "sotto train: --seed: '-1' is negative"},
        Row{{"train", "log.csv", "--out", "m", "--loss", "hinge"},
            "sotto train: --loss: 'hinge' is none of cross-entropy|bpr-max"},
        Row{{"train", "log.csv", "--out", "m", "--learning-rate", "nan"}, "sotto train: --learning-rate: "},
        Row{{"train", "log.csv", "--out", "m", "--epochs", "99999999999"}, "sotto train: --epochs: "}}) {
    CAPTURE(arguments);
    const Finished finished = place.run(arguments);
    CAPTURE(finished.err);
    CHECK(finished.code == 2);
    CHECK(finished.err.find(error) == 0);
  }
}

TEST_CASE("the help, the manual page and the completions name every option and its values") {
  const Workplace place;
  const std::string help = place.run({"train", "--help"}).out;
  CHECK(help.find("--loss cross-entropy|bpr-max") != std::string::npos);
  CHECK(help.find("->") == std::string::npos);
  for (const char c : help) CHECK((static_cast<unsigned char>(c) >= 0x20 || c == '\n'));

  const std::string manual = place.run({"help", "--man"}).out;
  CHECK(manual.find(".TH SOTTO 1 ") == 0);
  CHECK(manual.find("\n.SH SOTTO RECOMMEND\n") != std::string::npos);
  CHECK(manual.find("\n.B \\-\\-leave\\-out\\-seen\n") != std::string::npos);
  for (const char* shell : {"bash", "zsh", "fish"}) {
    CAPTURE(shell);
    const Finished script = place.run({"completion", shell});
    CHECK(script.code == 0);
    for (const char* word : {"recommend", "leave-out-seen", "cross-entropy bpr-max"})
      CHECK(script.out.find(word) != std::string::npos);
  }
  CHECK(place.run({"completion", "tcsh"}).code == 2);

  // What bash completes with it.
  write(place.path("sotto.bash"), place.run({"completion", "bash"}).out);
  write(place.path("try.bash"),
        "source ./sotto.bash\n"
        "complete_words() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _sotto; echo \"${COMPREPLY[*]}\"; }\n"
        "complete_words sotto reco\ncomplete_words sotto train --los\ncomplete_words sotto train --loss b\n"
        "complete_words sotto completion z\ncomplete_words sotto help comp\n");
  const std::string run = "cd '" + place.path(".").string() + "' && bash try.bash > completed.txt";
  REQUIRE(std::system(run.c_str()) == 0);
  CHECK(contents(place.path("completed.txt")) == "recommend\n--loss\nbpr-max\nzsh\ncompletion\n");
  // As a file in zsh's fpath, the script also answers the first time.
  CHECK(place.run({"completion", "zsh"}).out.find("if [[ $funcstack[1] == _sotto ]]; then\n  _sotto \"$@\"\n") !=
        std::string::npos);
  CHECK(place.run({"completion", "fish"}).out.find("-n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'") !=
        std::string::npos);
}

TEST_CASE("training says which terms it could not fit") {
  const Workplace place;
  write(place.path("log.csv"), Workplace::log_text("u", 20, 12));
  const Finished few = place.train();
  CAPTURE(few.err);
  REQUIRE(few.code == 0);
  CHECK(few.out.find("the model gets no history term, no count expert, no memory term: they are fitted to validation "
                     "targets, and 20 are fewer than 50\n") != std::string::npos);
  const Json json = parse(place.train({"--force", "--json"}).out);
  CHECK(json["dropped_terms"] == Json{"history term", "count expert", "memory term"});
  const Finished unwanted =
      place.train({"--force", "--no-history-term", "--count-neighbours", "0", "--no-memory-term"});
  CHECK(unwanted.out.find("the model gets no") == std::string::npos);
}

TEST_CASE("the last line of a training is the figure of the model as it ships, beside the best baseline's") {
  const Workplace place;
  write(place.path("log.csv"), Workplace::log_text("u", 20, 12));
  const Json json = parse(place.train({"--json"}).out);
  const Json& validation = json["validation"];
  CHECK(validation["targets"] == 20);
  CHECK(validation["arm"] == "fixed");
  const std::string best = validation["best_baseline"];
  for (const auto& [name, figures] : validation["baselines"].items())
    CHECK(figures["ndcg@10"] <= validation["baselines"][best]["ndcg@10"]);
  const std::string text = place.train({"--force"}).out;
  CAPTURE(text);
  const std::string last = text.substr(text.rfind('\n', text.size() - 2) + 1);
  constexpr std::string_view begin = "validation NDCG@10 ";
  REQUIRE(last.starts_with(begin));
  CHECK(std::abs(std::stod(last.substr(begin.size())) - validation["ndcg@10"].get<double>()) < 1e-4);
  CHECK(last.find(" over 20 targets, of the fixed-point model with its terms before the final training; " + best +
                  ", the best baseline, has ") != std::string::npos);
}
