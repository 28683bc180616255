#include <sotto/serve/background_thread.hpp>

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <future>
#include <vector>

using namespace sotto::serve;

TEST_CASE("a background thread takes tasks up to its bound, and drops those beyond it") {
  BackgroundThread thread;
  std::promise<void> open;
  std::promise<void> begun;
  REQUIRE(thread.post([&] {
    begun.set_value();
    open.get_future().wait();
  }));
  begun.get_future().wait();
  std::vector<std::size_t> ran;
  for (std::size_t i = 0; i < BackgroundThread::max_waiting; ++i) {
    REQUIRE(thread.post([&ran, i] { ran.push_back(i); }));
  }
  std::atomic<bool> is_dropped{true};
  CHECK_FALSE(thread.post([&] { is_dropped = false; }));
  open.set_value();
  thread.drain();
  CHECK(ran.size() == BackgroundThread::max_waiting);
  CHECK(is_dropped);
  CHECK(thread.post([] {}));
}

TEST_CASE("a full background thread can be drained") {
  BackgroundThread thread;
  std::promise<void> open;
  REQUIRE(thread.post([&] { open.get_future().wait(); }));
  while (thread.post([] {})) {}
  auto drained = std::async(std::launch::async, [&] { thread.drain(); });
  open.set_value();
  drained.get();
  CHECK(thread.post([] {}));
}
