#include <sotto/cli/options.hpp>
#include <sotto/cli/shell_word.hpp>

#include <CLI/CLI.hpp>

#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <system_error>

namespace sotto::cli {
namespace {

void take_setting(CLI::App& app, const CLI::ConfigItem& item) {
  CLI::Option* option = item.parents.empty() ? app.get_option_no_throw("--" + item.name) : nullptr;
  if (option == nullptr || !option->get_configurable()) throw CLI::ConfigError::Extras(item.fullname());
  if (!option->empty()) return;
  if (option->get_expected_min() == 0) {
    option->add_result(option->get_flag_value(item.name, app.get_config_formatter()->to_flag(item)));
  } else {
    option->add_result(item.inputs);
  }
  option->run_callback();
}

// CLI11 takes what is too large for the largest number, and its ranges allow a value that is not a number: no
// comparison with it is true.
std::string problem_of_real(const std::string& text) {
  double value = 0;
  if (!CLI::detail::lexical_cast(text, value) || std::isnan(value)) return "'" + text + "' is not a number";
  return std::isinf(value) ? "'" + text + "' is too large" : std::string();
}

// CLI11 reads a negative number as a large one, and one that is too large as the largest.
std::string problem_of_whole(const std::string& text, std::uint64_t largest) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_whole = end != text.data() && end == text.data() + text.size();
  if (error == std::errc() && is_whole && value <= largest) return {};
  if (is_whole) return "'" + text + "' is above " + std::to_string(largest);
  const bool is_negative =
      text.size() > 1 && text.front() == '-' && text.find_first_not_of("0123456789", 1) == std::string::npos;
  return "'" + text + (is_negative ? "' is negative" : "' is no whole number");
}

template <class Whole>
CLI::Validator whole() {
  return {[](const std::string& text) { return problem_of_whole(text, std::numeric_limits<Whole>::max()); }, ""};
}

}  // namespace

Option Option::required() {
  option_->required();
  return *this;
}

Option Option::type(const std::string& name) {
  option_->type_name(name);
  return *this;
}

Option Option::group(const std::string& heading) {
  option_->group(heading);
  return *this;
}

Option Option::shows_default() {
  option_->capture_default_str();
  return *this;
}

Option Option::shows_default(const std::string& text) {
  option_->default_str(text);
  return *this;
}

Option Option::range(unsigned low, unsigned high) {
  option_->check(CLI::Range(low, high));
  return *this;
}

Option Option::range(std::size_t low, std::size_t high) {
  option_->check(CLI::Range(low, high));
  return *this;
}

Option Option::range(float low, float high) {
  option_->check(CLI::Range(low, high));
  return *this;
}

Option Option::range(double low, double high) {
  option_->check(CLI::Range(low, high));
  return *this;
}

Option Option::one_of(const std::vector<std::string>& values) {
  option_->check(CLI::IsMember(values));
  return *this;
}

Option Option::one_of_numbers(const std::vector<int>& values) {
  option_->check(CLI::IsMember(values));
  return *this;
}

Option Option::check(std::function<std::string(const std::string&)> problem) {
  option_->check(std::move(problem));
  return *this;
}

Option Option::needs(Option other) {
  option_->needs(other.option_);
  return *this;
}

Option Option::excludes(Option other) {
  option_->excludes(other.option_);
  return *this;
}

Option Option::list(char separator) {
  option_->delimiter(separator);
  return *this;
}

Option Option::repeats() {
  option_->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  return *this;
}

Option Option::takes_effect_first() {
  option_->trigger_on_parse();
  return *this;
}

Option Option::reads() {
  files_->read.push_back({option_->get_name(), option_, nullptr});
  return *this;
}

Option Option::reads_implied(const std::string& what,
                             std::vector<std::filesystem::path> (*implied)(const std::filesystem::path&)) {
  files_->read.push_back({what, option_, implied});
  return *this;
}

Option Option::writes(app::FileKind kind) { return writes_beside(option_->get_name(), kind, nullptr); }

Option Option::writes_beside(const std::string& what, app::FileKind kind,
                             std::filesystem::path (*beside)(const std::filesystem::path&)) {
  if (files_->written.empty()) {
    files_->app->add_flag("--force", files_->force, "replace an existing file that holds another kind of thing");
  }
  files_->written.push_back({what, option_, kind, beside});
  return *this;
}

Status FileRoles::check() const {
  std::vector<app::InputFile> inputs;
  for (const Read& of : read) {
    for (const std::string& file : of.option->results()) {
      if (file == "-") continue;  // standard input
      const auto files = of.implied == nullptr ? std::vector<std::filesystem::path>{file} : of.implied(file);
      for (const std::filesystem::path& each : files) inputs.push_back({of.what, each});
    }
  }
  std::vector<app::OutputFile> outputs;
  for (const Written& of : written) {
    for (const std::string& file : of.option->results()) {
      outputs.push_back({of.what, of.beside == nullptr ? std::filesystem::path(file) : of.beside(file), of.kind});
    }
  }
  return app::check_outputs(inputs, outputs, force);
}

bool Option::given() const { return option_->count() > 0; }

