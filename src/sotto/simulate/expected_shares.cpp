#include <sotto/personal/internal/memory_prediction.hpp>
#include <sotto/runtime/session.hpp>
#include <sotto/simulate/expected_shares.hpp>
#include <sotto/simulate/head_rows.hpp>
#include <sotto/simulate/parts.hpp>

#include <cstddef>
#include <span>

namespace sotto::simulate {
namespace {

// Adds up one part of the users.
void add_part(const LiveLog& live, const PersonalModel& model, Part part, const std::atomic<bool>* stop,
              std::vector<double>& sums) {
  const Engine& engine = model.engine();
  const auto& log = live.split().log();
  const std::size_t items = engine.architecture().items;
  UserState state(engine);
  Workspace workspace(engine);
  Session session(engine, state, workspace);
  AlignedBuffer<float> probabilities(round_up(items, float_tile));
  for (std::size_t place = part.begin; place < part.end; ++place) {
    const LiveUser& user = live.users()[place];
    if (user.warm_up.empty()) continue;
    if (stop != nullptr && stop->load(std::memory_order_relaxed)) return;
    session.reset();
    const auto history = log.items_of(user.user);
    for (std::size_t event = 0; event < user.warm_up.end; ++event) {
      if (event >= user.warm_up.begin) {
        to_probabilities(engine.kernels(), session.scores(), model.temperature(), probabilities.span());
        for (std::size_t i = 0; i < items; ++i) sums[i] += static_cast<double>(probabilities[i]);
      }
      // Items come from the catalogue, so that this cannot fail.
      if (const ItemIndex item = live.item(history[event]); item != evaluate::unknown_item) (void)session.observe(item);
    }
  }
}

}  // namespace

Result<std::vector<double>> expected_shares(const LiveLog& live, const PersonalModel& model, train::ThreadPool& pool,
                                            const std::atomic<bool>* stop) {
  const std::size_t items = model.engine().architecture().items;
  std::vector<std::vector<double>> sums(number_of_parts, std::vector<double>(items));
  pool.run(number_of_parts,
           [&](std::size_t part) { add_part(live, model, part_of(live.users().size(), part), stop, sums[part]); });
  if (stop != nullptr && stop->load(std::memory_order_relaxed)) {
    return Error{ErrorCode::interrupted, "the simulation was interrupted"};
  }
  std::vector<double> shares(items);
  double total = 0;
  for (const auto& of_part : sums) {
    for (std::size_t i = 0; i < items; ++i) shares[i] += of_part[i];
  }
  for (const double share : shares) total += share;
  for (double& share : shares) share = total > 0 ? share / total : 0;
  return shares;
}

}  // namespace sotto::simulate
