#include <sotto/data/json_objects.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace sotto::data {
namespace {

// Finds the end of the object that begins at `begin`. Returns null if it is not closed before `end`.
const char* end_of_object(const char* begin, const char* end) noexcept {
  std::size_t depth = 0;
  bool in_string = false;
  for (const char* at = begin; at != end; ++at) {
    if (in_string) {
      if (*at == '\\' && at + 1 != end)
        ++at;
      else if (*at == '"')
        in_string = false;
    } else if (*at == '"') {
      in_string = true;
    } else if (*at == '{' || *at == '[') {
      ++depth;
    } else if ((*at == '}' || *at == ']') && --depth == 0) {
      return at + 1;
    }
  }
  return nullptr;
}

bool is_between_objects(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' || c == '[' || c == ']';
}

}  // namespace

Error JsonObjects::error_here(ErrorCode code, std::string_view what) const {
  return {code, fmt::format("{}:{}: {}", name_, object_line_, what)};
}

// Returns false at the end of the text.
bool JsonObjects::skip_to_object() {
  while (true) {
    const char* const found = std::find_if_not(text_.begin(), text_.end(), is_between_objects);
    line_ += static_cast<std::uint64_t>(std::count(text_.begin(), found, '\n'));
    text_.take_up_to(found);
    if (!text_.empty()) return true;
    if (text_.complete()) return false;
    text_.read_more();
  }
}

Result<RowState> JsonObjects::next() {
  line_ += static_cast<std::uint64_t>(std::count(text_.begin(), next_, '\n'));
  text_.take_up_to(next_);
  const bool more = skip_to_object();
  next_ = text_.begin();
  object_line_ = line_;
  if (!more) {
    if (text_.read_error()) return error_here(text_.read_error()->code, text_.read_error()->detail);
    return RowState::end;
  }
  if (*text_.begin() != '{') {
    const char* const line_end = std::find(text_.begin(), text_.end(), '\n');
    refusal_ = fmt::format("no JSON object at {}; write objects, in an array or one after the other",
                           in_quotes({text_.begin(), static_cast<std::size_t>(line_end - text_.begin())}));
    next_ = line_end;
    return RowState::refused;
  }
  const char* end = end_of_object(text_.begin(), text_.end());
  while (end == nullptr && !text_.complete() && !text_.full()) {
    text_.read_more();
    end = end_of_object(text_.begin(), text_.end());
  }
  if (end == nullptr) {
    next_ = text_.begin();
    if (text_.read_error()) return error_here(text_.read_error()->code, text_.read_error()->detail);
    if (!text_.complete()) {
      return error_here(
          ErrorCode::out_of_range,
          "an object longer than 16 MiB begins here; write its list alone, for example: jq -c '.events[]'");
    }
    refusal_ = "the object that begins here is never closed; is the file incomplete?";
    next_ = text_.end();
    return RowState::refused;
  }
  object_ = {text_.begin(), static_cast<std::size_t>(end - text_.begin())};
  next_ = end;
  return RowState::good;
}

}  // namespace sotto::data
