#include <sotto/present/progress_words.hpp>
#include <sotto/present/words.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace sotto::present {

std::string in_words(const data::ReadProgress& progress, double seconds) {
  const auto bytes = static_cast<double>(progress.bytes);
  std::string line = fmt::format("reading: {} rows, {}, {:.1f} million rows/s", progress.rows,
                                 bytes_in_words(progress.bytes), static_cast<double>(progress.rows) / seconds / 1e6);
  if (progress.total_bytes > 0 && bytes > 0) {
    const auto total = static_cast<double>(progress.total_bytes);
    line += fmt::format("  {:.0f} %  {} left", 100 * bytes / total,
                        seconds_in_words(std::max(0.0, (total - bytes) * seconds / bytes)));
  }
  return line;
}

std::string in_words(const train::Progress& p) {
  const double share =
      p.events_per_epoch == 0 ? 0 : static_cast<double>(p.events_done) / static_cast<double>(p.events_per_epoch);
  std::string line = fmt::format("epoch {}/{}  {:3.0f} %  {:.0f} events/s  loss {:.4f}", p.epoch, p.max_epochs,
                                 100 * std::min(share, 1.0), p.events_per_second, p.loss);
  if (p.validates) line += fmt::format("  best validation {} {:.4f}", p.metric, p.best_validation);
  return line + fmt::format("  {} left", seconds_in_words(p.eta_seconds));
}

std::string in_words(const fit::FitProgress& p) {
  const std::string_view what = p.stage == fit::FitStage::memory ? "the memory term" : "the head's terms";
  const double share = static_cast<double>(p.targets_done) / static_cast<double>(p.targets_planned);
  std::string line = fmt::format("fitting {}", what);
  if (p.stage != fit::FitStage::memory) line += p.stage == fit::FitStage::histories ? ": histories" : ": terms";
  line += fmt::format("  {:3.0f} %  {:.0f} targets/s", 100 * share, p.targets_per_second);
  if (p.best_validation > 0) line += fmt::format("  best validation NDCG@10 {:.4f}", p.best_validation);
  return line + fmt::format("  {} left", seconds_in_words(p.eta_seconds));
}

}  // namespace sotto::present
