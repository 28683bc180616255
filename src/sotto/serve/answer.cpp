#include <sotto/serve/answer.hpp>

#include <nlohmann/json.hpp>

#include <utility>

namespace sotto::serve {
namespace {

// Members are written in the order of their names, so the request's id ends the body.
constexpr std::string_view empty_request_id = R"("request_id":""}})";

std::string text_of(const nlohmann::json& document) {
  // The strict handler would end the program: this JSON library is built without exceptions.
  return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

http::Response json_answer(const nlohmann::json& document, unsigned status) {
  http::Response response;
  response.status = status;
  response.headers.push_back({"Content-Type", "application/json"});
  response.body = text_of(document);
  return response;
}

std::string sentence(std::string phrase) {
  if (!phrase.empty() && phrase.front() >= 'a' && phrase.front() <= 'z') {
    phrase.front() = static_cast<char>(phrase.front() - 'a' + 'A');
  }
  return phrase + ".";
}

http::Response error_answer(unsigned status, std::string_view code, std::string_view message) {
  http::Response response =
      json_answer({{"error", {{"code", code}, {"message", message}, {"request_id", ""}}}}, status);
  response.headers.push_back({"Cache-Control", "no-store"});
  if (status == 503) response.headers.push_back({"Retry-After", "1"});
  return response;
}

unsigned http_status(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::missing: return 404;
    case ErrorCode::mismatch: return 409;
    case ErrorCode::unsupported: return 501;
    case ErrorCode::io:
    case ErrorCode::interrupted: return 503;
    case ErrorCode::truncated:
    case ErrorCode::malformed:
    case ErrorCode::unsupported_version:
    case ErrorCode::wrong_shape:
    case ErrorCode::wrong_type:
    case ErrorCode::out_of_range:
    case ErrorCode::invalid_argument:
    case ErrorCode::unknown_item: return 400;
  }
  return 500;
}

http::Response error_answer(const Error& error) {
  const std::string_view code = error_name(error.code);
  const unsigned status = http_status(error.code);
  if (error.code == ErrorCode::io) {
    http::Response response =
        error_answer(status, code, "The server cannot read or write its data now. Its log says why.");
    response.reason = error.detail;
    return response;
  }
  return error_answer(status, code, sentence(error.detail));
}

void set_request_id(http::Response& response, std::string_view request_id) {
  if (response.status < 400 || response.shared.owner || !response.body.ends_with(empty_request_id)) return;
  response.body.resize(response.body.size() - empty_request_id.size());
  response.body += R"("request_id":)" + text_of(request_id) + "}}";
}

}  // namespace sotto::serve
