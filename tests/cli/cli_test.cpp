// The built program from the outside: output, exit codes, files. $SOTTO_CLI names it.
#include "workplace.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <cmath>
#include <csignal>
#include <thread>

using namespace sotto::test;

TEST_CASE("from a log to a model and its evaluation") {
  const Workplace place;
  const Finished trained =
      place.train({"--json", "--licence", "CC-BY-4.0", "--attribution", "The shop", "--lineage", "shop"});
  CAPTURE(trained.err);
  REQUIRE(trained.code == 0);
  const Json training = parse(trained.out);
  CHECK(training["model"] == "m.safetensors");
  CHECK(training["float_model"] == "m.float.safetensors");
  CHECK(training["interrupted"] == false);
  CHECK(training["rows"]["read"] == 1440);
  CHECK(training["rows"]["refused"] == 0);
  CHECK(training["peak_memory_bytes"] > 1'000'000);
  CHECK(training["peak_memory_bytes"] < 8'000'000'000);
  CHECK(training["model_bytes"] == fs::file_size(place.path("m.safetensors")));
  CHECK(training["training"]["validation_ndcg@10"] > 0.3);
  CHECK(trained.err.find("sotto train: 1440 events of 120 users on 20 items, 1970-01-01 to 1970-01-01; 0 of 1440 rows "
                         "refused\n") == 0);
  CHECK(trained.err.find("\nepoch 1/3: loss ") != std::string::npos);
  CHECK(place.files() == 3);

  const Finished evaluated = place.run({"evaluate", "--model", "m.safetensors", "--interactions", "log.csv", "--json"});
  CAPTURE(evaluated.err);
  REQUIRE(evaluated.code == 0);
  CHECK(evaluated.err.empty());
  const Json evaluation = parse(evaluated.out);
  CHECK(evaluation["users"] == 120);
  CHECK(evaluation["items"] == 20);
  CHECK(evaluation["seconds"] >= 0);
  CHECK(evaluation["log_matches_training"] == true);
  CHECK(evaluation["trained_on_targets"] == 0);
  CHECK(evaluation["history"] == "ranked");
  for (const char* arm : {"float", "fixed", "popularity", "markov", "sequential_knn"}) {
    CAPTURE(arm);
    REQUIRE(evaluation["arms"].contains(arm));
    const Json& values = evaluation["arms"][arm];
    for (const char* metric : {"hr@1", "ndcg@5", "mrr@20", "hr@10", "ndcg@10", "mrr@10"}) {
      REQUIRE(values.contains(metric));
      CHECK((values[metric] >= 0 && values[metric] <= 1));
    }
    CHECK(values["hr@20"] == 1);
  }
  CHECK(evaluation["arms"]["fixed"]["ndcg@10"] > evaluation["arms"]["popularity"]["ndcg@10"]);

  const Finished table = place.run({"evaluate", "--model", "m.safetensors", "--interactions", "log.csv", "--at", "10"});
  CHECK(table.code == 0);
  CHECK(table.out.find("HR@10") != std::string::npos);
  CHECK(table.out.find("sequential_knn") != std::string::npos);
  CHECK(table.out.find('*') != std::string::npos);

  const Finished inspected = place.run({"inspect", "m.safetensors", "--json", "--items", "2"});
  REQUIRE(inspected.code == 0);
  const Json inspection = parse(inspected.out);
  CHECK(inspection["kind"] == "fixed");
  CHECK(inspection["licence"] == "CC-BY-4.0");
  CHECK(inspection["attribution"] == "The shop");
  CHECK(inspection["lineage"] == "shop");
  CHECK(inspection["catalogue"]["items"].size() == 2);
  CHECK(inspection["training"]["log"]["name"] == "log.csv");
  CHECK(inspection["training"]["split"]["test_targets"] == 120);
  CHECK(place.run({"inspect", "m.float.safetensors"}).code == 0);

  const Finished quantized = place.run(
      {"quantize", "--model", "m.float.safetensors", "--interactions", "log.csv", "--out", "again.safetensors"});
  CHECK(quantized.code == 0);
  CHECK(contents(place.path("again.safetensors")) == contents(place.path("m.safetensors")));
}

TEST_CASE("a head of 4 bits, from the training or from the float model") {
  const Workplace place;
  REQUIRE(place.train({"--head-bits", "4"}).code == 0);
  const Finished quantized = place.run({"quantize", "--model", "m.float.safetensors", "--interactions", "log.csv",
                                        "--out", "again.safetensors", "--head-bits", "4", "--json"});
  CAPTURE(quantized.err);
  REQUIRE(quantized.code == 0);
  CHECK(parse(quantized.out)["head_bits"] == 4);
  CHECK(contents(place.path("again.safetensors")) == contents(place.path("m.safetensors")));
  const Finished evaluated = place.run({"evaluate", "--model", "m.safetensors", "--interactions", "log.csv", "--json"});
  REQUIRE(evaluated.code == 0);
  const Json arms = parse(evaluated.out)["arms"];
  CHECK(arms["fixed"]["ndcg@10"] > arms["popularity"]["ndcg@10"]);
  CHECK(place.run({"inspect", "m.safetensors"}).out.find("4 bit, -8 … 7") != std::string::npos);

  const Finished binary = place.train({"--head", "binary", "--head-bits", "4"});
  CHECK(binary.code == 1);
  CHECK(binary.err.find("sotto train: a binary head has one row of weights") == 0);
  CHECK(place.train({"--head-bits", "6"}).code == 2);
}

TEST_CASE("the arm 'float' is there only with its model, and a note says so") {
  const Workplace place;
  REQUIRE(place.train().code == 0);
  fs::rename(place.path("m.float.safetensors"), place.path("elsewhere.safetensors"));
  const std::vector<std::string> evaluate = {"evaluate",       "--model", "m.safetensors",
                                             "--interactions", "log.csv", "--json"};
  const Json without = parse(place.run(evaluate).out);
  CHECK_FALSE(without["arms"].contains("float"));
  CHECK(without["notes"].dump().find("no arm 'float'") != std::string::npos);

  std::vector<std::string> named = evaluate;
  named.insert(named.end(), {"--float-model", "elsewhere.safetensors"});
  CHECK(parse(place.run(named).out)["arms"].contains("float"));

  named.back() = "m.safetensors";
  const Finished wrong = place.run(named);
  CHECK(wrong.code == 1);
  CHECK(wrong.out.empty());
  CHECK(wrong.err.find("sotto evaluate: m.safetensors: this is a fixed-point model; ") == 0);
}

TEST_CASE("an evaluation on trained events is refused, or scored with a warning") {
  const Workplace place;
  REQUIRE(place.train({"--split", "none"}).code == 0);
  const Finished refused = place.run({"evaluate", "--model", "m.safetensors", "--interactions", "log.csv", "--json"});
  CHECK(refused.code == 3);
  CHECK(refused.out.empty());
  CHECK(refused.err.find("sotto evaluate: refused: the model was trained on this very log with split 'none'") == 0);

  const Finished allowed = place.run(
      {"evaluate", "--model", "m.safetensors", "--interactions", "log.csv", "--json", "--allow-trained-events"});
  REQUIRE(allowed.code == 0);
  const Json evaluation = parse(allowed.out);
  CHECK(evaluation["trained_on_targets"] == 120);
  CHECK(evaluation["notes"].dump().find("these figures mean little") != std::string::npos);

  // The log under another guise: the events of 60 of its users.
  write(place.path("half.csv"), Workplace::log_text("u", 60, 12));
  const Finished half = place.run({"evaluate", "--model", "m.safetensors", "--interactions", "half.csv"});
  CHECK(half.code == 3);
  CHECK(half.err.find("trained on about 60 of this log's 60 targets") != std::string::npos);

  write(place.path("strangers.csv"), Workplace::log_text("v", 60, 12));
  const Finished strangers =
      place.run({"evaluate", "--model", "m.safetensors", "--interactions", "strangers.csv", "--json"});
  REQUIRE(strangers.code == 0);
  const Json other = parse(strangers.out);
  CHECK(other["log_matches_training"] == false);
  CHECK(other["trained_on_targets"] == 0);
  CHECK(other["notes"].dump().find("not the log that the model was trained on") != std::string::npos);
}

TEST_CASE("an evaluation has intervals, slices and a report to read, and takes the model's own split") {
  const Workplace place;
  REQUIRE(place.train().code == 0);
  const Finished evaluated = place.run(
      {"evaluate", "--model", "m.safetensors", "--interactions", "log.csv", "--json", "--html", "the report.html"});
  CAPTURE(evaluated.err);
  REQUIRE(evaluated.code == 0);
  const Json evaluation = parse(evaluated.out);
  CHECK(evaluation["split"]["kind"] == "leave-last-out");
  CHECK(evaluation["targets"] == evaluation["split"]["test_targets"]);
  CHECK(evaluation["html"] == "the report.html");
  const Json& fixed = evaluation["arms"]["fixed"];
  CHECK(fixed["kind"] == "model");
  CHECK(fixed["intervals"]["ndcg@10"][0] < fixed["ndcg@10"]);
  CHECK(fixed["intervals"]["ndcg@10"][1] > fixed["ndcg@10"]);
  const Json& baseline = evaluation["arms"][evaluation["best_baseline"].get<std::string>()];
  CHECK(baseline["kind"] == "baseline");
  const double ahead = fixed["difference_to_best_baseline"]["ndcg@10"]["value"];
  CHECK(std::abs(ahead - (fixed["ndcg@10"].get<double>() - baseline["ndcg@10"].get<double>())) < 1e-9);
  CHECK(fixed["coverage"]["20"] == 1);
  CHECK(fixed["popularity_bias"]["10"]["recommended"] > 0);
  REQUIRE(fixed["slices"].size() == 12);
  const Json& band = fixed["slices"][3];
  CHECK((band["dimension"] == "history" && band["name"] == "11–20" && band["targets"] == 120));
  CHECK(band["ndcg@10"] == fixed["ndcg@10"]);
  CHECK(band["intervals"]["ndcg@10"] == fixed["intervals"]["ndcg@10"]);
  CHECK(band["difference_to_best_baseline"]["ndcg@10"] == fixed["difference_to_best_baseline"]["ndcg@10"]);
  CHECK(fixed["slices"][0]["targets"] == 0);
  CHECK(fixed["slices"][0]["hr@10"].is_null());

  const std::string page = contents(place.path("the report.html"));
  CHECK(page.find("<svg") != std::string::npos);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("<code>sotto evaluate --model m.safetensors --interactions log.csv --html &#39;the report.html&#39; "
                  "--json</code>") != std::string::npos);

  // All users have 12 events at the same 12 moments: the last two of them are the log's last tenth, and were not
  // trained on under leave-last-out either, without a final training.
  const std::vector<std::string> in_time = {"evaluate", "--model", "m.safetensors", "--interactions",
                                            "log.csv",  "--split", "temporal"};
  const Finished refused = place.run(in_time);
  CHECK(refused.code == 3);
  CHECK(refused.err.find("with split 'leave-last-out', on 120 of its 240 targets") != std::string::npos);
  REQUIRE(place.train({"--no-final-training", "--force"}).code == 0);
  // The baselines learn from the same events as the model.
  const Finished first_training =
      place.run({"evaluate", "--model", "m.safetensors", "--interactions", "log.csv", "--json"});
  CHECK(parse(first_training.out)["arms"]["sequential_knn"] != evaluation["arms"]["sequential_knn"]);
  const auto notes = [](const Json& report) { return report["notes"].dump(); };
  CHECK(notes(evaluation).find("trained once more with the validation's events") != std::string::npos);
  CHECK(notes(parse(first_training.out)).find("trained once more") == std::string::npos);
  const Finished temporal = place.run(in_time);
  CHECK(temporal.code == 0);
  CHECK(temporal.out.find("log.csv: the last 240 events in time, of 120 users, ranked among 20 items") == 0);
  CHECK(temporal.out.find("the model was trained with split 'leave-last-out'; none of the targets was trained on") !=
        std::string::npos);
}

