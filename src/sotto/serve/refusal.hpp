// Why a request is not done, as its answer says it.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/http/message.hpp>

#include <string>
#include <utility>
#include <variant>

namespace sotto::serve {

struct Refusal {
  unsigned status = 400;
  std::string code;  // a stable name (docs/server.md)
  std::string message;  // a sentence for people
  std::string reason = {};  // for the log alone: it may name files or servers
};

// A value, or why there is none.
template <class T>
class [[nodiscard]] Answered {
 public:
  Answered(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Answered(Refusal refusal) : state_(std::in_place_index<1>, std::move(refusal)) {}

  explicit operator bool() const noexcept { return state_.index() == 0; }
  // Precondition: there is one.
  [[nodiscard]] T& operator*() noexcept { return *std::get_if<0>(&state_); }
  [[nodiscard]] T* operator->() noexcept { return std::get_if<0>(&state_); }
  // Precondition: there is no value.
  [[nodiscard]] const Refusal& refusal() const noexcept { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Refusal> state_;
};

[[nodiscard]] http::Response refusal_answer(const Refusal& refusal);

[[nodiscard]] Refusal store_refusal(const Error& error);
[[nodiscard]] Refusal overload_refusal();
[[nodiscard]] Refusal unknown_model_refusal(const std::string& name);

}  // namespace sotto::serve
