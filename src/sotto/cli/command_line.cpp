#include <sotto/cli/command_line.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

namespace sotto::cli {

std::string shell_word(std::string_view word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string command_line(const CLI::App& subcommand) {
  std::string line = "sotto " + subcommand.get_name();
  for (const CLI::Option* option : subcommand.get_options()) {
    if (option->count() == 0) continue;
    line += " " + option->get_name();
    if (option->get_expected_min() == 0) continue;  // a flag
    if (option->get_delimiter() != '\0') {
      line += " " + shell_word(fmt::format("{}", fmt::join(option->results(), ",")));
    } else {
      for (const std::string& word : option->results()) line += " " + shell_word(word);
    }
  }
  return line;
}

}  // namespace sotto::cli
