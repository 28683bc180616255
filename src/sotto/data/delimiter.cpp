#include <sotto/data/delimiter.hpp>
#include <sotto/data/text.hpp>

#include <algorithm>

namespace sotto::data {
namespace {

bool may_delimit(char c) noexcept {
  const bool letter_or_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return !letter_or_digit && c != '"' && c != '\n' && c != '\r' && c != '\0' && c != '.' && c != '-';
}

}  // namespace

std::optional<Delimiter> Delimiter::parse(std::string_view text) noexcept {
  if (text == "tab" || text == "\\t") return Delimiter('\t');
  if (text == "space" || text == " ") return run_of_spaces();
  if (text.empty() || text.size() > max_bytes || !std::ranges::all_of(text, may_delimit)) return std::nullopt;
  Delimiter delimiter;
  std::ranges::copy(text, delimiter.text_.begin());
  delimiter.size_ = text.size();
  return delimiter;
}

std::string Delimiter::in_words() const {
  if (run_) return "spaces";
  if (text() == ",") return "commas";
  if (text() == ";") return "semicolons";
  if (text() == "\t") return "tabs";
  return in_quotes(text());
}

}  // namespace sotto::data
