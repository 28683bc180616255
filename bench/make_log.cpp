// Writes a large interaction log to standard output for bench/memory.sh: the same arguments give the same bytes.
//
//   make_log EVENTS [USERS [ITEMS]] > log.csv
//
// Events come in the order of time from all users at once, which is the hardest order to group by user. Users and items
// differ in how often they come: the k-th of n has a share of about 1 / (2 sqrt(k n)).
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

std::uint64_t next_random(std::uint64_t& state) {  // SplitMix64
  std::uint64_t z = state += 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

// 0 … count - 1, small ones more often.
std::uint64_t skewed(std::uint64_t& state, std::uint64_t count) {
  const double uniform = static_cast<double>(next_random(state) >> 11U) * 0x1p-53;
  return static_cast<std::uint64_t>(uniform * uniform * static_cast<double>(count));
}

char* write_number(char* to, std::uint64_t value) {
  char digits[20];
  int count = 0;
  do digits[count++] = static_cast<char>('0' + value % 10);
  while ((value /= 10) > 0);
  while (count > 0) *to++ = digits[--count];
  return to;
}

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int i, std::uint64_t otherwise) {
    return i < argc ? std::strtoull(argv[i], nullptr, 10) : otherwise;
  };
  const std::uint64_t events = argument(1, 0);
  const std::uint64_t users = argument(2, events / 50 + 1);
  const std::uint64_t items = argument(3, 100'000);
  if (events == 0) {
    std::fputs("usage: make_log EVENTS [USERS [ITEMS]] > log.csv\n", stderr);
    return 2;
  }
  std::fputs("user_id,item_id,timestamp\n", stdout);
  std::uint64_t state = 1;
  constexpr std::uint64_t first_second = 1'600'000'000;
  constexpr std::uint64_t seconds = 365 * 86'400;
  for (std::uint64_t event = 0; event < events; ++event) {
    char line[80];
    char* end = line;
    *end++ = 'u';
    end = write_number(end, skewed(state, users));
    *end++ = ',';
    *end++ = 'i';
    end = write_number(end, skewed(state, items));
    *end++ = ',';
    end = write_number(end, first_second + event * seconds / events);
    *end++ = '\n';
    std::fwrite(line, 1, static_cast<std::size_t>(end - line), stdout);
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}
