// Whether the store answers, and how large it is, for callers that must not wait for it.
#pragma once

#include <sotto/serve/in_background.hpp>
#include <sotto/store/store.hpp>

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace sotto::serve {

// Seconds since 1970.
using Clock = std::function<std::int64_t()>;

class StoreWatch {
 public:
  // The store and this object must outlive the tasks that `in_background` takes.
  StoreWatch(store::Store& store, InBackground in_background, Clock now);

  // Asks the store for something small, and calls `done` with what is wrong, or with an empty text. Callers that come
  // while a question is open share its answer. If it has been open for more than patience_seconds, or if too many tasks
  // wait in the background, `done` is called at once.
  void probe(std::function<void(const std::string& problem)> done);
  static constexpr std::int64_t patience_seconds = 5;

  // The store's size as it was last seen; nothing until then. Where that is more than size_seconds ago, it is asked for
  // again in the background.
  [[nodiscard]] std::optional<store::StoreSize> size();
  static constexpr std::int64_t size_seconds = 30;

 private:
  void finish_probe(const std::string& problem);
  void read_size();

  store::Store& store_;
  InBackground in_background_;
  Clock now_;
  std::mutex mutex_;  // of what follows
  std::vector<std::function<void(const std::string&)>> waiting_;
  bool is_probing_ = false;
  std::int64_t probe_began_ = 0;
  std::optional<store::StoreSize> size_;
  std::int64_t size_at_ = 0;
  bool is_reading_size_ = false;
};

}  // namespace sotto::serve
