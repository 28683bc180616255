#include <sotto/cli/described_options.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/nearest.hpp>
#include <sotto/cli/program.hpp>
#include <sotto/report/terminal_text.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <vector>

namespace sotto::cli {
namespace {

constexpr std::size_t page_width = 120;

// Appends the words of `text`, broken into lines of at most page_width bytes. Lines after the first are indented.
void append_wrapped(std::string& page, std::string_view text, std::size_t indent) {
  std::size_t column = page.size() - (page.rfind('\n') + 1);
  bool begins_line = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const bool begins_list = word == "-";  // at the start of a line it would be an entry of a list
    if (!begins_line && !begins_list && column + 1 + word.size() > page_width) {
      page += '\n' + std::string(indent, ' ');
      column = indent;
      begins_line = true;
    }
    if (!begins_line) page += ' ';
    column += word.size() + (begins_line ? 0 : 1);
    page += word;
    begins_line = false;
  }
  page += '\n';
}

// Angle brackets would be tags, and stars would be emphasis.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '<' || c == '>' || c == '*' || c == '_') result += '\\';
    result += c;
  }
  return result;
}

// "`--at K,…` (default: 1,5,10,20): …", an entry of a list.
void append_option(std::string& page, const CLI::Option& option) {
  std::string entry = "- `" + option.get_name();
  if (const std::string type = value_type(option); !type.empty()) entry += " " + type;
  entry += "`";
  std::string remarks;
  if (option.get_required()) remarks = "required";
  if (!option.get_default_str().empty())
    remarks += (remarks.empty() ? "default: `" : ", default: `") + option.get_default_str() + "`";
  for (const CLI::Option* other : option.get_needs())
    remarks += (remarks.empty() ? "needs `" : ", needs `") + other->get_name() + "`";
  if (!remarks.empty()) entry += " (" + remarks + ")";
  append_wrapped(page, entry + ": " + escaped(option.get_description()), 2);
}

void append_subcommand(std::string& page, const CLI::App& subcommand) {
  page += "\n## sotto " + subcommand.get_name() + "\n\n";
  append_wrapped(page, escaped(subcommand.get_description()) + ".", 0);
  for (const std::string& group : subcommand.get_groups()) {
    if (group.empty()) continue;
    std::string entries;
    for (const CLI::Option* option : subcommand.get_options()) {
      if (option->get_group() == group && option != subcommand.get_help_ptr()) append_option(entries, *option);
    }
    if (entries.empty()) continue;
    if (group != "Options") page += "\n" + escaped(group) + ":\n";
    page += "\n" + entries;
  }
}

}  // namespace

Program::Program()
    : app_(std::make_unique<CLI::App>("Sotto: next-item recommendation with a small fixed-point LSTM.", "sotto")) {
  app_->set_version_flag("--version", "sotto " SOTTO_VERSION);
  app_->require_subcommand(1);
  app_->footer(
      "Exit codes: 0 done; 1 failed; 2 wrong usage; 3 evaluation refused, the model was trained on the "
      "targets; 130 interrupted.");
}

Program::~Program() = default;

Command Program::add(const std::string& name, const std::string& description) {
  auto files = std::make_unique<FileRoles>();
  files->app = app_->add_subcommand(name, description);
  return Command(*(files_[name] = std::move(files)));
}

std::optional<int> Program::parse(int argc, const char* const* argv) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::Success& asked_for) {  // --help, --version
    return app_->exit(asked_for);
  } catch (const CLI::ParseError& error) {
    std::string command = "sotto";
    for (const CLI::App* chosen : app_->get_subcommands()) command += " " + chosen->get_name();
    const std::string unknown = unknown_word(argc, argv);
    const std::string line =
        command + ": " + (unknown.empty() ? error.what() : unknown) + "; see '" + command + " --help'\n";
    std::fputs(report::for_terminal(line).c_str(), stderr);
    return exit_usage;
  }
  return std::nullopt;
}

std::vector<std::string> Program::names() const {
  std::vector<std::string> names;
  for (const CLI::App* subcommand : subcommands_of(*app_)) names.push_back(subcommand->get_name());
  return names;
}

std::string Program::unknown_word(int argc, const char* const* argv) const {
  if (argc < 2) return "";
  const auto suggestion = [](const std::string& typed, const std::vector<std::string>& known) {
    const auto meant = nearest(typed, known);
    return meant ? "; did you mean '" + *meant + "'?" : std::string();
  };
  const std::string first = argv[1];
  const auto all = subcommands_of(*app_);
  const auto found = std::ranges::find_if(all, [&](const CLI::App* each) { return each->get_name() == first; });
  if (found == all.end()) {
    if (first.starts_with('-')) return "";
    return "no subcommand '" + first + "'" + suggestion(first, names());
  }
  const CLI::App* subcommand = *found;
  std::vector<std::string> names;
  for (const CLI::Option* option : subcommand->get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  for (int i = 2; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--") break;
    if (!word.starts_with("--")) continue;
    const std::string name = word.substr(0, word.find('='));
    if (std::ranges::find(names, name) == names.end()) return "no option " + name + suggestion(name, names);
  }
  return "";
}

Status Program::take(const std::vector<std::string>& words) {
  try {
    app_->parse(std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11 takes them from the back
  } catch (const CLI::ParseError& error) {
    return Error{ErrorCode::invalid_argument, error.what()};
  }
  return Ok{};
}

std::string Program::chosen() const { return app_->get_subcommands().front()->get_name(); }

Status Program::check_files() const { return files_.at(chosen())->check(); }

std::string Program::help() const {
  app_->clear();  // else CLI11 explains the subcommand that was given
  return app_->help();
}

std::string Program::help(const std::string& subcommand) const {
  return app_->get_subcommand(subcommand)->help("sotto");
}

std::string Program::reference() const {
  std::string page = "# The command line\n\n";
  append_wrapped(
      page,
      "`sotto` is one program with a subcommand for each task. Results go to standard output, everything else "
      "goes to standard error. With `--json` the result is one JSON object.",
      0);
  page += '\n';
  append_wrapped(page, escaped(app_->get_footer()), 0);
  page += "\nThis page is written by `sotto help --markdown`, and a test compares both.\n\n";
  page += "| subcommand | what it does |\n| --- | --- |\n";
  const auto all = subcommands_of(*app_);
  for (const CLI::App* subcommand : all) {
    page += "| [`" + subcommand->get_name() + "`](#sotto-" + subcommand->get_name() + ") | " +
            escaped(subcommand->get_description()) + " |\n";
  }
  for (const CLI::App* subcommand : all) append_subcommand(page, *subcommand);
  return page;
}

}  // namespace sotto::cli
