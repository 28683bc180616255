// Reads the fields of a JSON object in a model file and reports their errors.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/internal/json_in_error.hpp>

#include <nlohmann/json.hpp>

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sotto {

// Reads the fields of one JSON object. It keeps the first error, which names the field by its path. Reads after an
// error return defaults, so that the caller checks only once.
class FieldReader {
 public:
  FieldReader(const nlohmann::json& object, std::string path, std::optional<Error>& error)
      : object_(object), path_(std::move(path)), error_(error) {
    if (!object_.is_object()) fail(ErrorCode::wrong_type, path_ + " is not a JSON object");
  }

  FieldReader child(const char* name) {
    const nlohmann::json* value = find(name);
    return {value == nullptr ? empty_object() : *value, path_of(name), error_};
  }

  std::string string(const char* name) {
    const nlohmann::json* value = find(name);
    if (value == nullptr) return {};
    if (!value->is_string()) {
      fail(ErrorCode::wrong_type, path_of(name) + " is " + shown_in_error(*value) + ", expected a string");
      return {};
    }
    return value->get<std::string>();
  }

  void expect(const char* name, std::string_view expected) {
    const std::string value = string(name);
    if (!error_ && value != expected) {
      fail(ErrorCode::unsupported,
           path_of(name) + " is '" + value + "', this build knows only '" + std::string(expected) + "'");
    }
  }

  std::int64_t integer(const char* name, std::int64_t low, std::int64_t high) {
    const nlohmann::json* value = find(name);
    return value == nullptr ? low : checked_integer(*value, path_of(name), low, high);
  }

  std::uint32_t u32(const char* name, std::uint32_t low, std::uint32_t high) {
    return static_cast<std::uint32_t>(integer(name, low, high));
  }

  std::uint64_t u64(const char* name) {
    return static_cast<std::uint64_t>(integer(name, 0, std::numeric_limits<std::int64_t>::max()));
  }

  bool boolean(const char* name) {
    const nlohmann::json* value = find(name);
    if (value == nullptr) return false;
    if (!value->is_boolean())
      fail(ErrorCode::wrong_type, path_of(name) + " is " + shown_in_error(*value) + ", expected true or false");
    return value->is_boolean() && value->get<bool>();
  }

  double number(const char* name) {
    const nlohmann::json* value = find(name);
    if (value == nullptr) return 0;
    if (!value->is_number())
      fail(ErrorCode::wrong_type, path_of(name) + " is " + shown_in_error(*value) + ", expected a number");
    return value->is_number() ? value->get<double>() : 0;
  }

  std::uint64_t hex(const char* name) {
    const std::string text = string(name);
    std::uint64_t value = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (!error_ && (text.size() != 16 || status != std::errc{} || end != text.data() + text.size())) {
      fail(ErrorCode::malformed, path_of(name) + " is '" + text + "', expected 16 hexadecimal digits");
    }
    return value;
  }

  std::string object_text(const char* name) {
    const nlohmann::json* value = find(name);
    if (value == nullptr) return "{}";
    if (!value->is_object()) fail(ErrorCode::wrong_type, path_of(name) + " is not a JSON object");
    return value->dump();
  }

  std::vector<std::int32_t> integers(const char* name, std::size_t count, std::int32_t low, std::int32_t high) {
    std::vector<std::int32_t> values;
    if (const nlohmann::json* array = column(name, count)) {
      for (const auto& value : *array) {
        values.push_back(static_cast<std::int32_t>(checked_integer(value, path_of(name) + " entry", low, high)));
      }
    }
    return values;
  }

  // Reads a catalogue column: an array of `count` strings.
  std::vector<std::string> strings(const char* name, std::size_t count) {
    std::vector<std::string> values;
    const nlohmann::json* array = column(name, count);
    if (array == nullptr) return values;
    values.reserve(count);
    for (const auto& value : *array) {
      if (!value.is_string()) {
        fail(ErrorCode::wrong_type, path_of(name) + "[" + std::to_string(values.size()) + "] is " +
                                        shown_in_error(value) + ", expected a string");
        return {};
      }
      values.push_back(value.get<std::string>());
    }
    return values;
  }

  // Reads a catalogue column of numbers. null means that a value is unknown.
  std::vector<double> numbers_or_null(const char* name, std::size_t count) {
    std::vector<double> values;
    const nlohmann::json* array = column(name, count);
    if (array == nullptr) return values;
    for (const auto& value : *array) {
      if (!value.is_number() && !value.is_null()) {
        fail(ErrorCode::wrong_type, path_of(name) + "[" + std::to_string(values.size()) + "] is " +
                                        shown_in_error(value) + ", expected a number or null");
        return {};
      }
      values.push_back(value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>());
    }
    return values;
  }

  [[nodiscard]] bool has(const char* name) const { return object_.is_object() && object_.contains(name); }
  void fail(ErrorCode code, std::string detail) {
    if (!error_) error_ = Error{code, std::move(detail)};
  }
  [[nodiscard]] std::string path_of(const char* name) const { return path_ + "." + name; }

 private:
  static const nlohmann::json& empty_object() {
    static const nlohmann::json empty = nlohmann::json::object();
    return empty;
  }

  const nlohmann::json* find(const char* name) {
    if (error_) return nullptr;
    const auto found = object_.find(name);
    if (found == object_.end()) {
      fail(ErrorCode::missing, path_of(name) + " is missing");
      return nullptr;
    }
    return &*found;
  }

  const nlohmann::json* column(const char* name, std::size_t count) {
    const nlohmann::json* value = find(name);
    if (value == nullptr) return nullptr;
    if (!value->is_array() || value->size() != count) {
      fail(ErrorCode::wrong_shape, path_of(name) + " is not an array of " + std::to_string(count) + " entries");
      return nullptr;
    }
    return value;
  }

  std::int64_t checked_integer(const nlohmann::json& value, const std::string& where, std::int64_t low,
                               std::int64_t high) {
    const bool fits =
        value.is_number_integer() &&
        !(value.is_number_unsigned() &&
          value.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
    const std::int64_t number = fits ? value.get<std::int64_t>() : 0;
    if (!fits || number < low || number > high) {
      fail(ErrorCode::out_of_range, where + " is " + shown_in_error(value) + ", expected a whole number from " +
                                        std::to_string(low) + " to " + std::to_string(high));
      return low;
    }
    return number;
  }

  const nlohmann::json& object_;
  std::string path_;
  std::optional<Error>& error_;
};

}  // namespace sotto
