#include <sotto/base/random.hpp>
#include <sotto/evaluate/limits.hpp>
#include <sotto/evaluate/shuffled_ties.hpp>

#include <cstddef>
#include <utility>

namespace sotto::evaluate {
namespace {

// Fisher–Yates, on rows begin … end - 1 of the log.
void shuffle_rows(data::Interactions& log, std::size_t begin, std::size_t end, Random& random) {
  for (std::size_t i = end; i > begin + 1; --i) {
    const std::size_t other = begin + random.below(static_cast<std::uint32_t>(i - begin));
    std::swap(log.item[i - 1], log.item[other]);
    if (!log.weight.empty()) std::swap(log.weight[i - 1], log.weight[other]);
  }
}

}  // namespace

bool ties_matter(const data::Split& split) { return tied_share(split) > many_ties; }

data::Interactions shuffled_ties(const data::Split& split, std::uint64_t seed) {
  data::Interactions log = split.log();
  Random random(seed);
  for (std::size_t user = 0; user < log.users(); ++user) {
    const std::size_t test_begin = log.user_begin[user] + split.test_targets(user).begin;
    const auto continues = [&](std::size_t row) {
      const bool new_session = !log.begins_session.empty() && log.begins_session[row];
      return log.timestamp[row] == log.timestamp[row - 1] && row != test_begin && !new_session;
    };
    std::size_t begin = log.user_begin[user];
    for (std::size_t row = begin + 1; row <= log.user_begin[user + 1]; ++row) {
      if (row < log.user_begin[user + 1] && continues(row)) continue;
      shuffle_rows(log, begin, row, random);
      begin = row;
    }
  }
  return log;
}

}  // namespace sotto::evaluate
