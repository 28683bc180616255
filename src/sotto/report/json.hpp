// A JSON document that is built value by value. Only json.cpp uses nlohmann's JSON, so that a file that includes this
// header does not compile that library again.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace sotto::report {

struct JsonMember;

// Null, a boolean, a number, a text, an array or an object. Members of an object keep the order in which they were set.
class Json {
 public:
  Json();  // null
  Json(bool value);
  Json(int value);
  Json(long value);
  Json(long long value);
  Json(unsigned value);
  Json(unsigned long value);
  Json(unsigned long long value);
  Json(double value);  // a value that is not finite becomes null
  Json(const char* text);
  Json(std::string_view text);
  Json(const std::string& text);

  Json(const Json& other);
  Json(Json&& other) noexcept;
  Json& operator=(const Json& other);
  Json& operator=(Json&& other) noexcept;
  ~Json();

  [[nodiscard]] static Json object();
  [[nodiscard]] static Json object(std::initializer_list<JsonMember> members);
  [[nodiscard]] static Json array();
  [[nodiscard]] static Json array(std::initializer_list<Json> values);
  template <class Values>
  [[nodiscard]] static Json array_of(const Values& values) {
    Json array = Json::array();
    for (const auto& value : values) array.push_back(value);
    return array;
  }
  // Returns the document in the text. If the text is not JSON, returns the text itself as a value.
  [[nodiscard]] static Json parsed_or_text(std::string_view text);

  // Sets a member of an object and replaces an existing member of that name. Precondition: this is an object.
  void set(std::string_view name, Json value);
  // Appends to an array. Precondition: this is an array.
  void push_back(Json value);

  // Bytes that are not UTF-8, such as those of a file's name, become U+FFFD.
  [[nodiscard]] std::string indented_text() const;  // two spaces for each level, no line end after the last line
  [[nodiscard]] std::string compact_text() const;  // one line without spaces

 private:
  struct Value;
  explicit Json(std::unique_ptr<Value> value) noexcept;

  std::unique_ptr<Value> value_;
};

struct JsonMember {
  std::string_view name;
  Json value;
};

}  // namespace sotto::report
