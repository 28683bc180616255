#include <sotto/evaluate/limits.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace sotto::evaluate {
namespace {

// The share of training events that are later than the median target.
double share_of_later_training(const data::Split& split, const std::vector<data::Target>& targets) {
  std::vector<std::int64_t> times;
  for (const data::Target& target : targets) times.push_back(split.log().times_of(target.user)[target.event]);
  const auto median = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::ranges::nth_element(times, median);
  std::size_t events = 0;
  std::size_t later = 0;
  for (std::size_t user = 0; user < split.log().users(); ++user) {
    const auto training = split.log().times_of(user).first(split.training_items(user).size());
    events += training.size();
    later += static_cast<std::size_t>(std::ranges::count_if(training, [&](auto time) { return time > *median; }));
  }
  return events == 0 ? 0 : static_cast<double>(later) / static_cast<double>(events);
}

}  // namespace

std::size_t count_tied_targets(const data::Split& split) {
  const std::vector<data::Target> targets = data::test_targets(split);
  return static_cast<std::size_t>(std::ranges::count_if(targets, [&](const data::Target& target) {
    const auto times = split.log().times_of(target.user);
    return times[target.event] == times[target.event - 1];
  }));
}

double tied_share(const data::Split& split) {
  const std::size_t targets = data::test_targets(split).size();
  if (targets == 0 || split.log().finer_than_seconds) return 0;
  return static_cast<double>(count_tied_targets(split)) / static_cast<double>(targets);
}

std::vector<std::string> limits_in_words(const data::Split& split) {
  const std::vector<data::Target> targets = data::test_targets(split);
  std::vector<std::string> notes;
  if (targets.empty()) return notes;
  if (targets.size() < few_targets) {
    notes.push_back(
        fmt::format("there are only {} targets: the intervals are wide, and one arm may be ahead of another by chance",
                    targets.size()));
  }
  if (const double tied = tied_share(split); tied > many_ties) {
    notes.push_back(fmt::format(
        "{:.0f} % of the targets are in the same second as the event before them: their order is that of the file, and "
        "an arm that follows the order may learn the file's sorting",
        100 * tied));
  }
  if (split.kind() == data::SplitKind::leave_last_out) {
    const double later = share_of_later_training(split, targets);
    constexpr double worth_a_note = 0.05;
    if (later > worth_a_note) {
      notes.push_back(
          fmt::format("{:.0f} % of the training events are later than the median target: all arms look into the future "
                      "of most users; --split temporal does not",
                      100 * later));
    }
  }
  return notes;
}

}  // namespace sotto::evaluate
