// Lists that the stream made: asked of its workers by HTTP (docs/stream.md).
#pragma once

#include <sotto/app/logger.hpp>
#include <sotto/base/result.hpp>
#include <sotto/http/client.hpp>
#include <sotto/serve/refusal.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace sotto::serve {

// One question: a user's list.
struct StreamQuestion {
  std::string user;  // stream::is_user_id
  std::size_t k = 0;  // items
  std::optional<std::int64_t> at;  // seconds since 1970; nothing: the worker's present
};

// Fails with invalid_argument for what is not http://HOST[:PORT] or https://HOST[:PORT], with a path or without.
[[nodiscard]] Status check_worker_address(const std::string& address);

// Some threads that wait for workers. May be used from several threads at a time.
class StreamLists {
 public:
  using Done = std::function<void(Answered<std::string>)>;  // the worker's JSON

  static constexpr unsigned threads = 8;  // as many as a worker answers with
  static constexpr std::size_t capacity = 1000;  // questions that wait
  static constexpr http::Client::Limits limits{
      .connect = std::chrono::seconds(2), .whole = std::chrono::seconds(5), .answer_bytes = 4U << 20, .redirects = 3};

  // The workers' addresses (check_worker_address), at least one. The logger must outlive the lists.
  StreamLists(std::vector<std::string> workers, app::Logger& log);
  StreamLists(const StreamLists&) = delete;
  StreamLists& operator=(const StreamLists&) = delete;
  ~StreamLists() { stop(); }

  // Asks the worker that answered last, then each other one until one answers. False, and `done` is not called, where
  // too many questions wait.
  [[nodiscard]] bool ask(StreamQuestion question, Done done);
  // Breaks off what is asked, refuses what waits, then ends the threads.
  void stop();

 private:
  struct Waiting {
    StreamQuestion question;
    Done done;
  };

  void serve();
  [[nodiscard]] Answered<std::string> answer(http::Client& client, const StreamQuestion& question);
  void report(const std::string& reason);

  const std::vector<std::string> workers_;
  app::Logger& log_;
  std::atomic<std::size_t> answering_{0};  // the worker that answered last
  std::atomic<bool> is_failing_{false};
  std::atomic<bool> stops_{false};
  std::mutex mutex_;  // of what follows
  std::condition_variable came_;
  std::deque<Waiting> queue_;
  std::vector<std::thread> threads_;
};

}  // namespace sotto::serve
