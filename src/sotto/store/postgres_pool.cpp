#include <sotto/store/internal/postgres_pool.hpp>

namespace sotto::store {

Result<std::unique_ptr<PostgresConnection>> PostgresPool::take() {
  {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [&] { return free_ > 0; });
    --free_;
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  auto connection = PostgresConnection::open(url_, name_);
  if (!connection) give_back(nullptr);
  return connection;
}

void PostgresPool::give_back(std::unique_ptr<PostgresConnection> connection) {
  std::vector<std::unique_ptr<PostgresConnection>> lost;
  if (connection && connection->is_in_transaction() && !connection->is_lost())
    static_cast<void>(connection->run("ROLLBACK"));
  {
    const std::scoped_lock lock(mutex_);
    if (connection && connection->is_lost()) {
      lost = std::move(idle_);
      idle_.clear();
      lost.push_back(std::move(connection));
    } else if (connection) {
      idle_.push_back(std::move(connection));
    }
    ++free_;
  }
  returned_.notify_one();
}

}  // namespace sotto::store
