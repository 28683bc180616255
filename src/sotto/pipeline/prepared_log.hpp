// What training and evaluation work on: the events of a log that was read, filtered and identified.
#pragma once

#include <sotto/data/filters.hpp>
#include <sotto/data/read_interactions.hpp>
#include <sotto/data/split.hpp>

#include <string>

namespace sotto::pipeline {

struct PreparedLog {
  data::Interactions log;
  LogIdentity identity;
  data::FilterReport filtered;
};

// Fails where the split needs sessions that neither the rows nor the filters give.
[[nodiscard]] Status check_sessions(data::SplitKind split, const data::ReadOptions& reading,
                                    const data::FilterOptions& filters);

// Filters the log and identifies it. Under the split "last-session", sessions stay inside their users; under any other
// split each session is a sequence of its own. `name` names the log in errors; the identity has it without folders.
[[nodiscard]] Result<PreparedLog> prepare_log(data::Interactions read, data::FilterOptions filters,
                                              data::SplitKind split, const std::string& name);

}  // namespace sotto::pipeline
