// What does a call through JNI cost, beside the same call in a native program? The native half: one user's events, each
// learned from and followed by a top 10, through sotto.h. bench/java_events.sh runs both halves in turn;
// JavaEvents.java draws the same items and prints the same line.
//
//   java_events MODEL [EVENTS]
#include <sotto/abi/sotto.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <vector>

#include <ctime>

namespace {

constexpr int rounds = 9;
constexpr std::uint32_t list_size = 10;
constexpr double first_moment = 1'700'000'000;

std::int32_t checked(std::int32_t result) {
  if (result >= 0) return result;
  std::fprintf(stderr, "java_events: %s\n", sotto_error_detail());
  std::exit(1);
}

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// The same in both halves (Numerical Recipes' constants).
std::uint32_t next(std::uint32_t seed) { return 1664525U * seed + 1013904223U; }

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return 2;
  const int events = count > 2 ? std::atoi(arguments[2]) : 4000;
  std::ifstream in(arguments[1], std::ios::binary);
  const std::vector<char> file{std::istreambuf_iterator<char>(in), {}};
  void* bytes = sotto_alloc(file.size());
  if (bytes == nullptr) return 1;
  std::copy(file.begin(), file.end(), static_cast<char*>(bytes));
  sotto_model* model = nullptr;
  sotto_user* user = nullptr;
  sotto_workspace* workspace = nullptr;
  checked(sotto_model_open(bytes, file.size(), &model));
  checked(sotto_workspace_new(model, &workspace));
  checked(sotto_user_new(model, &user));
  sotto_model_info info{};
  checked(sotto_model_describe(model, &info));

  double best = 1e9;
  std::uint32_t hash = 0;
  for (int round = 0; round < rounds; ++round) {
    checked(sotto_user_reset(user));
    std::uint32_t seed = 1;
    const double started = thread_seconds();
    for (int event = 0; event < events; ++event) {
      seed = next(seed);
      const std::uint32_t item = (seed >> 8) % info.items;
      const double now = first_moment + event;
      checked(sotto_feedback(user, workspace, item, SOTTO_CLICK, 0, now));
      std::array<sotto_scored_item, list_size> list{};
      checked(sotto_recommend(user, workspace, now, nullptr, list.data(), list_size));
      hash = 31 * hash + list[0].item;
    }
    best = std::min(best, (thread_seconds() - started) / events);
  }
  std::printf("native  %7.1f us of CPU an event, hash %08x\n", 1e6 * best, static_cast<unsigned>(hash));
}
