// The tasks to measure. Each is one call that an engine makes for a page.
#pragma once

#include <sotto/model/spec.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace sotto::measure {

inline constexpr std::size_t replayed_events = 50;
inline constexpr std::size_t recommended_items = 10;
inline constexpr std::size_t grouped_users = 16;

enum class Task { event, event_top10, group_event, group_event_top10, replay_top10, scores, top10, open };

enum class WeightPart { lstm, head, all };

struct TaskDescription {
  Task task;
  std::string_view name;  // name on the command line and in JSON
  std::string_view label;
  std::optional<WeightPart> floor = {};  // weights that it must read, if this is the main part of the work
};

inline constexpr std::array task_descriptions = {
    TaskDescription{Task::event, "event", "one event", WeightPart::lstm},
    TaskDescription{Task::event_top10, "event_top10", "one event, top 10", WeightPart::all},
    TaskDescription{Task::group_event, "group_event", "16 users' events"},
    TaskDescription{Task::group_event_top10, "group_event_top10", "16 users' events, top 10s"},
    TaskDescription{Task::replay_top10, "replay_top10", "50 events replayed, top 10"},
    TaskDescription{Task::scores, "scores", "stored state → all scores", WeightPart::head},
    TaskDescription{Task::top10, "top10", "top 10 of the scores"},
    TaskDescription{Task::open, "open", "opening the model"},
};

[[nodiscard]] constexpr const TaskDescription& describe(Task task) noexcept {
  return task_descriptions[static_cast<std::size_t>(task)];
}

[[nodiscard]] std::string_view weight_part_name(WeightPart part) noexcept;  // "lstm", "head", "all"

// Returns the weights that a task must read with this architecture. Only a softmax head reads all of its weights.
[[nodiscard]] std::optional<WeightPart> floor_of(Task task, const Architecture& architecture) noexcept;

}  // namespace sotto::measure
