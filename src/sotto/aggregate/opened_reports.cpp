#include <sotto/aggregate/opened_reports.hpp>

#include <utility>

namespace sotto::aggregate {

void OpenedReports::keep(sync::OpenedReport report) {
  const auto now = std::chrono::steady_clock::now();
  const std::scoped_lock lock(mutex_);
  while (!order_.empty() && (now - order_.front().since > max_age || !reports_.contains(order_.front().id))) {
    reports_.erase(order_.front().id);
    order_.pop_front();
  }
  if (reports_.size() >= max_kept) return;
  const sync::ReportId id = report.metadata.report_id;
  if (reports_.emplace(id, std::move(report)).second) order_.push_back({id, now});
}

std::optional<sync::OpenedReport> OpenedReports::take(const sync::ReportId& id) {
  const std::scoped_lock lock(mutex_);
  auto kept = reports_.extract(id);
  if (kept.empty()) return std::nullopt;
  return std::move(kept.mapped());
}

}  // namespace sotto::aggregate
