// Ctrl-C behind the network's training: while the head's terms are fitted, its checkpoint is what --resume goes on
// from; in the final training, that one's own checkpoint as well.
#include "workplace.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sotto::test;

namespace {

// Ctrl-C as soon as the file is there.
Finished interrupt_when_there(const Workplace& place, const std::vector<std::string>& arguments, const char* file) {
  const ::pid_t child = place.start(arguments);
  while (!fs::exists(place.path(file))) {
    REQUIRE(::waitpid(child, nullptr, WNOHANG) == 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  REQUIRE(::kill(child, SIGINT) == 0);
  return place.wait(child);
}

}  // namespace

TEST_CASE("Ctrl-C while the head's terms are fitted ends soon and leaves a checkpoint that leads to the same model",
          "[training-signals]") {
  const Workplace place;
  // One epoch with its checkpoint, then a fit to many targets.
  write(place.path("many.csv"), Workplace::log_text("u", 20'000, 4));
  std::vector<std::string> arguments = {
      "train", "--interactions", "many.csv", "--out", "m.safetensors", "--epochs", "1", "--embedding-dim",
      "8",     "--hidden-dim",   "8"};
  const Finished whole = place.run(arguments);
  REQUIRE(whole.code == 0);
  CHECK(whole.err.find("\nhead's terms: validation NDCG@10 0.") != std::string::npos);
  const std::string model = contents(place.path("m.safetensors"));
  const std::string float_model = contents(place.path("m.float.safetensors"));

  const Finished interrupted = interrupt_when_there(place, arguments, "m.checkpoint");
  CAPTURE(interrupted.err);
  CHECK(interrupted.code == 130);
  CHECK(interrupted.err.find("sotto train: interrupted; the model files hold the best so far") != std::string::npos);
  CHECK(interrupted.err.find("head's terms: validation") == std::string::npos);
  CHECK(fs::exists(place.path("m.checkpoint")));
  CHECK(contents(place.path("m.safetensors")) != model);
  CHECK(place.run({"inspect", "m.safetensors"}).code == 0);

  arguments.emplace_back("--resume");
  REQUIRE(place.run(arguments).code == 0);
  CHECK(contents(place.path("m.safetensors")) == model);
  CHECK(contents(place.path("m.float.safetensors")) == float_model);
  CHECK_FALSE(fs::exists(place.path("m.checkpoint")));
}

TEST_CASE("Ctrl-C in the final training leaves the model before it, and two checkpoints that lead to the same model",
          "[training-signals]") {
  const Workplace place;
  write(place.path("log.csv"), Workplace::log_text("u", 3'000, 6));
  std::vector<std::string> arguments = {"train",
                                        "--interactions",
                                        "log.csv",
                                        "--out",
                                        "m.safetensors",
                                        "--epochs",
                                        "6",
                                        "--embedding-dim",
                                        "16",
                                        "--hidden-dim",
                                        "16",
                                        "--threads",
                                        "1"};
  const Finished whole = place.run(arguments);
  REQUIRE(whole.code == 0);
  const std::string model = contents(place.path("m.safetensors"));
  const std::string float_model = contents(place.path("m.float.safetensors"));
  CHECK(whole.err.find("\nfinal training: epoch 1/") != std::string::npos);
  CHECK_FALSE(fs::exists(place.path("m.final.checkpoint")));
  REQUIRE(place
              .run({"train", "--interactions", "log.csv", "--out", "first.safetensors", "--epochs", "6",
                    "--embedding-dim", "16", "--hidden-dim", "16", "--no-final-training"})
              .code == 0);
  const std::string first = contents(place.path("first.safetensors"));
  CHECK(first != model);

  const Finished interrupted = interrupt_when_there(place, arguments, "m.final.checkpoint");
  CAPTURE(interrupted.err);
  CHECK(interrupted.code == 130);
  CHECK(contents(place.path("m.safetensors")) == first);
  CHECK(fs::exists(place.path("m.checkpoint")));

  arguments.emplace_back("--resume");
  REQUIRE(place.run(arguments).code == 0);
  CHECK(contents(place.path("m.safetensors")) == model);
  CHECK(contents(place.path("m.float.safetensors")) == float_model);
  CHECK_FALSE(fs::exists(place.path("m.checkpoint")));
  CHECK_FALSE(fs::exists(place.path("m.final.checkpoint")));
}
