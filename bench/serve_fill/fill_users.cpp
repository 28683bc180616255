// Fills a SQLite store with users and their events, as a shop that has run for a while would have, for measurements of
// size and start: fill_users FILE [USERS] [EVENTS-EACH] [ITEM-IDS-FILE]
#include <sotto/base/random.hpp>
#include <sotto/store/store.hpp>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t users_in_a_transaction = 500;
constexpr std::int64_t first_event = 1'750'000'000;

// Ids as shops have them, where no file gives real ones.
std::vector<std::string> made_up_items() {
  std::vector<std::string> items;
  for (int i = 0; i < 4000; ++i) items.push_back(std::to_string(20'000 + i) + static_cast<char>('A' + i % 4));
  return items;
}

std::vector<std::string> items_of(const char* file) {
  std::vector<std::string> items;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) items.push_back(line);
  }
  return items;
}

// Few items are popular: the square of a uniform number is small more often than not.
std::vector<sotto::store::Event> random_events(std::size_t count, const std::vector<std::string>& items,
                                               sotto::Random& random) {
  std::vector<sotto::store::Event> events(count);
  std::int64_t at = first_event + random.below(10'000'000);
  const auto item_count = static_cast<std::uint32_t>(items.size());
  for (sotto::store::Event& event : events) {
    const std::uint64_t position = random.below(item_count);
    event.item = items[position * random.below(item_count) / item_count];
    at += 1 + random.below(3600);
    event.at = at;
  }
  return events;
}

void print_progress(std::size_t done, std::size_t users, std::size_t events_each, Clock::time_point start) {
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  const double rate = static_cast<double>(done) / seconds;
  std::fprintf(stderr, "\r%zu of %zu users, %.0f events/s, %.0f s left   ", done, users,
               rate * static_cast<double>(events_each), static_cast<double>(users - done) / rate);
}

bool take_count(const char* text, std::size_t& count) {
  const std::string_view whole = text;
  const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), count);
  return error == std::errc() && end == whole.data() + whole.size() && count > 0;
}

int fail(const std::string& why) {
  std::fprintf(stderr, "fill_users: %s\n", why.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t users = 1'000'000;
  std::size_t events_each = 50;
  if (argc < 2 || argc > 5 || (argc > 2 && !take_count(argv[2], users)) ||
      (argc > 3 && !take_count(argv[3], events_each)))
    return fail("usage: fill_users FILE [USERS] [EVENTS-EACH] [ITEM-IDS-FILE]");
  const auto items = argc > 4 ? items_of(argv[4]) : made_up_items();
  if (items.empty()) return fail(std::string("there are no item ids in '") + argv[4] + "'");

  auto store = sotto::store::open_sqlite(argv[1]);
  if (!store) return fail(store.error().detail);
  sotto::Random random(1);
  const auto start = Clock::now();
  std::vector<sotto::store::Append> requests;
  for (std::size_t done = 0; done < users;) {
    requests.clear();
    for (; requests.size() < users_in_a_transaction && done < users; ++done)
      requests.push_back(
          {"user-" + std::to_string(done), random_events(events_each, items, random), "", "", "", first_event});
    if (auto appended = (*store)->append(requests); !appended) return fail(appended.error().detail);
    if (done % 5000 == 0 || done == users) print_progress(done, users, events_each, start);
  }
  std::fputc('\n', stderr);

  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  const double events = static_cast<double>(users) * static_cast<double>(events_each);
  store->reset();  // empties the log
  const auto bytes = static_cast<double>(std::filesystem::file_size(argv[1]));
  std::printf("%zu users with %zu events each: %.1f MB, %.1f bytes an event, %.0f s, %.0f events/s\n", users,
              events_each, bytes / 1e6, bytes / events, seconds, events / seconds);
  return 0;
}
