// The tasks that are measured: what an engine does for a page, one call each.
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
inline constexpr std::size_t batch_examples = 16;
inline constexpr std::size_t grouped_users = 16;
inline constexpr std::size_t sampled_negatives = 100;

enum class Task {
  event,
  event_top10,
  group_event,
  group_event_top10,
  replay_top10,
  scores,
  top10,
  head_step,
  head_step_batch,
  sampled_step,
  open
};

enum class WeightPart { lstm, head, all };

struct TaskDescription {
  Task task;
  std::string_view name;  // on the command line and in JSON
  std::string_view label;
  std::optional<WeightPart> floor =
      {};  // the weights that it must read, where reading them is the larger part of the work
  bool learns = false;                   // a softmax head only
};

inline constexpr std::array task_descriptions = {
    TaskDescription{Task::event, "event", "one event", WeightPart::lstm},
    TaskDescription{Task::event_top10, "event_top10", "one event, top 10", WeightPart::all},
    TaskDescription{Task::group_event, "group_event", "16 users' events"},
    TaskDescription{Task::group_event_top10, "group_event_top10", "16 users' events, top 10s"},
    TaskDescription{Task::replay_top10, "replay_top10", "50 events replayed, top 10"},
    TaskDescription{Task::scores, "scores", "stored state → all scores", WeightPart::head},
    TaskDescription{Task::top10, "top10", "top 10 of the scores"},
    TaskDescription{.task = Task::head_step, .name = "head_step", .label = "head step, 1 example", .learns = true},
    TaskDescription{
        .task = Task::head_step_batch, .name = "head_step_batch", .label = "head step, 16 examples", .learns = true},
    TaskDescription{
        .task = Task::sampled_step, .name = "sampled_step", .label = "head step, 100 negatives", .learns = true},
    TaskDescription{Task::open, "open", "opening the model"},
};

[[nodiscard]] constexpr const TaskDescription& describe(Task task) noexcept {
  return task_descriptions[static_cast<std::size_t>(task)];
}

[[nodiscard]] std::string_view weight_part_name(WeightPart part) noexcept;  // "lstm", "head", "all"

// Only a softmax head reads its weights in full, and only a softmax head can learn.
[[nodiscard]] bool can_run(Task task, const Architecture& architecture) noexcept;
[[nodiscard]] std::optional<WeightPart> floor_of(Task task, const Architecture& architecture) noexcept;

}  // namespace sotto::measure
