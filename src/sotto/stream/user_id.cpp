#include <sotto/stream/user_id.hpp>

#include <algorithm>

namespace sotto::stream {

bool is_user_id(std::string_view text) noexcept {
  const auto is_control = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  };
  // U+0080 … U+009F are control characters too: C2 80 … C2 9F in UTF-8.
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const auto next = static_cast<unsigned char>(text[i + 1]);
    if (static_cast<unsigned char>(text[i]) == 0xc2 && next < 0xa0) return false;
  }
  return !text.empty() && text.size() <= max_user_id && std::ranges::none_of(text, is_control);
}

}  // namespace sotto::stream
