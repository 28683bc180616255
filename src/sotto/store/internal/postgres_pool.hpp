// Connections to one PostgreSQL database that threads take turns with.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/store/internal/postgres_connection.hpp>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace sotto::store {

class PostgresPool {
 public:
  PostgresPool(std::string url, std::string name, unsigned connections)
      : url_(std::move(url)), name_(std::move(name)), free_(connections == 0 ? 1 : connections) {}

  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  // Runs `body` in a transaction. It runs again after a conflict with another transaction, and after a connection was
  // lost before the commit: nothing was stored then.
  template <class Body>
  [[nodiscard]] auto transact(const Body& body) -> decltype(body(std::declval<PostgresConnection&>())) {
    return repeat("BEGIN ISOLATION LEVEL READ COMMITTED", body);
  }
  // The same for what only reads, and sees one state of the database however long it takes.
  template <class Body>
  [[nodiscard]] auto read(const Body& body) -> decltype(body(std::declval<PostgresConnection&>())) {
    return repeat("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0", body);
  }
  // Runs one statement, which is a transaction of its own, and reads. `body` may run twice.
  template <class Body>
  [[nodiscard]] auto query(const Body& body) -> decltype(body(std::declval<PostgresConnection&>())) {
    return repeat(nullptr, body);
  }

 private:
  static constexpr int max_attempts = 20;

  template <class Body>
  auto repeat(const char* begin, const Body& body) -> decltype(body(std::declval<PostgresConnection&>())) {
    for (int attempt = 1;; ++attempt) {
      auto taken = take();
      if (!taken) return std::move(taken).error();
      auto connection = std::move(taken).value();
      bool was_committing = false;
      const auto run = [&]() -> decltype(body(*connection)) {
        if (begin != nullptr) {
          if (auto begun = connection->run(begin); !begun) return std::move(begun).error();
        }
        auto result = body(*connection);
        if (!result || begin == nullptr) return result;
        was_committing = true;
        if (auto committed = connection->run("COMMIT"); !committed) return std::move(committed).error();
        return result;
      };
      auto result = run();
      const bool had_conflict = !result && connection->had_conflict();
      const bool was_lost = !result && connection->is_lost();
      give_back(std::move(connection));
      if (result || attempt == max_attempts) return result;
      if (was_lost && (was_committing || attempt > 2)) return result;
      if (!was_lost && !had_conflict) return result;
      if (had_conflict) std::this_thread::sleep_for(std::chrono::milliseconds(attempt));
    }
  }

  // A connection that was lost takes all idle ones with it: the server restarted, perhaps.
  [[nodiscard]] Result<std::unique_ptr<PostgresConnection>> take();
  void give_back(std::unique_ptr<PostgresConnection> connection);

  std::string url_;
  std::string name_;
  std::mutex mutex_;
  std::condition_variable returned_;
  unsigned free_;  // how many may be taken
  std::vector<std::unique_ptr<PostgresConnection>> idle_;
};

}  // namespace sotto::store
