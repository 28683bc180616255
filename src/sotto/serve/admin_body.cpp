#include <sotto/data/text.hpp>
#include <sotto/serve/admin_body.hpp>
#include <sotto/serve/answer.hpp>
#include <sotto/serve/body_object.hpp>

#include <algorithm>
#include <utility>

namespace sotto::serve {

nlohmann::json read_admin_body(std::string_view body, std::initializer_list<std::string_view> members,
                               std::optional<http::Response>& refusal) {
  auto object = body_object(body);
  if (!object) {
    refusal = refusal_answer(object.refusal());
    return nullptr;
  }
  for (const auto& [name, value] : object->items()) {
    if (std::ranges::find(members, std::string_view(name)) != members.end()) continue;
    refusal = error_answer(400, "unknown_field", "The body has the unknown field " + data::in_quotes(name) + ".");
    return nullptr;
  }
  return std::move(*object);
}

}  // namespace sotto::serve
