// The whole command line: the program, its subcommands and what is printed about them.
#pragma once

#include <sotto/cli/options.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sotto::cli {

class Program {
 public:
  Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  // Subcommands stand in the help in the order in which they are added.
  Command add(const std::string& name, const std::string& description);

  // Parses the arguments. Returns an exit code where the program ends here. It ends after a wrong use, which is
  // reported on stderr, and after --help and --version, which are answered on stdout.
  [[nodiscard]] std::optional<int> parse(int argc, const char* const* argv);

  // Parses the words after the program's name for a host that has no console. Fails after a wrong use.
  [[nodiscard]] Status take(const std::vector<std::string>& words);

  // Precondition: parse returned nothing, or take succeeded.
  [[nodiscard]] std::string chosen() const;  // the name of the subcommand that was given
  // Fails where it would write over what the user has, or cannot write (FileRoles::check).
  [[nodiscard]] Status check_files() const;

  [[nodiscard]] std::vector<std::string> names() const;  // of the subcommands, in the order of the help
  [[nodiscard]] std::string help() const;  // of the program
  [[nodiscard]] std::string help(const std::string& subcommand) const;
  // The page docs/cli.md: the help of the program and of all subcommands, as Markdown.
  [[nodiscard]] std::string reference() const;
  // The same as a manual page, in roff.
  [[nodiscard]] std::string manual() const;
  // A script that completes subcommands, options and their values in a shell.
  enum class Shell { bash, zsh, fish };
  [[nodiscard]] std::string completion(Shell shell) const;

 private:
  // What was meant where a word of the command line is unknown, as a phrase; "" where none is.
  [[nodiscard]] std::string unknown_word(int argc, const char* const* argv) const;

  std::unique_ptr<CLI::App> app_;
  std::map<std::string, std::unique_ptr<FileRoles>> files_;  // by subcommand
};

}  // namespace sotto::cli
