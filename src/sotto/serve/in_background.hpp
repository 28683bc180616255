// Answers that wait for the disk, made on a thread that may wait.
#pragma once

#include <sotto/http/server.hpp>
#include <sotto/serve/router.hpp>

#include <functional>

namespace sotto::serve {

// Runs a task on a thread that may block. False where too many tasks wait already: the task is dropped.
using InBackground = std::function<bool(std::function<void()>)>;

// Replies with what `answer` makes of the call, in the background. Where too many tasks wait, the answer is
// 503 `overloaded`, and nothing is done.
void answer_in_background(const InBackground& in_background, Call call, http::Reply reply,
                          std::function<http::Response(const Call&)> answer);

}  // namespace sotto::serve
