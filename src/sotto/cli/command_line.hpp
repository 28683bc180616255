// A subcommand as it was typed, for someone to type it again.
#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace sotto::cli {

// The word as a shell reads it back: in single quotes unless it is plain.
[[nodiscard]] std::string shell_word(std::string_view word);

// "sotto evaluate --model m.safetensors …": the options that were given, in the order of the help text.
[[nodiscard]] std::string command_line(const CLI::App& subcommand);

}  // namespace sotto::cli
