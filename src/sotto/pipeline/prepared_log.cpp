#include <sotto/pipeline/prepared_log.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <utility>

namespace sotto::pipeline {

Status check_sessions(data::SplitKind split, const data::ReadOptions& reading, const data::FilterOptions& filters) {
  const bool has_sessions = filters.session_gap_seconds || !reading.session_column.empty();
  if (split != data::SplitKind::last_session || has_sessions) return Ok{};
  return Error{ErrorCode::invalid_argument,
               "the split 'last-session' needs sessions: add --session-gap or --session-column"};
}

Result<PreparedLog> prepare_log(data::Interactions read, data::FilterOptions filters, data::SplitKind split,
                                const std::string& name) {
  PreparedLog result{.log = std::move(read), .identity = {}, .filtered = {}};
  filters.unit = split == data::SplitKind::last_session ? data::SequenceUnit::user : data::SequenceUnit::session;
  if (auto filtered = data::apply_filters(result.log, filters, result.filtered); !filtered)
    return Error{filtered.error().code, fmt::format("{}: {}", name, filtered.error().detail)};
  result.identity = data::identify(result.log);
  result.identity.name = std::filesystem::path(name).filename().string();
  return result;
}

}  // namespace sotto::pipeline
