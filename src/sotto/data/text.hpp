// Functions for text from outside: the check for UTF-8, and its form in an error.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sotto::data {

// Accepts well-formed UTF-8 by Unicode 15, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

// Returns the text in single quotes for one line of an error. It is shortened to 60 bytes. Control characters and bytes
// that are not UTF-8 are shown as \xNN.
[[nodiscard]] std::string in_quotes(std::string_view text);

// What makes UTF-8 of a text that is none, as a phrase.
inline constexpr std::string_view utf8_advice =
    "export it in UTF-8, or convert it: iconv -f WINDOWS-1252 -t UTF-8 (Latin-1 is the same for letters)";

// True for the texts that stand for a missing value where software has written one: nan, NULL, NA, N/A, None, <NA>, \N,
// nil and undefined, in any case.
[[nodiscard]] bool stands_for_missing(std::string_view text) noexcept;

// What takes such a text in a log as an id, as a phrase.
inline constexpr std::string_view literal_ids_advice = "--literal-ids takes it as an id";

// True for a number as spreadsheets write long ones, "1.23E+12": its last digits are lost.
[[nodiscard]] bool is_rounded_by_spreadsheet(std::string_view text) noexcept;

// Reads a number with a decimal point or comma, "3.5" or "3,5". Empty for other text, and for "1,234": the comma may
// separate thousands.
[[nodiscard]] std::optional<double> parse_decimal(std::string_view text) noexcept;

}  // namespace sotto::data
