// A structured log. Whoever writes to it is given a logger; there is no global one.
#pragma once

#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace sotto::app {

enum class LogFormat {
  text,  // "NAME: MESSAGE", for people; fields are left out
  json   // one JSON object for each line, for programs: time (UTC), level, logger, message and the fields
};

struct LogField {
  std::string_view name;
  std::string_view value;
};

// May be used from several threads at a time.
class Logger {
 public:
  [[nodiscard]] static Logger to_stderr(std::string name, LogFormat format);
  // The stream must outlive the logger.
  [[nodiscard]] static Logger to_stream(std::string name, LogFormat format, std::ostream& stream);

  Logger(Logger&& other) noexcept;
  Logger& operator=(Logger&& other) noexcept;
  ~Logger();

  // Write one line and flush it.
  void info(std::string_view message, std::initializer_list<LogField> fields = {});
  void warning(std::string_view message, std::initializer_list<LogField> fields = {});
  void error(std::string_view message, std::initializer_list<LogField> fields = {});

 private:
  struct Sink;
  explicit Logger(std::unique_ptr<Sink> sink) noexcept;

  std::unique_ptr<Sink> sink_;
};

}  // namespace sotto::app
