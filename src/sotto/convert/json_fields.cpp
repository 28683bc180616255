#include <sotto/convert/json_fields.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

namespace sotto::convert {

const Json* find_field(const Json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

const std::string* find_string(const Json& object, std::string_view name) {
  const Json* field = find_field(object, name);
  return field == nullptr ? nullptr : field->get_ptr<const std::string*>();
}

std::string shown(const Json& value) {
  return data::in_quotes(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Result<bool> boolean_field(const Json& object, std::string_view name, bool otherwise, const std::string& where) {
  const Json* field = find_field(object, name);
  if (field == nullptr) return otherwise;
  if (!field->is_boolean()) {
    return Error{ErrorCode::wrong_type,
                 fmt::format("{} has {} = {}, expected true or false", where, name, shown(*field))};
  }
  return field->get<bool>();
}

Result<std::uint32_t> size_field(const Json& object, std::string_view name, std::uint32_t max,
                                 const std::string& where) {
  const Json* field = find_field(object, name);
  if (field == nullptr) return Error{ErrorCode::missing, fmt::format("{} has no '{}'", where, name)};
  if (!field->is_number_unsigned() || field->get<std::uint64_t>() < 1 || field->get<std::uint64_t>() > max) {
    return Error{ErrorCode::out_of_range,
                 fmt::format("{} has {} = {}, expected a whole number of 1 … {}", where, name, shown(*field), max)};
  }
  return field->get<std::uint32_t>();
}

}  // namespace sotto::convert
