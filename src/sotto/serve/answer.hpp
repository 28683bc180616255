// Answers in JSON. An error has one form everywhere:
// {"error": {"code": "unknown_field", "message": "…", "request_id": "…"}}.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/http/message.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace sotto::serve {

// Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] http::Response json_answer(const nlohmann::json& document, unsigned status = 200);

// A detail of the library, which is a phrase, as a sentence.
[[nodiscard]] std::string sentence(std::string phrase);

// `code` is a stable name (docs/server.md), `message` a sentence for people. With status 503 the answer tells
// the client to come again after a second. The door puts the request's id in.
[[nodiscard]] http::Response error_answer(unsigned status, std::string_view code, std::string_view message);
// The status and the code that belong to an error of the library or of the store. The reason of an error of the
// operating system (io) names files of the server: it is for the log, and the client is not told.
[[nodiscard]] http::Response error_answer(const Error& error);
[[nodiscard]] unsigned http_status(ErrorCode code) noexcept;

// Writes the request's id into the body of an answer of error_answer, and leaves other answers as they are.
void set_request_id(http::Response& response, std::string_view request_id);

}  // namespace sotto::serve
