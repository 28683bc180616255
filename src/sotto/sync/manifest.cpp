#include <sotto/sync/manifest.hpp>

#include <string_view>

namespace sotto::sync {
namespace {

void append_hex(std::string& text, ByteSpan bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const std::byte byte : bytes) {
    text.push_back(digits[std::to_integer<std::size_t>(byte >> 4)]);
    text.push_back(digits[std::to_integer<std::size_t>(byte & std::byte{15})]);
  }
}

void append_line(std::string& text, std::string_view name, std::uint64_t value) {
  text.append(name).append(" ").append(std::to_string(value)).append("\n");
}

}  // namespace

std::string task_parameters(const Manifest& manifest) {
  std::string text = "sotto private sync 1\nmodel ";
  for (int shift = 56; shift >= 0; shift -= 8) {
    const std::byte byte{static_cast<std::uint8_t>(manifest.model.fingerprint >> shift)};
    append_hex(text, {&byte, 1});
  }
  text.append("\nslots_sha256 ");
  append_hex(text, manifest.slots.file.sha256);
  text.append("\n");
  append_line(text, "slots", manifest.slots.count);
  append_line(text, "noise_thousandths", manifest.noise_thousandths);
  append_line(text, "reports_per_28_days", manifest.reports_per_28_days);
  append_line(text, "min_batch", manifest.min_batch);
  append_line(text, "expires", manifest.expires);
  return text;
}

}  // namespace sotto::sync
