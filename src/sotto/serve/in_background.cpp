#include <sotto/serve/in_background.hpp>
#include <sotto/serve/refusal.hpp>

#include <memory>
#include <utility>

namespace sotto::serve {

void answer_in_background(const InBackground& in_background, Call call, http::Reply reply,
                          std::function<http::Response(const Call&)> answer) {
  // A function can be copied, so what it keeps must be too.
  const auto kept = std::make_shared<Call>(std::move(call));
  const auto later = std::make_shared<http::Reply>(std::move(reply));
  if (!in_background([answer = std::move(answer), kept, later] { (*later)(answer(*kept)); })) {
    (*later)(refusal_answer(overload_refusal()));
  }
}

}  // namespace sotto::serve
