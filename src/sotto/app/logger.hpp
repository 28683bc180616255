// A structured log. Whoever writes to it is given a logger; there is no global one.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace sotto::app {

enum class LogFormat {
  text,  // "NAME: MESSAGE", for people; fields are left out
  json   // one JSON object for each line, for programs: time (UTC), level, logger, message and the fields
};

// A text, a number or a truth value, which JSON keeps apart. It refers to a text and does not keep it.
class LogValue {
 public:
  LogValue(const char* text) : value_(std::string_view(text)) {}
  LogValue(std::string_view text) : value_(text) {}
  LogValue(const std::string& text) : value_(std::string_view(text)) {}
  LogValue(std::same_as<bool> auto value) : value_(value) {}
  LogValue(std::floating_point auto value) : value_(static_cast<double>(value)) {}
  template <std::integral Number>
    requires(!std::same_as<Number, bool>)
  LogValue(Number value) {
    if constexpr (std::signed_integral<Number>) {
      value_ = static_cast<std::int64_t>(value);
    } else {
      value_ = static_cast<std::uint64_t>(value);
    }
  }

  using Value = std::variant<std::string_view, bool, std::int64_t, std::uint64_t, double>;
  [[nodiscard]] const Value& value() const noexcept { return value_; }

 private:
  Value value_;
};

struct LogField {
  std::string_view name;
  LogValue value;
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
