#include <sotto/data/json_path.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace sotto::data {

Result<JsonPath> JsonPath::parse(std::string_view text) {
  constexpr std::size_t max_steps = 64;
  const std::string_view whole = text;
  const auto refuse = [&](std::string_view what) {
    return Error{ErrorCode::invalid_argument, fmt::format("{} is no path to a field: {}", in_quotes(whole), what)};
  };
  if (text.starts_with("$.")) text.remove_prefix(2);
  JsonPath path;
  while (true) {
    const std::size_t end = std::min(text.find('.'), text.size());
    std::string_view key = text.substr(0, end);
    Step step;
    for (const std::string_view mark : {"[]", "[*]"}) {
      if (!step.every_entry && key.ends_with(mark)) {
        key.remove_suffix(mark.size());
        step.every_entry = true;
      }
    }
    if (key.empty()) return refuse("a name is empty");
    step.key = key;
    path.steps.push_back(std::move(step));
    if (path.steps.size() > max_steps) return refuse("it has too many names");
    if (end == text.size()) break;
    text.remove_prefix(end + 1);
  }
  if (std::ranges::count(path.steps, true, &Step::every_entry) > 1)
    return refuse("it goes through more than one list; '[]' may stand in it once");
  return path;
}

std::size_t JsonPath::list_steps() const noexcept {
  const auto list = std::ranges::find(steps, true, &Step::every_entry);
  return list == steps.end() ? 0 : static_cast<std::size_t>(list - steps.begin()) + 1;
}

std::string JsonPath::list() const {
  std::string text;
  for (std::size_t i = 0; i < list_steps(); ++i) text += (i == 0 ? "" : ".") + steps[i].key;
  return text.empty() ? text : text + "[]";
}

}  // namespace sotto::data
