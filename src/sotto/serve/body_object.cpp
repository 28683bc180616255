#include <sotto/serve/body_object.hpp>
#include <sotto/stream/parse_json.hpp>

#include <nlohmann/json.hpp>

#include <utility>

namespace sotto::serve {

Answered<nlohmann::json> body_object(std::string_view body) {
  auto document = stream::parse_json(body);
  if (!document) return Refusal{400, "bad_json", "The body is no JSON object: " + document.error().detail + "."};
  if (!document->is_object()) return Refusal{400, "bad_json", "The body is a JSON value, but no object."};
  return std::move(*document);
}

Refusal fault_refusal(const stream::FieldFault& fault) { return {400, fault.code, fault.message}; }

}  // namespace sotto::serve
