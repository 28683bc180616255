// Reads the log that the options name, and says on the console what became of it.
#pragma once

#include <sotto/cli/log_options.hpp>
#include <sotto/data/catalogue_file.hpp>
#include <sotto/pipeline/prepared_log.hpp>

#include <atomic>

namespace sotto::app {
class Logger;
}

namespace sotto::cli {

struct ReadLog : pipeline::PreparedLog {
  data::ReadReport report;
};

// Reads and filters the log. Shows progress on a terminal and logs what was left out. Under the split "last-session",
// sessions stay inside their users; under any other split each session is a sequence of its own.
[[nodiscard]] Result<ReadLog> read_log(app::Logger& log, const LogOptions& options, data::SplitKind split,
                                       const std::atomic<bool>& stop);

// Says how an items file is read, and which of its ids are rounded, if that is not what one would expect. Fails where
// it cannot be read.
[[nodiscard]] Status log_items_surprises(app::Logger& log, const data::ItemsFile& items);

}  // namespace sotto::cli
