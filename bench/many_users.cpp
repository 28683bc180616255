// Can a server keep 100,000 personal users in memory, and what does it cost that each event is another user's? Resident
// memory of the users, and events per second of users who are visited at random, beside one user who is visited again
// and again in the same run. A measurement, not a part of the library (docs/performance.md has the figures).
//
//   c++ -std=c++20 -O3 -Isrc -o many_users bench/many_users.cpp
//     build/release/src/sotto/{measure/libsotto_measure,personal/libsotto_personal,runtime/libsotto_runtime}.a
//     build/release/src/sotto/{model/libsotto_model,numeric/libsotto_numeric,base/libsotto_base}.a
//   many_users [--users N] [--json]
//
// The model is the classic one of `sotto bench`, with a history term and a memory term. Histories have 1 to 1,024
// events, 100 in the mean, as the logs of shops and films that docs/evaluation.md names have; half of them are short of
// 69. One thread; Linux only, for /proc.
#include <sotto/base/random.hpp>
#include <sotto/measure/generated_model.hpp>
#include <sotto/personal/personal_group.hpp>
#include <sotto/personal/personal_session.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <numeric>
#include <span>
#include <vector>

#include <unistd.h>

namespace {

using namespace sotto;

constexpr std::uint64_t seed = 7;
constexpr double mean_events = 100;
constexpr std::size_t different_users = 1000;  // the others begin as copies of them, and go on apart
constexpr std::size_t learned_events = 5;  // of the different users' histories: the latest
constexpr std::size_t rounds = 15;
constexpr std::size_t visits_in_round = 512;
constexpr std::size_t list_size = 10;
constexpr std::int64_t now = 1'700'000'000;

FixedModel personal_model() {
  FixedModel model = measure::generated_model(measure::classic_architecture, seed);
  Random random(seed);
  HistoryTerm history;
  for (auto& addition : history.age) addition = static_cast<std::int32_t>(random.below(1U << 17)) - (1 << 16);
  MemoryTerm memory;
  for (auto& weight : memory.weight) weight = static_cast<std::int32_t>(random.below(1U << 15)) - (1 << 14);
  const std::size_t hidden_dim = model.info.architecture.hidden_dim;
  memory.direction.resize(adapter_rank_of(hidden_dim) * hidden_dim);
  for (auto& value : memory.direction) value = static_cast<std::int8_t>(static_cast<int>(random.below(39)) - 19);
  model.weights.history = history;
  model.weights.memory = memory;
  model.info.architecture.history_term = model.info.architecture.memory_term = true;
  return model;
}

// The popular items more often, and a few of the user's own again and again.
ItemIndex draw_item(const PersonalUser& user, std::uint32_t items, Random& random) {
  const auto history = user.state().history();
  if (!history.empty() && random.below(3) == 0)
    return history[random.below(static_cast<std::uint32_t>(history.size()))];
  const float uniform = random.uniform();
  return static_cast<ItemIndex>(uniform * uniform * static_cast<float>(items));
}

std::size_t draw_length(Random& random) {
  const double length = 1 - mean_events * std::log(1 - static_cast<double>(random.uniform()));
  return std::min<std::size_t>(static_cast<std::size_t>(length), history_capacity);
}

std::size_t resident_bytes() {
  std::size_t total = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

class Server {
 public:
  Server() : engine_(personal_model(), seed), model_(engine_), workspace_(model_), group_(model_, workspace_) {}

  // An hour between visits of three events.
  void make_users(std::size_t count) {
    users_.reserve(count);
    for (std::size_t made = 0; made < std::min(count, different_users); ++made) {
      PersonalUser& user = users_.emplace_back(model_);
      const std::size_t events = draw_length(random_);
      for (std::size_t event = 0; event < events; ++event) {
        const std::int64_t time = now - static_cast<std::int64_t>((events - event) / 3 * 3600);
        const ItemIndex item = draw_item(user, items(), random_);
        auto session = session_of(user);
        check(event + learned_events < events ? session.recall({&item, 1}, {&time, 1}) : session.observe(item, time));
      }
    }
    while (users_.size() < count) {
      PersonalUser& user = users_.emplace_back(users_[users_.size() % different_users]);
      const ItemIndex item = random_.below(items());
      check(session_of(user).recall({&item, 1}, {&now, 1}));
    }
  }

  // A user's visit: a list, then a click.
  void visit(PersonalUser& user) {
    auto session = session_of(user);
    std::array<ScoredItem, list_size> best{};
    (void)session.recommend(now, {}, best);
    check(session.observe(draw_item(user, items(), random_), now));
  }

  // The same of several users together.
  void visit(std::span<PersonalUser* const> users) {
    std::array<ItemIndex, PersonalGroup::max_users> clicked{};
    std::array<std::int64_t, PersonalGroup::max_users> times{};
    times.fill(now);
    group_.for_each_user(users, [&](std::size_t n, PersonalSession session) {
      std::array<ScoredItem, list_size> best{};
      (void)session.recommend(now, {}, best);
      clicked[n] = draw_item(session.user(), items(), random_);
    });
    check(group_.observe(users, std::span(clicked).first(users.size()), std::span(times).first(users.size())));
  }

  PersonalUser& random_user() { return users_[random_.below(static_cast<std::uint32_t>(users_.size()))]; }
  [[nodiscard]] const std::vector<PersonalUser>& users() const { return users_; }
  [[nodiscard]] const char* kernels() const { return engine_.kernels().name; }

 private:
  PersonalSession session_of(PersonalUser& user) { return {model_, user, workspace_}; }
  [[nodiscard]] std::uint32_t items() const { return engine_.architecture().items; }
  static void check(const Status& status) {
    if (status) return;
    std::fprintf(stderr, "many_users: %s\n", status.error().detail.c_str());
    std::exit(1);
  }

  Engine engine_;
  PersonalModel model_;
  PersonalWorkspace workspace_;
  PersonalGroup group_;
  std::vector<PersonalUser> users_;
  Random random_{seed};
};

template <class Visits>
double per_second(Visits&& visits) {
  const auto start = std::chrono::steady_clock::now();
  visits();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return static_cast<double>(visits_in_round) / took.count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

// Visits per second; ratios are of one round each.
struct Speeds {
  std::vector<double> hot, random, grouped, random_ratio, grouped_ratio;

  void add(Server& server) {
    // The hot user has a history of its own length in each round.
    PersonalUser& user = server.random_user();
    hot.push_back(per_second([&] {
      for (std::size_t n = 0; n < visits_in_round; ++n) server.visit(user);
    }));
    random.push_back(per_second([&] {
      for (std::size_t n = 0; n < visits_in_round; ++n) server.visit(server.random_user());
    }));
    grouped.push_back(per_second([&] {
      for (std::size_t n = 0; n < visits_in_round; n += PersonalGroup::max_users) {
        std::vector<PersonalUser*> users;
        while (users.size() < PersonalGroup::max_users) {
          PersonalUser* const drawn = &server.random_user();
          if (std::ranges::find(users, drawn) == users.end()) users.push_back(drawn);
        }
        server.visit(users);
      }
    }));
    random_ratio.push_back(random.back() / hot.back());
    grouped_ratio.push_back(grouped.back() / hot.back());
  }
};

}  // namespace

int main(int argc, char** argv) {
  std::size_t count = 100'000;
  bool json = false;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--json") == 0) {
      json = true;
    } else if (std::strcmp(argv[i], "--users") == 0 && i + 1 < argc) {
      count = std::strtoull(argv[++i], nullptr, 10);
    } else {
      std::fputs("usage: many_users [--users N] [--json]\n", stderr);
      return 2;
    }
  }
  if (count < PersonalGroup::max_users) {
    std::fputs("many_users: a group has more users\n", stderr);
    return 2;
  }