Option Command::option(const std::string& name, std::string& value, const std::string& help) {
  return Option(app_->add_option(name, value, help), *files_);
}
Option Command::option(const std::string& name, int& value, const std::string& help) {
  return Option(app_->add_option(name, value, help), *files_);
}
Option Command::option(const std::string& name, unsigned& value, const std::string& help) {
  return Option(app_->add_option(name, value, help)->check(whole<unsigned>()), *files_);
}
Option Command::option(const std::string& name, unsigned long& value, const std::string& help) {
  return Option(app_->add_option(name, value, help)->check(whole<unsigned long>()), *files_);
}
Option Command::option(const std::string& name, unsigned long long& value, const std::string& help) {
  return Option(app_->add_option(name, value, help)->check(whole<unsigned long long>()), *files_);
}
Option Command::option(const std::string& name, float& value, const std::string& help) {
  return Option(app_->add_option(name, value, help)->check(problem_of_real), *files_);
}
Option Command::option(const std::string& name, double& value, const std::string& help) {
  return Option(app_->add_option(name, value, help)->check(problem_of_real), *files_);
}
Option Command::option(const std::string& name, std::optional<double>& value, const std::string& help) {
  return Option(app_->add_option(name, value, help)->check(problem_of_real), *files_);
}
Option Command::option(const std::string& name, std::optional<unsigned long>& value, const std::string& help) {
  return Option(app_->add_option(name, value, help)->check(whole<unsigned long>()), *files_);
}
Option Command::option(const std::string& name, std::optional<unsigned long long>& value, const std::string& help) {
  return Option(app_->add_option(name, value, help)->check(whole<unsigned long long>()), *files_);
}
Option Command::option(const std::string& name, std::vector<std::string>& values, const std::string& help) {
  return Option(app_->add_option(name, values, help), *files_);
}
Option Command::option(const std::string& name, std::vector<unsigned>& values, const std::string& help) {
  return Option(app_->add_option(name, values, help)->check(whole<unsigned>()), *files_);
}
Option Command::option(const std::string& name, std::vector<double>& values, const std::string& help) {
  return Option(app_->add_option(name, values, help)->check(problem_of_real), *files_);
}

Option Command::flag(const std::string& name, bool& value, const std::string& help) {
  return Option(app_->add_flag(name, value, help), *files_);
}

Option Command::text(const std::string& name, std::function<std::string(const std::string&)> take,
                     const std::string& help) {
  return Option(app_->add_option_function<std::string>(
                    name,
                    [name, take = std::move(take)](const std::string& text) {
                      if (const std::string problem = take(text); !problem.empty())
                        throw CLI::ValidationError(name, problem);
                    },
                    help),
                *files_);
}

Option Command::number_by_name(const std::string& name, std::function<void(int)> take,
                               const std::vector<std::pair<std::string, int>>& choices, const std::string& help) {
  std::string names;
  for (const auto& [text, number] : choices) names += (names.empty() ? "" : "|") + text;
  // CLI11's own transformer adds its table of numbers to the help.
  const auto number_of = [choices, names](const std::string& text) {
    for (const auto& [choice, number] : choices) {
      if (CLI::detail::to_lower(text) == CLI::detail::to_lower(choice)) return std::to_string(number);
    }
    throw CLI::ValidationError("'" + text + "' is none of " + names);
  };
  CLI::Option* option = app_->add_option_function<int>(name, take, help);
  option->transform(number_of, "")->type_name(names);
  return Option(option, *files_);
}

void Command::check_together(std::function<std::string()> problem) {
  app_->parse_complete_callback([problem = std::move(problem)] {
    if (const std::string text = problem(); !text.empty()) throw CLI::ValidationError(text);
  });
}

void Command::take_from_environment(const std::string& prefix) {
  for (CLI::Option* option : app_->get_options()) {
    if (option->get_lnames().empty() || option == app_->get_help_ptr()) continue;
    std::string name = prefix + "_" + option->get_lnames().front();
    for (char& c : name) c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    option->envname(name);
  }
}

void Command::take_from_file(Option file, std::function<std::string()> problem) {
  file.option_->configurable(false);
  app_->parse_complete_callback([app = app_, file, problem = std::move(problem)] {
    if (file.given()) {
      for (const CLI::ConfigItem& item : app->get_config_formatter()->from_file(file.option_->as<std::string>())) {
        take_setting(*app, item);
      }
    }
    if (const std::string text = problem(); !text.empty()) throw CLI::ValidationError(text);
  });
}

std::string Command::typed() const {
  std::string line = "sotto " + app_->get_name();
  for (const CLI::Option* option : static_cast<const CLI::App*>(app_)->get_options()) {
    if (option->count() == 0) continue;
    line += " " + option->get_name();
    if (option->get_expected_min() == 0) continue;  // a flag
    if (option->get_delimiter() != '\0') {
      std::string words;
      for (const std::string& word : option->results()) words += (words.empty() ? "" : ",") + word;
      line += " " + shell_word(words);
    } else {
      for (const std::string& word : option->results()) line += " " + shell_word(word);
    }
  }
  return line;
}

}  // namespace sotto::cli
