// Answers in JSON. An error has one form everywhere:
// {"error": {"code": "unknown_field", "message": "…", "request_id": "…"}}.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/http/message.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace sotto::serve {

[[nodiscard]] http::Response json_answer(const nlohmann::json& document, unsigned status = 200);

// `code` is a stable name (docs/server.md), `message` a sentence for people.
[[nodiscard]] http::Response error_answer(unsigned status, std::string_view code, std::string_view message);
// The status and the code that belong to an error of the library or of the store.
[[nodiscard]] http::Response error_answer(const Error& error);

}  // namespace sotto::serve
