// What the program says: results on stdout, everything else on stderr.
#pragma once

#include <sotto/base/result.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace sotto::cli {

using Json = nlohmann::ordered_json;

// One line on stderr, "sotto COMMAND: …"; the exit code that goes with the error.
int fail(std::string_view command, const Error& error);
void note(std::string_view command, std::string_view text);

void print(std::string_view text);
// One JSON object and a line end. Text that is not UTF-8, such as a file's name, is repaired.
void print_json(const Json& object);

[[nodiscard]] bool stderr_is_terminal() noexcept;

[[nodiscard]] std::string bytes_in_words(std::uint64_t bytes);  // "1.25 MB", decimal units
[[nodiscard]] std::string seconds_in_words(double seconds);     // "3.2 s", "4 min 05 s", "2 h 03 min"
[[nodiscard]] std::string date(std::int64_t seconds_since_1970);  // "2011-12-09"

}  // namespace sotto::cli
