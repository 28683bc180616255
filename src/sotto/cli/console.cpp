#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/data/files.hpp>
#include <sotto/report/terminal_text.hpp>

#include <fmt/format.h>

#include <span>

#include <unistd.h>

namespace sotto::cli {

int fail(app::Logger& log, const Error& error) {
  log.error(error.detail, {{"code", error_name(error.code)}});
  return error.code == ErrorCode::interrupted ? exit_interrupted : exit_failure;
}

void print(std::string_view text) { fmt::print("{}", report::for_terminal(text)); }

void print_json(const report::Json& document) {
  fmt::print("{}\n", report::json_for_terminal(document.indented_text()));
}

Status write_page(const std::string& file, std::string_view page) {
  return data::write_file_atomically(file, std::as_bytes(std::span(page)));
}

bool stderr_is_terminal() noexcept { return ::isatty(STDERR_FILENO) == 1; }

void rewrite_line(std::string_view text) {
  fmt::print(stderr, "\r{}\x1b[K", text);
  std::fflush(stderr);
}

}  // namespace sotto::cli
