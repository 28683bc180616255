#include <sotto/serve/stream_lists.hpp>

#include <sotto/http/target.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string_view>
#include <utility>

namespace sotto::serve {
namespace {

const Refusal not_ready{503, "stream_not_ready", "No worker of the stream has the user now. Ask again."};

std::string address_of(const std::string& worker, const StreamQuestion& question) {
  std::string address = fmt::format("{}{}v1/users/{}/recommendations?k={}", worker, worker.ends_with('/') ? "" : "/",
                                    http::encode_segment(question.user), question.k);
  if (question.at) address += fmt::format("&at={}", *question.at);
  return address;
}

bool is_list(const nlohmann::json& document) {
  const auto items = document.find("items");
  return items != document.end() && items->is_array();
}

bool is_set(void* stops) { return static_cast<const std::atomic<bool>*>(stops)->load(); }

}  // namespace

Status check_worker_address(const std::string& address) {
  const auto target = http::split_target("GET", address);
  if (target && address.front() != '/' && target->query.empty() && address.find('?') == std::string::npos) return Ok{};
  return Error{ErrorCode::invalid_argument,
               fmt::format("'{}' is no address of a worker, such as http://worker:8090", address)};
}

StreamLists::StreamLists(std::vector<std::string> workers, app::Logger& log) : workers_(std::move(workers)), log_(log) {
  for (unsigned n = 0; n < threads; ++n) threads_.emplace_back([this] { serve(); });
}

bool StreamLists::ask(StreamQuestion question, Done done) {
  {
    const std::scoped_lock lock(mutex_);
    if (stops_ || queue_.size() >= capacity) return false;
    queue_.push_back({std::move(question), std::move(done)});
  }
  came_.notify_one();
  return true;
}

void StreamLists::stop() {
  std::deque<Waiting> refused;
  {
    const std::scoped_lock lock(mutex_);
    stops_ = true;
    refused.swap(queue_);
  }
  came_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  for (Waiting& waiting : refused) waiting.done(not_ready);
}

void StreamLists::serve() {
  http::Client client(limits);
  while (true) {
    Waiting waiting;
    {
      std::unique_lock lock(mutex_);
      came_.wait(lock, [this] { return stops_ || !queue_.empty(); });
      if (queue_.empty()) return;
      waiting = std::move(queue_.front());
      queue_.pop_front();
    }
    waiting.done(answer(client, waiting.question));
  }
}

Answered<std::string> StreamLists::answer(http::Client& client, const StreamQuestion& question) {
  const std::size_t first = answering_;
  std::string reason;
  for (std::size_t n = 0; n < workers_.size(); ++n) {
    const std::size_t worker = (first + n) % workers_.size();
    auto said = client.get(address_of(workers_[worker], question), &is_set, &stops_);
    if (!said) {
      if (said.error().code == ErrorCode::interrupted) return not_ready;
      reason = said.error().detail;
      continue;
    }
    std::string body(reinterpret_cast<const char*>(said->body.data()), said->body.size());
    if (said->status == 200 && is_list(nlohmann::json::parse(body, nullptr, false))) {
      answering_ = worker;
      is_failing_ = false;
      return body;
    }
    reason = fmt::format("'{}' answers with status {} and {} bytes that are no list", workers_[worker], said->status,
                         body.size());
    if (said->status == 503) reason = fmt::format("'{}' does not have the user's partition now", workers_[worker]);
  }
  report(reason);
  return not_ready;
}

// One line for a time in which no worker answers.
void StreamLists::report(const std::string& reason) {
  if (!is_failing_.exchange(true)) log_.error("no worker of the stream gives a list", {{"reason", reason}});
}

}  // namespace sotto::serve
