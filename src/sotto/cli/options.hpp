// Options of a subcommand. CLI11 does the work in options.cpp and program.cpp alone: a file that includes this header
// does not compile that library again.
#pragma once

#include <sotto/app/output_files.hpp>
#include <sotto/base/result.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace sotto::cli {

// The files that a subcommand reads and writes, by its options.
struct FileRoles {
  struct Written {
    std::string what;  // for errors, "--out" or "--out's checkpoint"
    const CLI::Option* option;
    app::FileKind kind;
    std::filesystem::path (*beside)(const std::filesystem::path&);  // null: the option's own file
  };

  struct Read {
    std::string what;  // for errors, "--model"
    const CLI::Option* option;
    std::vector<std::filesystem::path> (*implied)(const std::filesystem::path&);  // null: the option's own file
  };

  CLI::App* app = nullptr;  // the subcommand
  std::vector<Read> read;
  std::vector<Written> written;
  bool force = false;

  // See app::check_outputs.
  [[nodiscard]] Status check() const;
};

// An option that was added to a subcommand. A handle: copies stand for the same option.
class Option {
 public:
  Option(CLI::Option* option, FileRoles& files) noexcept : option_(option), files_(&files) {}

  Option required();
  Option type(const std::string& name);        // what the help shows for the value, such as FILE
  Option group(const std::string& heading);    // the heading of the help under which the option stands
  Option shows_default();                      // the help shows the value that the variable has now
  Option shows_default(const std::string& text);

  // Sets the allowed values. The bounds are inclusive.
  Option range(unsigned low, unsigned high);
  Option range(std::size_t low, std::size_t high);
  Option range(float low, float high);
  Option range(double low, double high);
  Option one_of(const std::vector<std::string>& values);
  Option one_of_numbers(const std::vector<int>& values);
  // `problem` gets the text and says what is wrong with it; an empty answer allows it.
  Option check(std::function<std::string(const std::string&)> problem);

  Option needs(Option other);
  Option excludes(Option other);
  Option list(char separator);  // one word holds several values
  Option repeats();             // the option takes one value each time it is given
  Option takes_effect_first();  // its value is taken before the values of all other options

  // The values are files that the subcommand reads, or writes. An output is checked before the subcommand runs, against
  // all inputs (FileRoles::check). The subcommand gets the flag --force with its first output.
  Option reads();
  // It also reads files that follow from the value; `what` names their reader in errors.
  Option reads_implied(const std::string& what,
                       std::vector<std::filesystem::path> (*implied)(const std::filesystem::path&));
  Option writes(app::FileKind kind);
  // It also writes a file whose name follows from the value; `what` names that file in errors.
  Option writes_beside(const std::string& what, app::FileKind kind,
                       std::filesystem::path (*beside)(const std::filesystem::path&));

  [[nodiscard]] bool given() const;

 private:
  friend class Command;
  CLI::Option* option_;
  FileRoles* files_;
};

// A subcommand's options. A handle: copies stand for the same subcommand.
class Command {
 public:
  // The roles must outlive the command.
  explicit Command(FileRoles& files) noexcept : app_(files.app), files_(&files) {}

  // Names begin with "--"; without it the option is positional. The variable must live until the command line is
  // parsed; it keeps its value where the option is not given.
  Option option(const std::string& name, std::string& value, const std::string& help);
  Option option(const std::string& name, int& value, const std::string& help);
  Option option(const std::string& name, unsigned& value, const std::string& help);
  Option option(const std::string& name, unsigned long& value, const std::string& help);
  Option option(const std::string& name, unsigned long long& value, const std::string& help);
  Option option(const std::string& name, float& value, const std::string& help);
  Option option(const std::string& name, double& value, const std::string& help);
  Option option(const std::string& name, std::optional<double>& value, const std::string& help);
  Option option(const std::string& name, std::optional<unsigned long>& value, const std::string& help);
  Option option(const std::string& name, std::optional<unsigned long long>& value, const std::string& help);
  Option option(const std::string& name, std::vector<std::string>& values, const std::string& help);
  Option option(const std::string& name, std::vector<unsigned>& values, const std::string& help);
  Option option(const std::string& name, std::vector<double>& values, const std::string& help);

  Option flag(const std::string& name, bool& value, const std::string& help);

  // `take` gets the text and says what is wrong with it; an empty answer accepts it.
  Option text(const std::string& name, std::function<std::string(const std::string&)> take, const std::string& help);

  // The value by one of its names, in any case.
  template <class Value>
  Option choice(const std::string& name, Value& value, const std::vector<std::pair<std::string, Value>>& choices,
                const std::string& help) {
    std::vector<std::pair<std::string, int>> numbers;
    for (const auto& [text, choice] : choices) numbers.emplace_back(text, static_cast<int>(choice));
    return number_by_name(name, [&value](int number) { value = static_cast<Value>(number); }, numbers, help);
  }

  // `problem` is asked once all options of the subcommand are known. Its answer, if not empty, is the error's text. A
  // subcommand has one such question.
  void check_together(std::function<std::string()> problem);

  // Gives every option that the subcommand has by now an environment variable: "--tls-cert" becomes PREFIX_TLS_CERT.
  // A typed option wins.
  void take_from_environment(const std::string& prefix);
  // Takes the options that are neither typed nor in the environment from the file that `file` names, if it names one.
  // The file is TOML or INI: "tls-cert = FILE". A name that is no option is an error. Then `problem` is asked, as
  // check_together asks it. The subcommand must not use both.
  void take_from_file(Option file, std::function<std::string()> problem);

  [[nodiscard]] bool force() const noexcept { return files_->force; }  // whether --force was given

  // The subcommand as it was typed, "sotto evaluate --model m.safetensors …": the options that were given, in the order
  // of the help.
  [[nodiscard]] std::string typed() const;

 private:
  Option number_by_name(const std::string& name, std::function<void(int)> take,
                        const std::vector<std::pair<std::string, int>>& choices, const std::string& help);

  CLI::App* app_;
  FileRoles* files_;
};

}  // namespace sotto::cli
