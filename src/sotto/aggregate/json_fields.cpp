#include <sotto/aggregate/internal/json_fields.hpp>

#include <algorithm>
#include <cmath>

namespace sotto::aggregate {

using nlohmann::json;

JsonFields::JsonFields(std::string_view text) : status_(Ok{}) {
  object_ = json::parse(text.begin(), text.end(), nullptr, false);
  if (object_.is_discarded()) {
    fail(ErrorCode::malformed, "the document is no JSON");
  } else if (!object_.is_object()) {
    fail(ErrorCode::wrong_type, "the document is no JSON object");
  }
}

void JsonFields::fail(ErrorCode code, std::string detail) {
  if (status_.ok()) status_ = Error{code, std::move(detail)};
}

const json* JsonFields::member(std::string_view path) {
  if (!ok()) return nullptr;
  const json* value = &object_;
  std::string_view rest = path;
  while (!rest.empty()) {
    const std::size_t dot = rest.find('.');
    const auto found = value->is_object() ? value->find(std::string(rest.substr(0, dot))) : value->end();
    if (!value->is_object() || found == value->end()) {
      fail(ErrorCode::missing, "'" + std::string(path) + "' is missing");
      return nullptr;
    }
    value = &*found;
    rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
  }
  return value;
}

std::uint64_t JsonFields::integer(std::string_view path, std::uint64_t min, std::uint64_t max) {
  const json* value = member(path);
  if (value == nullptr) return 0;
  if (!value->is_number_unsigned()) {
    fail(ErrorCode::wrong_type, "'" + std::string(path) + "' is no whole number");
    return 0;
  }
  const auto number = value->get<std::uint64_t>();
  if (number >= min && number <= max) return number;
  fail(ErrorCode::out_of_range, "'" + std::string(path) + "' is " + std::to_string(number) + ", expected " +
                                    std::to_string(min) + " to " + std::to_string(max));
  return 0;
}

std::uint32_t JsonFields::thousandths(std::string_view path, std::uint32_t max) {
  const json* value = member(path);
  if (value == nullptr) return 0;
  if (!value->is_number()) {
    fail(ErrorCode::wrong_type, "'" + std::string(path) + "' is no number");
    return 0;
  }
  const double number = value->get<double>() * 1000;
  const double whole = std::round(number);
  // A decimal fraction such as 0.3 has no exact double. A thousandth is far larger than its error.
  if (whole >= 0 && whole <= max && std::abs(number - whole) < 1e-6) return static_cast<std::uint32_t>(whole);
  fail(ErrorCode::out_of_range, "'" + std::string(path) + "' is " + value->dump() +
                                    ", expected thousandths from 0 to " + std::to_string(max) + "/1000");
  return 0;
}

bool JsonFields::boolean(std::string_view path) {
  const json* value = member(path);
  if (value == nullptr) return false;
  if (!value->is_boolean()) {
    fail(ErrorCode::wrong_type, "'" + std::string(path) + "' is neither true nor false");
    return false;
  }
  return value->get<bool>();
}

std::string JsonFields::text(std::string_view path, std::size_t min_bytes, std::size_t max_bytes) {
  const json* value = member(path);
  if (value == nullptr) return {};
  if (!value->is_string()) {
    fail(ErrorCode::wrong_type, "'" + std::string(path) + "' is no text");
    return {};
  }
  const auto& text = value->get_ref<const std::string&>();
  if (text.size() >= min_bytes && text.size() <= max_bytes) return text;
  fail(ErrorCode::out_of_range, "'" + std::string(path) + "' has " + std::to_string(text.size()) + " bytes, expected " +
                                    std::to_string(min_bytes) + " to " + std::to_string(max_bytes));
  return {};
}

sync::Bytes JsonFields::bytes(std::string_view path, std::size_t max_bytes) {
  const std::string letters = text(path, 0, (max_bytes * 4 + 2) / 3);
  if (!ok()) return {};
  auto decoded = from_base64url(letters);
  if (decoded) return std::move(*decoded);
  fail(ErrorCode::malformed, "'" + std::string(path) + "' is no base64url");
  return {};
}

void JsonFields::fixed_bytes(std::string_view path, std::span<std::byte> out) {
  const std::string letters = text(path, 0, (out.size() * 4 + 2) / 3);
  if (!ok() || from_base64url(letters, out)) return;
  fail(ErrorCode::malformed,
       "'" + std::string(path) + "' is not " + std::to_string(out.size()) + " bytes in base64url");
}

bool JsonFields::is_null(std::string_view path) {
  const json* value = member(path);
  return value == nullptr || value->is_null();
}

std::vector<JsonFields> JsonFields::objects(std::string_view path, std::size_t max) {
  const json* value = member(path);
  if (value == nullptr) return {};
  if (!value->is_array() || !std::all_of(value->begin(), value->end(), [](const json& e) { return e.is_object(); })) {
    fail(ErrorCode::wrong_type, "'" + std::string(path) + "' is no array of objects");
    return {};
  }
  if (value->size() > max) {
    fail(ErrorCode::out_of_range, "'" + std::string(path) + "' has " + std::to_string(value->size()) +
                                      " elements, expected at most " + std::to_string(max));
    return {};
  }
  std::vector<JsonFields> elements;
  for (const json& element : *value) elements.push_back(JsonFields(element));
  return elements;
}

}  // namespace sotto::aggregate
