// The help as a manual page.
#include <sotto/cli/described_options.hpp>
#include <sotto/cli/program.hpp>

#include <CLI/CLI.hpp>

#include <cctype>
#include <string_view>
#include <vector>

namespace sotto::cli {
namespace {

// Roff obeys backslashes everywhere, and points and quotes at the start of a line.
std::string roff_text(std::string_view text) {
  std::string result;
  if (text.starts_with('.') || text.starts_with('\'')) result += "\\&";
  for (const char c : text) {
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
  }
  return result;
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

void append_roff_option(std::string& page, const CLI::Option& option) {
  page += ".TP\n.B " + roff_text(option.get_name());
  if (const std::string type = value_type(option); !type.empty()) page += " \\fI" + roff_text(type) + "\\fR";
  page += "\n" + roff_text(option.get_description());
  if (option.get_required()) page += " (required)";
  if (!option.get_default_str().empty()) page += " (default: " + roff_text(option.get_default_str()) + ")";
  page += "\n";
}

}  // namespace

std::string Program::manual() const {
  std::string page = ".TH SOTTO 1 \"\" \"sotto " SOTTO_VERSION
                     "\" \"User Commands\"\n.SH NAME\nsotto \\- "
                     "next\\-item recommendation that runs and learns on the user's device\n"
                     ".SH SYNOPSIS\n.B sotto\n.I SUBCOMMAND\n[\\fIOPTION\\fR ...]\n.SH DESCRIPTION\n" +
                     roff_text(app_->get_description()) +
                     "\nResults go to standard output, everything else goes to standard error.\n.SH SUBCOMMANDS\n";
  const auto all = subcommands_of(*app_);
  for (const CLI::App* subcommand : all) {
    page += ".TP\n.B " + roff_text(subcommand->get_name()) + "\n" + roff_text(subcommand->get_description()) + "\n";
  }
  for (const CLI::App* subcommand : all) {
    page += ".SH SOTTO " + roff_text(upper(subcommand->get_name())) + "\n" + roff_text(subcommand->get_description()) +
            ".\n";
    for (const CLI::Option* option : subcommand->get_options()) {
      if (option != subcommand->get_help_ptr()) append_roff_option(page, *option);
    }
  }
  return page + ".SH EXIT STATUS\n" + roff_text(app_->get_footer()) + "\n";
}

}  // namespace sotto::cli
