#include <sotto/app/logger.hpp>
#include <sotto/report/json.hpp>
#include <sotto/report/terminal_text.hpp>

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <utility>
#include <variant>

namespace sotto::app {

struct Logger::Sink {
  Sink(std::string name, LogFormat log_format, spdlog::sink_ptr target)
      : logger(std::move(name), std::move(target)), format(log_format) {
    // In JSON, %v is the object's members after the level, without the brace that opens it.
    const char* pattern = format == LogFormat::json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v)" : "%n: %v";
    logger.set_formatter(
        std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc, std::string("\n")));
    logger.flush_on(spdlog::level::trace);
  }

  void write(spdlog::level::level_enum level, std::string_view message, std::initializer_list<LogField> fields) {
    if (format == LogFormat::text) {
      logger.log(level, report::for_terminal(message));
      return;
    }
    report::Json members = report::Json::object({{"logger", logger.name()}, {"message", message}});
    for (const LogField& field : fields) {
      std::visit([&](const auto& value) { members.set(field.name, value); }, field.value.value());
    }
    logger.log(level, report::json_for_terminal(members.compact_text().substr(1)));
  }

  spdlog::logger logger;
  LogFormat format;
};

Logger Logger::to_stderr(std::string name, LogFormat format) {
  return Logger(std::make_unique<Sink>(std::move(name), format, std::make_shared<spdlog::sinks::stderr_sink_mt>()));
}

Logger Logger::to_stream(std::string name, LogFormat format, std::ostream& stream) {
  return Logger(
      std::make_unique<Sink>(std::move(name), format, std::make_shared<spdlog::sinks::ostream_sink_mt>(stream)));
}

Logger::Logger(std::unique_ptr<Sink> sink) noexcept : sink_(std::move(sink)) {}
Logger::Logger(Logger&& other) noexcept = default;
Logger& Logger::operator=(Logger&& other) noexcept = default;
Logger::~Logger() = default;

void Logger::info(std::string_view message, std::initializer_list<LogField> fields) {
  sink_->write(spdlog::level::info, message, fields);
}

void Logger::warning(std::string_view message, std::initializer_list<LogField> fields) {
  sink_->write(spdlog::level::warn, message, fields);
}

void Logger::error(std::string_view message, std::initializer_list<LogField> fields) {
  sink_->write(spdlog::level::err, message, fields);
}

}  // namespace sotto::app
