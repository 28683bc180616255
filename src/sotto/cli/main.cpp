// sotto: from an interaction log to a model file, and what the model is worth.
#include <sotto/app/logger.hpp>
#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/nearest.hpp>
#include <sotto/cli/program.hpp>
#include <sotto/cli/subcommands.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <map>
#include <new>
#include <string>
#include <vector>

namespace {

using sotto::app::LogFormat;
using sotto::app::Logger;
using namespace sotto::cli;

// "check, train, import or export"
std::string names(const std::string& last_word) {
  std::string text;
  const auto table = subcommands();
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (i > 0) text += i + 1 == table.size() ? " " + last_word + " " : ", ";
    text += table[i].name;
  }
  return text;
}

struct Help {
  std::string topic;
  bool markdown = false;
  bool manual = false;
  Program::Shell shell = Program::Shell::bash;
};

void add_help(Program& program, Help& help) {
  Command command = program.add("help", "Explain a subcommand and its options");
  command.option("subcommand", help.topic, names("or")).type("SUBCOMMAND");
  command.flag("--markdown", help.markdown, "print the help of all subcommands as one page, docs/cli.md");
  command.flag("--man", help.manual, "print it as a manual page, sotto.1");
  Command completion =
      program.add("completion", "Print a script with which a shell completes subcommands, options and values");
  completion
      .choice<Program::Shell>(
          "shell", help.shell,
          {{"bash", Program::Shell::bash}, {"zsh", Program::Shell::zsh}, {"fish", Program::Shell::fish}},
          "the shell; in bash: source <(sotto completion bash)")
      .required();
}

int run_help(const Program& program, const Help& help) {
  if (program.chosen() == "completion" || help.manual) {
    const std::string page = help.manual ? program.manual() : program.completion(help.shell);
    std::fputs(page.c_str(), stdout);
    return exit_ok;
  }
  if (help.markdown) {
    print(program.reference());
    return exit_ok;
  }
  const std::vector<std::string> known = program.names();
  if (!help.topic.empty() && std::ranges::find(known, help.topic) == known.end()) {
    Logger log = Logger::to_stderr("sotto help", LogFormat::text);
    const auto meant = nearest(help.topic, known);
    log.error("no subcommand '" + help.topic + "'; " + (meant ? "did you mean '" + *meant + "'? " : "") + "there are " +
              names("and"));
    return exit_usage;
  }
  print(help.topic.empty() ? program.help() : program.help(help.topic));
  return exit_ok;
}

int run(int argc, char** argv) {
  Program program;
  std::map<std::string, Run> runs;
  for (const Subcommand& subcommand : subcommands())
    runs[subcommand.name] = subcommand.add(program.add(subcommand.name, subcommand.description));
  Help help;
  add_help(program, help);
  if (const auto code = program.parse(argc, argv)) return *code;
  const std::string chosen = program.chosen();
  const auto found = runs.find(chosen);
  if (found == runs.end()) return run_help(program, help);
  Logger log = Logger::to_stderr("sotto " + chosen, LogFormat::text);
  if (auto safe = program.check_files(); !safe) return fail(log, safe.error());
  return found->second(log);
}

}  // namespace

int main(int argc, char** argv) {
  Logger log = Logger::to_stderr("sotto", LogFormat::text);
  try {
    return run(argc, argv);
  } catch (const std::bad_alloc&) {
    std::fputs("sotto: not enough memory; use a smaller log or a smaller model\n", stderr);
  } catch (const std::exception& error) {
    log.error(error.what());
  }
  return exit_failure;
}