TEST_CASE("items that the model does not know are missed") {
  const Workplace place;
  REQUIRE(place.train().code == 0);
  write(place.path("new.csv"),
        "user_id,item_id,timestamp\nx,item1,1\nx,novelty,2\nx,item2,3\ny,item1,1\ny,item2,2\ny,novelty,3\n");
  const Finished evaluated = place.run({"evaluate", "--model", "m.safetensors", "--interactions", "new.csv", "--json"});
  REQUIRE(evaluated.code == 0);
  const Json evaluation = parse(evaluated.out);
  CHECK(evaluation["arms"]["fixed"]["unknown_targets"] == 1);
  CHECK(evaluation["arms"]["fixed"]["hr@20"] == 0.5);
  CHECK(evaluation["arms"]["popularity"]["unknown_targets"] == 0);
}

TEST_CASE("Ctrl-C leaves usable models and exit code 130", "[training-signals]") {
  const Workplace place;
  write(place.path("long.csv"), Workplace::log_text("u", 3000, 60));
  const ::pid_t child = place.start(
      {"train", "--interactions", "long.csv", "--out", "m.safetensors", "--epochs", "10000", "--patience", "10000"});
  // The checkpoint of the first epoch says that training is under way.
  while (!fs::exists(place.path("m.checkpoint"))) {
    REQUIRE(::waitpid(child, nullptr, WNOHANG) == 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  REQUIRE(::kill(child, SIGINT) == 0);
  const Finished interrupted = place.wait(child);
  CHECK(interrupted.code == 130);
  CHECK(interrupted.err.find("sotto train: interrupted; the model files hold the best so far") != std::string::npos);
  CHECK(place.run({"inspect", "m.safetensors"}).code == 0);
  CHECK(place.run({"evaluate", "--model", "m.safetensors", "--interactions", "long.csv"}).code == 0);
  CHECK(place.files() == 5);
  CHECK(fs::exists(place.path("m.checkpoint")));
}

TEST_CASE("failures are one line on stderr and leave nothing behind") {
  const Workplace place;
  write(place.path("bad.csv"), "user_id,item_id,timestamp\nu,x,1\nu,y,soon\n");
  struct Row {
    std::vector<std::string> arguments;
    int code;
    std::string error;  // the start of stderr
  };
  const std::vector<Row> rows = {
      {{"train", "--interactions", "bad.csv", "--out", "m", "--strict"},
       1,
       "sotto train: bad.csv:3: column 'timestamp' is 'soon', expected "},
      {{"train", "--interactions", "none.csv", "--out", "m"},
       1,
       "sotto train: none.csv: cannot open: No such file or directory\n"},
      {{"train", "--interactions", "log.csv", "--items", "none.csv", "--out", "m"},
       1,
       "sotto train: none.csv: cannot open: "},
      {{"train", "--interactions", "log.csv", "--out", "no/m"},
       1,
       "sotto train: cannot write 'no/m': its folder: No such file or directory\n"},
      {{"train", "--interactions", "log.csv"}, 2, "sotto train: --out is required"},
      {{"train", "--interactions", "log.csv", "--out", "m", "--layers", "17"}, 2, "sotto train: --layers: "},
      {{"train", "--interactions", "log.csv", "--out", "m", "--epoch", "3"}, 2, "sotto train: "},
      {{"evaluate", "--model", "log.csv", "--interactions", "log.csv", "--json"}, 1, "sotto evaluate: log.csv: "},
      {{"evaluate", "--model", "none", "--interactions", "log.csv", "--json"},
       1,
       "sotto evaluate: cannot open 'none': "},
      {{"evaluate", "--model", "none", "--interactions", "log.csv", "--html", "no/report.html"},
       1,
       "sotto evaluate: cannot write 'no/report.html': "},
      {{"inspect", "log.csv", "--json"}, 1, "sotto inspect: log.csv: "},
      {{"quantize", "--model", "none", "--interactions", "log.csv", "--out", "m"},
       1,
       "sotto quantize: cannot open 'none': "},
      {{"frobnicate"}, 2, "sotto: "},
      {{}, 2, "sotto: "},
      {{"help", "frobnicate"}, 2, "sotto help: no subcommand 'frobnicate'"},
  };
  const std::size_t files = place.files();
  for (const auto& [arguments, code, error] : rows) {
    CAPTURE(arguments);
    const Finished finished = place.run(arguments);
    CAPTURE(finished.err);
    CHECK(finished.code == code);
    CHECK(finished.out.empty());
    CHECK(finished.err.find(error) == 0);
    CHECK(finished.err.find('\n') == finished.err.size() - 1);
    CHECK(place.files() == files);
  }
}

TEST_CASE("a log with nothing to learn from is an error after its summary") {
  const Workplace place;
  write(place.path("short.csv"), "user_id,item_id,timestamp\nu,x,1\n");
  const Finished finished = place.run({"train", "--interactions", "short.csv", "--out", "m"});
  CHECK(finished.code == 1);
  CHECK(finished.err.find("\nsotto train: nothing to learn from: ") != std::string::npos);
  CHECK_FALSE(fs::exists(place.path("m")));
}

TEST_CASE("bad rows are left out and said, or end a strict run") {
  const Workplace place;
  write(place.path("log.csv"), contents(place.path("log.csv")) + "u1,item1,soon\nu1,item1\nu2,item2,later\n");
  const Finished trained = place.train();
  CHECK(trained.code == 0);
  CHECK(trained.err.find("sotto train: left out 2 of 1443 rows; the first: log.csv:1442: column 'timestamp' is 'soon', "
                         "expected ") == 0);
  CHECK(trained.err.find("\nsotto train: left out 1 of 1443 rows; the first: log.csv:1443: the row has 2 fields, the "
                         "header has 3\n") != std::string::npos);
  const Finished strict = place.train({"--strict"});
  CHECK(strict.code == 1);
  CHECK(strict.err.find("sotto train: log.csv:1442: column 'timestamp' is 'soon', expected ") == 0);
}

TEST_CASE("help and version") {
  const Workplace place;
  CHECK(place.run({"--version"}).out.find("sotto ") == 0);
  const Finished help = place.run({"help"});
  CHECK(help.code == 0);
  for (const char* subcommand : {"check", "train", "quantize", "evaluate", "inspect", "completion", "help"}) {
    CAPTURE(subcommand);
    CHECK(help.out.find(subcommand) != std::string::npos);
    const Finished explained = place.run({"help", subcommand});
    CHECK(explained.code == 0);
    CHECK(explained.out == place.run({subcommand, "--help"}).out);
  }
}
