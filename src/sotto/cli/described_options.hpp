// What the reference, the manual page and the completions read from the options alike.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace sotto::cli {

[[nodiscard]] inline std::vector<const CLI::App*> subcommands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

// "FILE"; "" for a flag.
[[nodiscard]] inline std::string value_type(const CLI::Option& option) {
  if (option.get_expected_max() == 0) return "";
  // CLI11 appends to the type's name what its checks say, which may depend on the processor.
  const std::string type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

}  // namespace sotto::cli
