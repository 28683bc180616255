#include <sotto/aggregate/upload_writer.hpp>

#include <iterator>
#include <utility>

namespace sotto::aggregate {

std::size_t UploadWrite::bytes() const noexcept {
  std::size_t sum = 0;
  for (const store::UploadedReport& report : reports) sum += report.sealed.size();
  return sum;
}

UploadWriter::UploadWriter(store::AggregationStore& store, std::function<void()> stored)
    : store_(store), stored_(std::move(stored)), thread_([this] { serve(); }) {}

bool UploadWriter::write(UploadWrite upload) {
  {
    const std::scoped_lock lock(mutex_);
    const std::size_t bytes = upload.bytes();
    if (stops_ || waiting_bytes_ + bytes > max_waiting) return false;
    waiting_bytes_ += bytes;
    waiting_.push_back(std::move(upload));
  }
  came_.notify_one();
  return true;
}

void UploadWriter::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stops_ = true;
  }
  came_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void UploadWriter::serve() {
  std::vector<UploadWrite> taken;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      came_.wait(lock, [&] { return stops_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      std::size_t reports = 0;
      std::size_t uploads = 0;
      while (uploads < waiting_.size() &&
             (uploads == 0 || reports + waiting_[uploads].reports.size() <= max_together)) {
        reports += waiting_[uploads++].reports.size();
      }
      const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(uploads);
      taken.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
      waiting_.erase(waiting_.begin(), end);
      for (const UploadWrite& upload : taken) waiting_bytes_ -= upload.bytes();
    }
    write_all(taken);
    taken.clear();
  }
}

void UploadWriter::write_all(std::vector<UploadWrite>& uploads) {
  std::vector<store::UploadedReport> reports;
  std::vector<std::size_t> counts;
  for (UploadWrite& upload : uploads) {
    counts.push_back(upload.reports.size());
    std::move(upload.reports.begin(), upload.reports.end(), std::back_inserter(reports));
  }
  auto outcomes = store_.upload(reports);
  if (!outcomes) {
    for (const UploadWrite& upload : uploads) upload.done(outcomes.error());
    return;
  }
  auto next = outcomes->begin();
  for (std::size_t n = 0; n < uploads.size(); ++n) {
    const auto end = next + static_cast<std::ptrdiff_t>(counts[n]);
    uploads[n].done(std::vector<store::UploadOutcome>(next, end));
    next = end;
  }
  stored_();
}

}  // namespace sotto::aggregate