  Server server;
  const std::size_t before = resident_bytes();
  server.make_users(count);
  const std::size_t of_users = resident_bytes() - before;
  const double events = std::transform_reduce(
      server.users().begin(), server.users().end(), 0.0, std::plus{},
      [](const PersonalUser& user) { return static_cast<double>(user.state().history().size()); });
  Speeds speeds;
  for (std::size_t round = 0; round < rounds; ++round) speeds.add(server);
  const std::size_t total = resident_bytes();

  const double per_user = static_cast<double>(of_users) / static_cast<double>(count);
  const double mean = events / static_cast<double>(count);
  std::printf(json
                  ? "{\"kernels\": \"%s\", \"users\": %zu, \"events_per_user\": %.1f, \"resident_bytes\": %zu, "
                    "\"bytes_per_user\": %.0f, \"visits_per_second\": {\"one_user\": %.0f, \"random_users\": %.0f, "
                    "\"groups_of_16\": %.0f}, \"random_to_one\": %.3f, \"groups_to_one\": %.3f}\n"
                  : "%s, %zu users of %.1f events: %zu bytes resident, %.0f for each user; visits per second: one user "
                    "%.0f, random users %.0f, random users in groups of 16 %.0f; ratios to one user %.3f and %.3f\n",
              server.kernels(), count, mean, total, per_user, median(speeds.hot), median(speeds.random),
              median(speeds.grouped), median(speeds.random_ratio), median(speeds.grouped_ratio));
}
