#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>

#include <unistd.h>

namespace sotto::cli {
namespace {

spdlog::logger& messages() {
  static const auto logger = [] {
    auto made = spdlog::stderr_logger_st("sotto");
    made->set_pattern("%v");
    return made;
  }();
  return *logger;
}

}  // namespace

int fail(std::string_view command, const Error& error) {
  messages().error("sotto {}: {}", command, error.detail);
  return error.code == ErrorCode::interrupted ? exit_interrupted : exit_failure;
}

void note(std::string_view command, std::string_view text) { messages().info("sotto {}: {}", command, text); }

void print(std::string_view text) { fmt::print("{}", text); }

void print_json(const Json& object) { fmt::print("{}\n", object.dump(2, ' ', false, Json::error_handler_t::replace)); }

bool stderr_is_terminal() noexcept { return ::isatty(STDERR_FILENO) == 1; }

std::string bytes_in_words(std::uint64_t bytes) {
  const auto value = static_cast<double>(bytes);
  if (value < 1e3) return fmt::format("{} bytes", bytes);
  if (value < 1e6) return fmt::format("{:.1f} kB", value / 1e3);
  if (value < 1e9) return fmt::format("{:.2f} MB", value / 1e6);
  return fmt::format("{:.2f} GB", value / 1e9);
}

std::string seconds_in_words(double seconds) {
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string date(std::int64_t seconds_since_1970) {
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(static_cast<std::time_t>(seconds_since_1970)));
}

}  // namespace sotto::cli
