// Works on a SQLite store until it is killed, and says what was acknowledged; then looks whether that is there.
//   power_loss work FILE ROUND >> ACKNOWLEDGED
//   power_loss check FILE < ACKNOWLEDGED
#include <sotto/store/store.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

using namespace sotto;
using namespace sotto::store;

namespace {

constexpr std::int64_t noon = 1'750'000'000;
constexpr int threads = 3;
constexpr int users = 4;

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "power_loss: %s\n", why.c_str());
  std::_Exit(1);
}

// One write: a line is there or not.
void acknowledge(const std::string& line) {
  const std::string whole = line + "\n";
  if (::write(STDOUT_FILENO, whole.data(), whole.size()) != static_cast<ssize_t>(whole.size()))
    fail("no acknowledgement");
}

void append_some(Store& store, const std::string& mark, int step) {
  std::vector<Append> requests;
  for (int i = 0; i < 1 + step % 5; ++i)
    requests.push_back({"user" + std::to_string((step + i) % users),
                        {{mark + "-" + std::to_string(step) + "-" + std::to_string(i), noon, 1, 0}},
                        "",
                        "",
                        "",
                        noon});
  const auto appended = store.append(requests);
  if (!appended) fail(appended.error().detail);
  for (std::size_t i = 0; i < requests.size(); ++i)
    acknowledge("event " + requests[i].user + " " + std::to_string((*appended)[i].head.last) + " " +
                requests[i].events.front().item);
}

// A user whose events become a snapshot, and one who is forgotten.
void live_a_life(Store& store, const std::string& mark, int step) {
  const Append request{"saved", {{mark, noon, 1, 0}}, "", "", "", noon};
  const auto appended = store.append(std::span(&request, 1));
  if (!appended) fail(appended.error().detail);
  const UserHead head = appended->front().head;
  acknowledge("last saved " + std::to_string(head.last) + " -");
  const SnapshotWrite snapshot{"saved", head.generation, {head.last, 1, Bytes(3000)}};
  if (auto saved = store.save_snapshots(std::span(&snapshot, 1)); !saved) fail(saved.error().detail);
  if (step % 50 != 0) return;
  const std::string name = "passing-" + mark + "-" + std::to_string(step);
  const Append visit{name, {{mark, noon, 1, 0}}, "", "", "", noon};
  if (auto visited = store.append(std::span(&visit, 1)); !visited) fail(visited.error().detail);
  if (auto forgotten = store.forget(name, noon); !forgotten) fail(forgotten.error().detail);
  acknowledge("forgotten " + name + " 0 -");
}

int work(const char* file, const std::string& round) {
  const auto store = open_sqlite(file);
  if (!store) fail(store.error().detail);
  std::vector<std::thread> workers;
  for (int thread = 0; thread < threads; ++thread) {
    workers.emplace_back([&, thread] {
      const std::string mark = round + "-" + std::to_string(thread);
      for (int step = 0;; ++step) {
        append_some(**store, mark, step);
        if (step % 10 == 0) live_a_life(**store, mark, step);
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  return 0;
}

int check(const char* file) {
  const auto store = open_sqlite(file);
  if (!store) fail(store.error().detail);
  const auto problems = (*store)->check();
  if (!problems) fail(problems.error().detail);
  if (!problems->empty()) fail(problems->front());

  std::map<std::string, std::vector<Event>> events;
  for (int i = 0; i < users; ++i) {
    const auto user = "user" + std::to_string(i);
    events[user] = (*store)->load(user).value().events;
    std::set<std::string> items;
    for (const Event& event : events[user]) {
      if (!items.insert(event.item).second) fail("the event " + event.item + " is there twice");
    }
  }
  const auto saved = (*store)->head("saved").value();
  std::size_t acknowledged = 0;
  for (std::string line; std::getline(std::cin, line); ++acknowledged) {
    std::istringstream words(line);
    std::string kind;
    std::string user;
    std::string item;
    std::size_t number = 0;
    words >> kind >> user >> number >> item;
    if (kind == "event" && (events[user].size() < number || events[user][number - 1].item != item))
      fail("the acknowledged event '" + line + "' is lost");
    if (kind == "last" && saved.last < number) fail("the acknowledged event '" + line + "' is lost");
    if (kind == "forgotten" && (*store)->head(user).value() != UserHead{}) fail(user + " was not forgotten");
  }
  std::printf("%zu acknowledgements hold\n", acknowledged);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::string(argv[1]) == "work") return work(argv[2], argv[3]);
  if (argc == 3 && std::string(argv[1]) == "check") return check(argv[2]);
  fail("usage: power_loss work FILE ROUND | power_loss check FILE");
}
