#include <sotto/report/terminal_text.hpp>

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>

namespace sotto::report {
namespace {

constexpr std::uint32_t replacement_character = 0xfffd;

struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 0;  // 0: the first byte begins no character
};

// The character that `text` begins with. Overlong forms, surrogates and codes above 10FFFF are none (RFC 3629).
Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {};
  std::uint32_t code = lead & (0x7fU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3fU);
  }
  const bool is_overlong = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
  const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
  if (is_overlong || is_surrogate || code > 0x10ffff) return {};
  return {code, bytes};
}

bool is_obeyed(std::uint32_t code) {
  const bool is_control = (code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7f && code <= 0x9f);
  const bool turns_direction = code == 0x061c || code == 0x200e || code == 0x200f ||
                               (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  return is_control || turns_direction;
}

}  // namespace

std::string for_terminal(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const Character character = first_character(text);
    if (character.bytes == 0) {
      shown += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(text.front()));
      text.remove_prefix(1);
      continue;
    }
    if (!is_obeyed(character.code)) {
      shown += text.substr(0, character.bytes);
    } else if (character.code < 0x80) {
      shown += fmt::format("\\x{:02x}", character.code);
    } else {
      shown += fmt::format("\\u{:04x}", character.code);
    }
    text.remove_prefix(character.bytes);
  }
  return shown;
}

std::string json_for_terminal(std::string_view json) {
  std::string shown;
  shown.reserve(json.size());
  while (!json.empty()) {
    Character character = first_character(json);
    if (character.bytes == 0) character = {replacement_character, 1};
    if (is_obeyed(character.code) || character.code == replacement_character) {
      shown += fmt::format("\\u{:04x}", character.code);
    } else {
      shown += json.substr(0, character.bytes);
    }
    json.remove_prefix(character.bytes);
  }
  return shown;
}

}  // namespace sotto::report
