#include <sotto/stream/field_reader.hpp>
#include <sotto/stream/user_id.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace sotto::stream {

FieldReader::FieldReader(const nlohmann::json& object, std::string place) : object_(object), place_(std::move(place)) {}

const nlohmann::json* FieldReader::take(std::string_view name) {
  taken_.push_back(name);
  const auto found = object_.find(name);
  return found == object_.end() ? nullptr : &*found;
}

std::optional<std::string> FieldReader::text(std::string_view name, std::size_t max_bytes) {
  const nlohmann::json* value = take(name);
  if (value == nullptr) return std::nullopt;
  const auto* text = value->get_ptr<const std::string*>();
  if (text == nullptr) {
    refuse_value(name, fmt::format("The field {} is a text.", named(name)));
    return std::nullopt;
  }
  if (text->empty() || text->size() > max_bytes) {
    refuse_value(name, fmt::format("The field {} has 1 to {} bytes, not {}.", named(name), max_bytes, text->size()));
    return std::nullopt;
  }
  return *text;
}

std::optional<std::uint64_t> FieldReader::whole(std::string_view name, std::uint64_t low, std::uint64_t high) {
  const nlohmann::json* value = take(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_number_unsigned()) {
    const auto number = value->get<std::uint64_t>();
    if (number >= low && number <= high) return number;
  }
  refuse_value(name, fmt::format("The field {} is a whole number from {} to {}.", named(name), low, high));
  return std::nullopt;
}

std::optional<double> FieldReader::number(std::string_view name, double low, double high) {
  const nlohmann::json* value = take(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_number()) {
    const auto number = value->get<double>();
    if (number >= low && number <= high) return number;
  }
  refuse_value(name, fmt::format("The field {} is a number from {} to {}.", named(name), low, high));
  return std::nullopt;
}

bool FieldReader::flag(std::string_view name) {
  const nlohmann::json* value = take(name);
  if (value == nullptr) return false;
  if (!value->is_boolean()) {
    refuse_value(name, fmt::format("The field {} is true or false.", named(name)));
    return false;
  }
  return value->get<bool>();
}

std::optional<std::vector<std::string>> FieldReader::texts(std::string_view name, std::size_t max_count) {
  const nlohmann::json* value = take(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_array() || value->size() > max_count) {
    refuse_value(name, fmt::format("The field {} is a list of at most {} texts.", named(name), max_count));
    return std::nullopt;
  }
  std::vector<std::string> list;
  list.reserve(value->size());
  for (const nlohmann::json& element : *value) {
    const auto* text = element.get_ptr<const std::string*>();
    if (text == nullptr || text->empty() || text->size() > max_id) {
      refuse_value(name, fmt::format("Each element of {} is a text of 1 to {} bytes.", named(name), max_id));
      return std::nullopt;
    }
    list.push_back(*text);
  }
  return list;
}

std::optional<std::string> FieldReader::user() {
  auto user = text("user", max_user_id);
  if (user && !is_user_id(*user)) {
    refuse_value("user", fmt::format("The field {} has a control character.", named("user")));
    return std::nullopt;
  }
  return user;
}

void FieldReader::refuse_others() {
  for (const auto& [name, value] : object_.items()) {
    if (std::ranges::find(taken_, name) != taken_.end()) continue;
    refuse("unknown_field", fmt::format("There is no field {}.", named(name.substr(0, max_id))));
    return;
  }
}

void FieldReader::refuse(std::string code, std::string message) {
  if (!fault_) fault_ = FieldFault{std::move(code), std::move(message), {}};
}

void FieldReader::refuse_value(std::string_view name, std::string message) {
  if (!fault_) fault_ = FieldFault{"bad_value", std::move(message), std::string(name)};
}

}  // namespace sotto::stream
