// kill -9 at any moment of a training, while a checkpoint is written too.
#include "workplace.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <random>

using namespace sotto::test;

namespace {

using Clock = std::chrono::steady_clock;

// The weights make the checkpoint large, the log makes an epoch short: most of the time goes into checkpoints.
const std::vector<std::string> training = {
    "train",      "--interactions", "short.csv",       "--out", "m.safetensors", "--epochs", "30",
    "--patience", "10000",          "--embedding-dim", "64",    "--hidden-dim",  "64",       "--threads",
    "1"};

std::vector<std::string> resumed() {
  std::vector<std::string> arguments = training;
  arguments.emplace_back("--resume");
  return arguments;
}

// The checkpoint that is being written, or that a kill left so; empty when there is none.
fs::path unfinished_checkpoint(const Workplace& place) {
  for (const auto& entry : fs::directory_iterator(place.path("."))) {
    if (entry.path().filename().string().starts_with("m.checkpoint.")) return entry.path();
  }
  return {};
}

// As a safetensors file: the header says where the last tensor ends, and there the file ends.
bool is_whole(const std::string& file) {
  std::uint64_t header = 0;
  if (file.size() < sizeof header) return false;
  std::memcpy(&header, file.data(), sizeof header);
  if (header > file.size() - sizeof header) return false;
  const Json tensors = Json::parse(file.substr(sizeof header, header), nullptr, false);
  if (!tensors.is_object()) return false;
  std::uint64_t end = 0;
  for (const auto& [name, tensor] : tensors.items()) {
    if (name != "__metadata__") end = std::max(end, tensor["data_offsets"][1].get<std::uint64_t>());
  }
  return sizeof header + header + end == file.size();
}

void sleep_for(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

bool has_ended(::pid_t child) {
  siginfo_t state{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(child), &state, WEXITED | WNOHANG | WNOWAIT) == 0);
  return state.si_pid == child;
}

// Until the child is writing a checkpoint.
void wait_for_writing(const Workplace& place, ::pid_t child) {
  while (unfinished_checkpoint(place).empty() && !has_ended(child)) std::this_thread::yield();
}

}  // namespace

TEST_CASE("kill -9 at any moment leaves a checkpoint that leads to the same model, or none", "[training-signals]") {
  constexpr std::uint32_t seed = 9;
  constexpr int rounds_at_least = 4;
  constexpr int rounds_at_most = 40;
  constexpr std::chrono::seconds budget{8};
  const Workplace place;
  write(place.path("short.csv"), Workplace::log_text("u", 60, 6));
  const auto start = Clock::now();
  REQUIRE(place.run(training).code == 0);
  const double whole_seconds = std::chrono::duration<double>(Clock::now() - start).count();
  const std::string model = contents(place.path("m.safetensors"));
  const std::string float_model = contents(place.path("m.float.safetensors"));
  REQUIRE_FALSE(fs::exists(place.path("m.checkpoint")));

  std::mt19937 random(seed);
  const auto random_below = [&random](double end) { return std::uniform_real_distribution(0.0, end)(random); };
  int checkpoints = 0;
  int unfinished = 0;
  for (int round = 0; round < rounds_at_most; ++round) {
    if (round >= rounds_at_least && Clock::now() - start > budget) break;
    fs::remove(place.path("m.safetensors"));
    fs::remove(place.path("m.float.safetensors"));
    // Killed, and once more while it goes on.
    for (int kill = 0; kill < 2; ++kill) {
      CAPTURE(seed, round, kill);
      const bool goes_on = fs::exists(place.path("m.checkpoint"));
      const ::pid_t child = place.start(goes_on ? resumed() : training);
      sleep_for(random_below(whole_seconds));
      if (round % 2 == 0) {
        wait_for_writing(place, child);
        sleep_for(random_below(0.002));
      }
      REQUIRE(::kill(child, SIGKILL) == 0);
      const Finished killed = place.wait(child);
      CAPTURE(killed.err);
      REQUIRE((killed.code == -SIGKILL || killed.code == 0));
      if (const fs::path file = unfinished_checkpoint(place); !file.empty()) {
        ++unfinished;
        fs::remove(file);
      }
      if (!fs::exists(place.path("m.checkpoint"))) continue;
      ++checkpoints;
      REQUIRE(is_whole(contents(place.path("m.checkpoint"))));
    }
    CAPTURE(seed, round);
    const Finished ended = place.run(fs::exists(place.path("m.checkpoint")) ? resumed() : training);
    CAPTURE(ended.err);
    REQUIRE(ended.code == 0);
    REQUIRE(contents(place.path("m.safetensors")) == model);
    REQUIRE(contents(place.path("m.float.safetensors")) == float_model);
    REQUIRE_FALSE(fs::exists(place.path("m.checkpoint")));
  }
  CHECK(checkpoints > 0);
  CHECK(unfinished > 0);  // kills have met writes
}
