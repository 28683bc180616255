#include <sotto/serve/answer.hpp>
#include <sotto/serve/refusal.hpp>

namespace sotto::serve {

http::Response refusal_answer(const Refusal& refusal) {
  http::Response response = error_answer(refusal.status, refusal.code, refusal.message);
  response.reason = refusal.reason;
  return response;
}

Refusal store_refusal(const Error& error) {
  if (error.code == ErrorCode::malformed) {
    return {500, "store_damaged", "What is stored cannot be read. Nothing was changed. The server's log says more.",
            error.detail};
  }
  return {503, "store_unavailable", "The store cannot be reached or written. Nothing was changed. Try again later.",
          error.detail};
}

Refusal overload_refusal() {
  return {503, "overloaded", "Too many requests wait already. Nothing was done. Try again later."};
}

Refusal unknown_model_refusal(const std::string& name) {
  if (name.empty()) return {503, "no_model", "The server has no model yet."};
  return {404, "unknown_model", "There is no model '" + name + "'."};
}

}  // namespace sotto::serve
