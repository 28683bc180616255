// A server in small: one model, many users, one workspace for the thread that serves them.
// Usage: recommend MODEL
#include <sotto/personal/personal_session.hpp>
#include <sotto/runtime/recommender.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <ios>
#include <iterator>
#include <span>
#include <string>
#include <vector>

namespace {

int fail(const sotto::Error& error) {
  const std::string name(sotto::error_name(error.code));
  std::fprintf(stderr, "%s: %s\n", name.c_str(), error.detail.c_str());
  return 1;
}

std::vector<char> read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: recommend MODEL\n");
    return 2;
  }
  const std::vector<char> file = read_file(arguments[1]);
  const auto recommender = sotto::Recommender::open(std::as_bytes(std::span(file)));
  if (!recommender) return fail(recommender.error());
  const sotto::Engine& engine = (*recommender)->engine();
  const sotto::Catalogue& catalogue = (*recommender)->info().catalogue;
  std::printf("%u items\n", catalogue.size());

  // What is computed once for all users, what each user has, and what each thread works in.
  const sotto::PersonalModel model(engine);
  std::vector<sotto::PersonalUser> users(2, sotto::PersonalUser(model));
  sotto::PersonalWorkspace workspace(model);

  constexpr std::int64_t now = 1'700'000'000;  // seconds since 1970: the engine has no clock
  constexpr std::array<std::array<sotto::ItemIndex, 3>, 2> visits{{{0, 1, 2}, {1000, 1001, 1002}}};
  for (std::size_t n = 0; n < users.size(); ++n) {
    sotto::PersonalSession session(model, users[n], workspace);  // a view: cheap to make for each call
    for (const sotto::ItemIndex item : visits[n]) {
      if (const sotto::Status seen = session.observe(item, now); !seen) return fail(seen.error());
    }
    std::array<sotto::ScoredItem, 3> best;
    const std::size_t found = session.recommend(now, {.exclude = users[n].state().history()}, best);
    std::printf("user %zu, %u events, %zu bytes of state:\n", n, users[n].state().events(), session.state_size());
    for (const sotto::ScoredItem& item : std::span(best).first(found)) {
      std::printf("  %s\n", catalogue.titles[item.item].c_str());
    }
  }
  return 0;
}
