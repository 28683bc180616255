#include <sotto/report/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace sotto::report {

std::string escape(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      case '\'': escaped += "&#39;"; break;
      default: {
        const auto byte = static_cast<unsigned char>(c);
        const bool control = (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f;
        if (control) {
          escaped += "\xEF\xBF\xBD";
        } else {
          escaped += c;
        }
      }
    }
  }
  return escaped;
}

std::string number_text(double value, int decimals) {
  if (!std::isfinite(value)) return "–";
  std::string digits = fmt::format("{:.{}f}", std::abs(value), decimals);
  const std::size_t whole = std::min(digits.find('.'), digits.size());
  for (std::size_t place = whole; place > 3; place -= 3) digits.insert(place - 3, ",");
  const bool zero = digits.find_first_of("123456789") == std::string::npos;
  return value < 0 && !zero ? "−" + digits : digits;
}

int decimals_for(std::span<const double> values) noexcept {
  double largest = 0;
  bool whole = true;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    largest = std::max(largest, std::abs(value));
    whole = whole && value == std::round(value);
  }
  if (whole || largest >= 1000) return 0;
  return largest >= 100 ? 1 : largest >= 10 ? 2 : largest >= 1 ? 3 : 4;
}

}  // namespace sotto::report
