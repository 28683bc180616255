#include <sotto/report/json.hpp>

#include <nlohmann/json.hpp>

#include <utility>

namespace sotto::report {

using OrderedJson = nlohmann::ordered_json;

struct Json::Value {
  OrderedJson json;
};

Json::Json() : Json(std::make_unique<Value>()) {}
Json::Json(bool value) : Json(std::make_unique<Value>(Value{value})) {}
Json::Json(int value) : Json(std::make_unique<Value>(Value{value})) {}
Json::Json(long value) : Json(std::make_unique<Value>(Value{value})) {}
Json::Json(long long value) : Json(std::make_unique<Value>(Value{value})) {}
Json::Json(unsigned value) : Json(std::make_unique<Value>(Value{value})) {}
Json::Json(unsigned long value) : Json(std::make_unique<Value>(Value{value})) {}
Json::Json(unsigned long long value) : Json(std::make_unique<Value>(Value{value})) {}
Json::Json(double value) : Json(std::make_unique<Value>(Value{value})) {}
Json::Json(const char* text) : Json(std::string_view(text)) {}
Json::Json(std::string_view text) : Json(std::make_unique<Value>(Value{text})) {}
Json::Json(const std::string& text) : Json(std::string_view(text)) {}
Json::Json(std::unique_ptr<Value> value) noexcept : value_(std::move(value)) {}

Json::Json(const Json& other) : Json(std::make_unique<Value>(*other.value_)) {}
Json::Json(Json&& other) noexcept = default;
Json& Json::operator=(const Json& other) {
  *value_ = *other.value_;
  return *this;
}
Json& Json::operator=(Json&& other) noexcept = default;
Json::~Json() = default;

Json Json::object() { return Json(std::make_unique<Value>(Value{OrderedJson::object()})); }

Json Json::object(std::initializer_list<JsonMember> members) {
  Json object = Json::object();
  for (const JsonMember& member : members) object.set(member.name, member.value);
  return object;
}

Json Json::array() { return Json(std::make_unique<Value>(Value{OrderedJson::array()})); }

Json Json::array(std::initializer_list<Json> values) { return array_of(values); }

Json Json::parsed_or_text(std::string_view text) {
  OrderedJson parsed = OrderedJson::parse(text, nullptr, false);
  if (parsed.is_discarded()) return Json(text);
  return Json(std::make_unique<Value>(Value{std::move(parsed)}));
}

void Json::set(std::string_view name, Json value) { value_->json[std::string(name)] = std::move(value.value_->json); }

void Json::push_back(Json value) { value_->json.push_back(std::move(value.value_->json)); }

std::string Json::indented_text() const {
  return value_->json.dump(2, ' ', false, OrderedJson::error_handler_t::replace);
}

std::string Json::compact_text() const {
  return value_->json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace sotto::report
