#include <sotto/serve/store_watch.hpp>

#include <utility>

namespace sotto::serve {

StoreWatch::StoreWatch(store::Store& store, InBackground in_background, Clock now)
    : store_(store), in_background_(std::move(in_background)), now_(std::move(now)) {}

void StoreWatch::probe(std::function<void(const std::string& problem)> done) {
  const std::int64_t now = now_();
  {
    std::unique_lock lock(mutex_);
    if (is_probing_ && now - probe_began_ > patience_seconds) {
      const std::int64_t waited = now - probe_began_;
      lock.unlock();
      done("the store has not answered for " + std::to_string(waited) + " seconds");
      return;
    }
    waiting_.push_back(std::move(done));
    if (is_probing_) return;
    is_probing_ = true;
    probe_began_ = now;
  }
  const bool is_taken = in_background_([this] {
    // No user has an empty id.
    const Result<store::UserHead> head = store_.head("");
    finish_probe(head ? std::string() : head.error().detail);
  });
  if (!is_taken) finish_probe("too many calls wait for the store");
}

void StoreWatch::finish_probe(const std::string& problem) {
  std::vector<std::function<void(const std::string&)>> waiting;
  {
    const std::scoped_lock lock(mutex_);
    waiting.swap(waiting_);
    is_probing_ = false;
  }
  for (const auto& done : waiting) done(problem);
}

std::optional<store::StoreSize> StoreWatch::size() {
  const std::int64_t now = now_();
  std::unique_lock lock(mutex_);
  const std::optional<store::StoreSize> size = size_;
  const bool is_recent = size && now >= size_at_ && now - size_at_ < size_seconds;
  if (is_recent || is_reading_size_) return size;
  is_reading_size_ = true;
  lock.unlock();
  if (!in_background_([this] { read_size(); })) {
    lock.lock();
    is_reading_size_ = false;
  }
  return size;
}

void StoreWatch::read_size() {
  const Result<store::StoreSize> size = store_.size();
  const std::scoped_lock lock(mutex_);
  is_reading_size_ = false;
  if (!size) return;
  size_ = *size;
  size_at_ = now_();
}

}  // namespace sotto::serve
