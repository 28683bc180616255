// Ranks a user's held-out item among the whole catalogue, after the user's history.
#pragma once

#include <sotto/train/gradient_shard.hpp>
#include <sotto/train/rank_query.hpp>

#include <algorithm>
#include <limits>

namespace sotto::train {
inline namespace SOTTO_TRAIN_TIER {

inline constexpr Index rank_window_steps = 64;
inline constexpr Index rank_score_values = Index{1} << 20;  // limits the score matrix to 4 MiB of float32

template <class T>
struct RankScratch {
  explicit RankScratch(const ParameterLayout& layout) : packed(layout.layers) {}

  PackedLayers<T> packed;
  ShardScratch<T> network;
  Eigen::Array<std::uint32_t, Eigen::Dynamic, 1> input;  // [steps · lanes]
  Eigen::Array<std::uint8_t, Eigen::Dynamic, 1> starts;  // [steps · lanes]
  Matrix<T> head_input;                                  // [queries × H]: u after each query's last event
  Matrix<T> scores;                                      // [rows × items]
};

// Runs all histories, with a lane for each, longest first. A lane ends with its history.
template <class T>
void run_histories(const ParameterLayout& layout, const T* parameters, const RankQuery* queries, Index count,
                   RankScratch<T>& scratch) {
  reset_state(layout, static_cast<std::size_t>(count), scratch.network);
  for (std::size_t l = 0; l < layout.layers; ++l) scratch.packed.pack_forward(layout, l, parameters);
  scratch.head_input.resize(count, index(layout.hidden_dim));
  Index lanes = count;
  for (Index begin = 0; lanes > 0; begin += rank_window_steps) {
    const Index steps = std::min(rank_window_steps, index(queries[0].length) - begin);
    scratch.input.resize(steps * lanes);
    scratch.starts.setZero(steps * lanes);
    for (Index lane = 0; lane < lanes; ++lane) {
      for (Index t = 0; t < steps; ++t) {
        // After the end of a history any item is valid, because the results are not used.
        const Index event = std::min(begin + t, index(queries[lane].length) - 1);
        scratch.input(t * lanes + lane) = queries[lane].history[event];
      }
    }
    ShardStep step;
    step.steps = static_cast<std::size_t>(steps);
    step.lanes = static_cast<std::size_t>(lanes);
    step.starts = scratch.starts.data();
    step.input = scratch.input.data();
    forward(layout, parameters, scratch.packed, step, Dropout{}, scratch.network);

    Index remaining = 0;
    for (Index lane = 0; lane < lanes; ++lane) {
      const Index last = index(queries[lane].length) - 1 - begin;
      if (last < steps) {
        scratch.head_input.row(lane) = scratch.network.head_input.row(last * lanes + lane);
      } else {
        remaining = lane + 1;
      }
    }
    lanes = remaining;
    for (auto& layer : scratch.network.layers) {
      layer.state.hidden.conservativeResize(lanes, Eigen::NoChange);
      layer.state.cell.conservativeResize(lanes, Eigen::NoChange);
    }
  }
}

// Ranks start at 1. Ties and NaN count against the target. Preconditions: the longest queries come first; every history
// has at least one event.
template <class T>
void rank_targets(const ParameterLayout& layout, const T* parameters, const RankQuery* queries, std::size_t count,
                  std::uint32_t* ranks, RankScratch<T>& scratch) {
  if (count == 0) return;
  run_histories(layout, parameters, queries, index(count), scratch);
  const auto head = matrix_of(parameters, layout.head);
  const auto bias = row_of(parameters, layout.head_bias);
  const Index rows_at_once = std::max(Index{1}, rank_score_values / head.rows());
  for (Index first = 0; first < index(count); first += rows_at_once) {
    const Index rows = std::min(rows_at_once, index(count) - first);
    scratch.scores.resize(rows, head.rows());
    scratch.scores.noalias() = scratch.head_input.middleRows(first, rows) * head.transpose();
    scratch.scores.array().rowwise() += bias;
    for (Index r = 0; r < rows; ++r) {
      const T target_score = scratch.scores(r, static_cast<Index>(queries[first + r].target));
      T* const scores = scratch.scores.row(r).data();
      const RankQuery& query = queries[first + r];
      if (query.excludes_history) {
        for (std::size_t event = 0; event < query.length; ++event) {
          if (query.history[event] != query.target) scores[query.history[event]] = -std::numeric_limits<T>::infinity();
        }
      }
      std::uint32_t rank = 0;  // the target's own score is not below itself, so the count starts at 1
      for (Index item = 0; item < head.rows(); ++item) rank += scores[item] < target_score ? 0U : 1U;
      ranks[first + r] = rank;
    }
  }
}

}  // namespace SOTTO_TRAIN_TIER
}  // namespace sotto::train
