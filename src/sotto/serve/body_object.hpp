// The body of a request as a JSON object whose fields are read one by one.
#pragma once

#include <sotto/serve/refusal.hpp>
#include <sotto/stream/field_reader.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace sotto::serve {

[[nodiscard]] Answered<nlohmann::json> body_object(std::string_view body);

// The refusal, with 400, of a body that has this fault.
[[nodiscard]] Refusal fault_refusal(const stream::FieldFault& fault);

}  // namespace sotto::serve
