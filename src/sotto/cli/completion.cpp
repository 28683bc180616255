// Scripts that complete the command line in a shell.
#include <sotto/cli/described_options.hpp>
#include <sotto/cli/program.hpp>
#include <sotto/cli/shell_word.hpp>

#include <CLI/CLI.hpp>

#include <string_view>
#include <vector>

namespace sotto::cli {
namespace {

struct OptionWords {
  std::string name;  // "--format"
  std::string help;
  std::string type;                 // "FILE"; "" for a flag
  std::vector<std::string> values;  // if there are only these
};

struct SubcommandWords {
  std::string name;
  std::string help;
  std::vector<OptionWords> options;
  std::vector<std::string> values;  // of the word without an option's name, if there are only these
};

// "csv|tsv" names two values, "30m|…" does not name all.
std::vector<std::string> values_of(const std::string& type) {
  if (type.find('|') == std::string::npos || type.find("…") != std::string::npos) return {};
  return CLI::detail::split(type, '|');
}

OptionWords words_of(const CLI::Option& option) {
  const std::string type = value_type(option);
  return {.name = option.get_name(), .help = option.get_description(), .type = type, .values = values_of(type)};
}

std::vector<SubcommandWords> words_of(const CLI::App& app) {
  std::vector<SubcommandWords> all;
  std::vector<std::string> names;
  for (const CLI::App* subcommand : subcommands_of(app)) names.push_back(subcommand->get_name());
  for (const CLI::App* subcommand : subcommands_of(app)) {
    SubcommandWords words{
        .name = subcommand->get_name(), .help = subcommand->get_description(), .options = {}, .values = {}};
    for (const CLI::Option* option : subcommand->get_options()) {
      if (option == subcommand->get_help_ptr()) continue;
      if (option->get_lnames().empty())
        words.values = value_type(*option) == "SUBCOMMAND" ? names : values_of(value_type(*option));
      else
        words.options.push_back(words_of(*option));
    }
    all.push_back(std::move(words));
  }
  return all;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

// Files are what bash completes where the function finds nothing.
std::string bash_script(const std::vector<SubcommandWords>& subcommands) {
  std::string names;
  std::string options;
  std::string values;
  for (const SubcommandWords& subcommand : subcommands) {
    names += (names.empty() ? "" : " ") + subcommand.name;
    if (!subcommand.values.empty())
      options += "    " + subcommand.name + ") own='" + joined(subcommand.values) + "' ;;&\n";
    options += "    " + subcommand.name + ") options='--help";
    for (const OptionWords& option : subcommand.options) {
      options += " " + option.name;
      if (option.values.empty()) continue;
      values += "    '" + subcommand.name + " " + option.name + "') values='" + joined(option.values) + "' ;;\n";
    }
    options += "' ;;\n";
  }
  return "# Completes the words of sotto in bash: source <(sotto completion bash)\n"
         "_sotto() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} options='' values='' own=''\n"
         "  COMPREPLY=()\n"
         "  if ((COMP_CWORD == 1)); then\n"
         "    mapfile -t COMPREPLY < <(compgen -W '" +
         names +
         " --help --version' -- \"$word\")\n"
         "    return\n"
         "  fi\n"
         "  case \"${COMP_WORDS[1]} ${COMP_WORDS[COMP_CWORD - 1]}\" in\n" +
         values +
         "  esac\n"
         "  case \"${COMP_WORDS[1]}\" in\n" +
         options +
         "  esac\n"
         "  if [[ -n $values ]]; then\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$values\" -- \"$word\")\n"
         "  elif [[ $word == -* ]]; then\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\")\n"
         "  elif [[ -n $own ]]; then\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$own\" -- \"$word\")\n"
         "  fi\n"
         "}\n"
         "complete -o default -F _sotto sotto\n";
}

// Brackets and colons end a text in zsh's specifications.
std::string zsh_text(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

std::string zsh_script(const std::vector<SubcommandWords>& subcommands) {
  std::string names;
  std::string cases;
  for (const SubcommandWords& subcommand : subcommands) {
    names += "    " + shell_word(subcommand.name + ":" + zsh_text(subcommand.help)) + "\n";
    cases += "    " + subcommand.name + ")\n      _arguments " +
             (subcommand.values.empty() ? "'*:file:_files'" : "':word:(" + joined(subcommand.values) + ")'") +
             " '--help'";
    for (const OptionWords& option : subcommand.options) {
      std::string entry = "*" + option.name + "[" + zsh_text(option.help) + "]";
      if (!option.type.empty()) {
        entry += ":" + zsh_text(option.type) + ":";
        entry += option.values.empty() ? "_files" : "(" + joined(option.values) + ")";
      }
      cases += " \\\n        " + shell_word(entry);
    }
    cases += "\n      ;;\n";
  }
  return "#compdef sotto\n"
         "_sotto() {\n"
         "  local -a subcommands=(\n" +
         names +
         "  )\n"
         "  if ((CURRENT == 2)); then\n"
         "    _describe subcommand subcommands\n"
         "    return\n"
         "  fi\n"
         "  shift words\n"
         "  ((CURRENT--))\n"
         "  case $words[1] in\n" +
         cases +
         "  esac\n"
         "}\n"
         // As a file in fpath, the first call reads this text in place of the function's own.
         "if [[ $funcstack[1] == _sotto ]]; then\n"
         "  _sotto \"$@\"\n"
         "else\n"
         "  compdef _sotto sotto\n"
         "fi\n";
}

std::string fish_text(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + "'";
}

std::string fish_script(const std::vector<SubcommandWords>& subcommands) {
  std::string script =
      "# Completes the words of sotto in fish: sotto completion fish | source\n"
      "complete -c sotto -n __fish_use_subcommand -l help -d 'Explain sotto'\n"
      "complete -c sotto -n __fish_use_subcommand -l version -d 'Print the version'\n";
  for (const SubcommandWords& subcommand : subcommands) {
    script += "complete -c sotto -f -n __fish_use_subcommand -a " + subcommand.name + " -d " +
              fish_text(subcommand.help) + "\n";
    if (!subcommand.values.empty()) {
      script += "complete -c sotto -f -n '__fish_seen_subcommand_from " + subcommand.name + "' -a " +
                fish_text(joined(subcommand.values)) + "\n";
    }
    for (const OptionWords& option : subcommand.options) {
      script += "complete -c sotto -n '__fish_seen_subcommand_from " + subcommand.name + "' -l " +
                option.name.substr(2) +
                (option.type.empty()     ? ""
                 : option.values.empty() ? " -r"
                                         : " -x");
      if (!option.values.empty()) script += " -a " + fish_text(joined(option.values));
      script += " -d " + fish_text(option.help) + "\n";
    }
  }
  return script;
}

}  // namespace

std::string Program::completion(Shell shell) const {
  const std::vector<SubcommandWords> subcommands = words_of(*app_);
  switch (shell) {
    case Shell::bash: return bash_script(subcommands);
    case Shell::zsh: return zsh_script(subcommands);
    case Shell::fish: return fish_script(subcommands);
  }
  return "";
}

}  // namespace sotto::cli
