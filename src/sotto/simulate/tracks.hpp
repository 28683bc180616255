// A track is one sequence of rankings whose accuracy is measured: an arm, for one length of the rounds, one number of
// reports and one seed of the noise.
#pragma once

#include <sotto/simulate/options.hpp>
#include <sotto/simulate/trend_line.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace sotto::simulate {

enum class TrackKind { base, personal, trend, adapter, federated_head, central };

struct Track {
  TrackKind kind = TrackKind::base;
  std::string arm;
  std::size_t rounds = 0;  // place in SimulationOptions::round_days; without meaning for base and personal
  std::optional<std::size_t> line = {};  // among the lines of these rounds: of a trend, and of an adapter
  std::uint64_t reports = 0;  // LineSource::reports of the line
};

inline constexpr std::size_t base_track = 0;
inline constexpr std::size_t personal_track = 1;

struct Plan {
  std::vector<std::vector<LineSource>> lines;  // for each of the rounds' lengths
  std::vector<Track> tracks;  // base, personal, then those of each of the rounds' lengths
};

[[nodiscard]] Plan make_plan(const SimulationOptions& options);

// A row of sums: targets, targets that are new to the base, then for each track the NDCG@10 of both.
struct TrackColumns {
  static constexpr std::size_t targets = 0;
  static constexpr std::size_t new_targets = 1;

  [[nodiscard]] static constexpr std::size_t ndcg(std::size_t track) noexcept { return 2 + 2 * track; }
  [[nodiscard]] static constexpr std::size_t new_ndcg(std::size_t track) noexcept { return 3 + 2 * track; }
  [[nodiscard]] static constexpr std::size_t count(std::size_t tracks) noexcept { return ndcg(tracks); }
};

}  // namespace sotto::simulate
