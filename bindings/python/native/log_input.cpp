#include "log_input.hpp"

#include "failure.hpp"

#include <sotto/present/progress_words.hpp>

#include <chrono>
#include <utility>

namespace sotto::python {

void FrameColumns::add_texts(std::string name, std::vector<std::string> texts, Places places) {
  columns_.push_back({std::move(name), data::TextValues{std::move(texts), {places.data(), places.size()}}});
  places_.push_back(std::move(places));
}

void FrameColumns::add_integers(std::string name, Integers values) {
  columns_.push_back({std::move(name), data::IntegerValues{{values.data(), values.size()}}});
  integers_.push_back(std::move(values));
}

void FrameColumns::add_reals(std::string name, Reals values) {
  columns_.push_back({std::move(name), data::RealValues{{values.data(), values.size()}}});
  reals_.push_back(std::move(values));
}

void FrameColumns::add_moments(std::string name, Integers milliseconds) {
  columns_.push_back({std::move(name), data::MomentValues{{milliseconds.data(), milliseconds.size()}}});
  integers_.push_back(std::move(milliseconds));
}

pipeline::PreparedLog read_log(const cli::LogOptions& options, const FrameColumns* columns, data::SplitKind split,
                               WatchedWork& work, data::ReadReport& report) {
  require(pipeline::check_sessions(split, options.reading, options.filters));
  const std::string name = columns != nullptr ? columns->name() : options.name();
  const auto start = std::chrono::steady_clock::now();
  const data::ReadHooks hooks{.on_progress =
                                  [&](const data::ReadProgress& progress) {
                                    const std::chrono::duration<double> seconds =
                                        std::chrono::steady_clock::now() - start;
                                    work.tell("line", present::in_words(progress, seconds.count()));
                                  },
                              .stop = &work.stop()};
  auto read = columns != nullptr ? data::read_interactions(columns->table(), name, options.reading, report, hooks)
                                 : data::read_interactions({options.files.begin(), options.files.end()},
                                                           options.reading, report, hooks);
  work.tell("clear", {});
  return value_of(pipeline::prepare_log(value_of(std::move(read)), options.filters, split, name));
}

}  // namespace sotto::python
