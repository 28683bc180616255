#include <sotto/cli/console.hpp>
#include <sotto/cli/progress.hpp>
#include <sotto/present/progress_words.hpp>
#include <sotto/present/words.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>

namespace sotto::cli {

ReadingProgress::ReadingProgress() : terminal_(stderr_is_terminal()), start_(Clock::now()), shown_(start_) {}

void ReadingProgress::update(const data::ReadProgress& progress) {
  constexpr auto between_lines = std::chrono::milliseconds(200);
  const Clock::time_point now = Clock::now();
  if (!terminal_ || now - shown_ < between_lines) return;
  shown_ = now;
  line_open_ = true;
  rewrite_line(present::in_words(progress, std::chrono::duration<double>(now - start_).count()));
}

void ReadingProgress::finish() {
  if (line_open_) rewrite_line("");
  line_open_ = false;
}

TrainingProgress::TrainingProgress(std::string title) : title_(std::move(title)), terminal_(stderr_is_terminal()) {}

void TrainingProgress::update(const train::Progress& progress) {
  if (terminal_) {
    rewrite_line(title_ + present::in_words(progress));
    line_open_ = true;
    return;
  }
  // Writes one line for each epoch, at its last update: the epoch is done and its validation figure, if any, is known.
  const bool done =
      progress.events_done >= progress.events_per_epoch && (progress.validation > 0 || !progress.validates);
  if (!done || progress.epoch == epoch_shown_) return;
  epoch_shown_ = progress.epoch;
  std::string validation;
  if (progress.validates) {
    validation = fmt::format("validation {} {:.4f} (best {:.4f}), ", progress.metric, progress.validation,
                             progress.best_validation);
  }
  fmt::print(stderr, "{}epoch {}/{}: loss {:.4f}, {}{:.0f} events/s, {}\n", title_, progress.epoch, progress.max_epochs,
             progress.loss, validation, progress.events_per_second, present::seconds_in_words(progress.seconds));
}

void TrainingProgress::finish() {
  if (line_open_) fmt::print(stderr, "\n");
  line_open_ = false;
}

HeadTermProgress::HeadTermProgress() : terminal_(stderr_is_terminal()) {}

void HeadTermProgress::update(const fit::FitProgress& progress) {
  last_ = progress;
  if (terminal_) rewrite_line(present::in_words(progress));
}

void HeadTermProgress::finish() {
  if (last_.targets_planned == 0) return;
  if (terminal_) {
    fmt::print(stderr, "\n");
  } else if (last_.stage == fit::FitStage::terms && last_.targets_done == last_.targets_planned) {
    fmt::print(stderr, "head's terms: validation NDCG@10 {:.4f}, {}\n", last_.best_validation,
               present::seconds_in_words(last_.seconds));
  }
}

EvaluationProgress::EvaluationProgress() : terminal_(stderr_is_terminal()) {}

void EvaluationProgress::update(std::size_t users_done, std::size_t users) {
  const std::size_t percent = 100 * users_done / users;
  if (!terminal_ || percent == percent_shown_) return;
  percent_shown_ = percent;
  rewrite_line(fmt::format("ranked {} %", percent));
}

void EvaluationProgress::finish() {
  if (terminal_) rewrite_line("");
}

SimulationProgress::SimulationProgress() : terminal_(stderr_is_terminal()), start_(Clock::now()), shown_(start_) {}

void SimulationProgress::update(std::size_t base, std::size_t bases, std::size_t events_done, std::size_t events) {
  constexpr auto between_lines = std::chrono::milliseconds(200);
  const Clock::time_point now = Clock::now();
  if (!terminal_ || now - shown_ < between_lines) return;
  shown_ = now;
  line_open_ = true;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const auto done = static_cast<double>(base * events + events_done);
  const auto all = static_cast<double>(bases * events);
  rewrite_line(fmt::format("simulating: {:3.0f} %  {:.0f} events/s  {} left", 100 * done / all, done / seconds,
                           present::seconds_in_words(done > 0 ? (all - done) * seconds / done : 0)));
}

void SimulationProgress::finish() {
  if (line_open_) rewrite_line("");
  line_open_ = false;
}

ReplayProgress::ReplayProgress(std::uint64_t events)
    : terminal_(stderr_is_terminal()), events_(events), start_(Clock::now()), shown_(start_) {}

void ReplayProgress::update(std::uint64_t events_done) {
  constexpr auto between_lines = std::chrono::milliseconds(200);
  const Clock::time_point now = Clock::now();
  if (!terminal_ || events_done == 0 || now - shown_ < between_lines) return;
  shown_ = now;
  line_open_ = true;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const auto done = static_cast<double>(events_done);
  const auto all = static_cast<double>(events_);
  rewrite_line(fmt::format("folding: {:3.0f} %  {:.0f} events/s  {} left", 100 * done / all, done / seconds,
                           present::seconds_in_words((all - done) * seconds / done)));
}

void ReplayProgress::finish() {
  if (line_open_) rewrite_line("");
  line_open_ = false;
}

}  // namespace sotto::cli
