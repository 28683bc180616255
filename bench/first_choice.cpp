// What is it worth to know why somebody came, and does it do harm afterwards? NDCG@10 of the first choices of users who
// are new in the last tenth of a log: without a context, with one category of the first item, and with one of another
// item. A measurement, not a part of the library (docs/personal.md has the figures and what follows from them).
//
//   cmake --preset release -DSOTTO_BUILD_BENCH=ON && cmake --build --preset release --target sotto_bench_first_choice
//   build/release/bench/first_choice LOG ITEMS MODEL BELIEF
//
// MODEL is of `sotto train --split temporal --no-final-training --interactions LOG`; ITEMS has a column `category`.
#include <sotto/base/random.hpp>
#include <sotto/data/catalogue_file.hpp>
#include <sotto/data/files.hpp>
#include <sotto/data/read_interactions.hpp>
#include <sotto/data/split.hpp>
#include <sotto/evaluate/arms.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/personal/owning_personal_session.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace sotto;

constexpr std::size_t choices = 6;
constexpr std::array arms{"none", "of the first item", "of another item"};

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "first_choice: %s\n", what.c_str());
  std::exit(1);
}

std::vector<std::string_view> categories_of(const Catalogue& catalogue, ItemIndex item) {
  std::vector<std::string_view> categories;
  std::string_view left = catalogue.categories.empty() ? std::string_view() : catalogue.categories[item];
  while (!left.empty()) {
    const std::size_t end = std::min(left.find('|'), left.size());
    if (end > 0) categories.push_back(left.substr(0, end));
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  return categories;
}

// All items of one category of this item, drawn.
std::vector<ItemIndex> context_of(const Catalogue& catalogue, ItemIndex item, Random& random) {
  const auto categories = categories_of(catalogue, item);
  const std::string_view one = categories[random.below(static_cast<std::uint32_t>(categories.size()))];
  std::vector<ItemIndex> items;
  for (ItemIndex i = 0; i < catalogue.size(); ++i) {
    const auto categories_of_item = categories_of(catalogue, i);
    if (std::ranges::find(categories_of_item, one) != categories_of_item.end()) items.push_back(i);
  }
  return items;
}

double ndcg(std::span<const std::int32_t> scores, ItemIndex target, std::span<const ItemIndex> passed_over) {
  std::size_t rank = 1;  // ties count against the target
  for (ItemIndex item = 0; item < scores.size(); ++item) {
    if (item == target || scores[item] < scores[target]) continue;
    if (std::ranges::find(passed_over, item) == passed_over.end()) ++rank;
  }
  return rank > 10 ? 0 : 1 / std::log2(static_cast<double>(rank) + 1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) fail("usage: first_choice LOG ITEMS MODEL BELIEF");
  data::ReadReport report;
  const auto log = data::read_interactions({argv[1]}, {}, report);
  if (!log) fail(log.error().detail);
  const auto catalogue = data::make_catalogue(*log, argv[2]);
  if (!catalogue) fail(catalogue.error().detail);
  const auto bytes = data::read_file(argv[3]);
  if (!bytes) fail(bytes.error().detail);
  const auto model = parse_fixed_model(*bytes);
  if (!model) fail(argv[3] + (": " + model.error().detail));
  if (model->info.catalogue.item_ids != catalogue->item_ids) fail("the model was trained on another log");
  const float belief = std::strtof(argv[4], nullptr);
  const Engine engine(*model, 1);
  const bool exclude_history = data::history_never_repeats(data::Split(*log, data::SplitKind::temporal));

  std::vector<std::int64_t> times = log->timestamp;
  std::ranges::sort(times);
  const std::int64_t last_tenth = times[times.size() * 9 / 10];
  std::deque<OwningPersonalSession> sessions;
  for (std::size_t arm = 0; arm < arms.size(); ++arm) sessions.emplace_back(engine);
  std::array<std::array<double, choices>, arms.size()> sums{};
  std::array<std::size_t, choices> users{};
  Random random(1);
  for (std::size_t user = 0; user < log->users(); ++user) {
    const auto items = log->items_of(user);
    if (log->times_of(user).front() < last_tenth || categories_of(*catalogue, items.front()).empty()) continue;
    ItemIndex other = 0;
    do other = random.below(catalogue->size());
    while (categories_of(*catalogue, other).empty());
    for (auto& session : sessions) session.reset();
    (void)sessions[1].set_context(context_of(*catalogue, items.front(), random), belief);
    (void)sessions[2].set_context(context_of(*catalogue, other, random), belief);
    for (std::size_t n = 0; n < std::min(choices, items.size()); ++n) {
      ++users[n];
      const std::int64_t now = log->times_of(user)[n];
      for (std::size_t arm = 0; arm < arms.size(); ++arm) {
        sums[arm][n] += ndcg(sessions[arm].scores(now), items[n], exclude_history ? items.first(n) : items.first(0));
        (void)sessions[arm].observe(items[n], now);
      }
    }
  }
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    std::printf("%-18s", arms[arm]);
    for (std::size_t n = 0; n < choices; ++n) std::printf(" %.4f", sums[arm][n] / static_cast<double>(users[n]));
    std::puts("");
  }
  std::printf("%-18s", "users");
  for (const std::size_t count : users) std::printf(" %zu", count);
  std::puts("");
}
