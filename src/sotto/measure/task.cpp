#include <sotto/measure/task.hpp>

namespace sotto::measure {

static_assert([] {
  for (std::size_t i = 0; i < task_descriptions.size(); ++i) {
    if (task_descriptions[i].task != static_cast<Task>(i)) return false;
  }
  return true;
}());

std::string_view weight_part_name(WeightPart part) noexcept {
  switch (part) {
    case WeightPart::lstm: return "lstm";
    case WeightPart::head: return "head";
    case WeightPart::all: return "all";
  }
  return "";
}

std::optional<WeightPart> floor_of(Task task, const Architecture& architecture) noexcept {
  const auto part = describe(task).floor;
  if (architecture.head == HeadKind::binary && part != WeightPart::lstm) return std::nullopt;
  return part;
}

}  // namespace sotto::measure
