#include <sotto/data/duplicates.hpp>
#include <sotto/data/filters.hpp>
#include <sotto/data/k_core.hpp>
#include <sotto/data/rare_items.hpp>
#include <sotto/data/sessions.hpp>

#include <fmt/format.h>

namespace sotto::data {
namespace {

FilterStep size_after(std::string_view name, const Interactions& log) {
  return {.name = name, .events = log.events(), .users = log.users(), .items = log.item_ids.size()};
}

}  // namespace

// Sessions become users before the k-core, because the k-core sets the min length of sequences.
Status apply_filters(Interactions& log, const FilterOptions& options, FilterReport& report) {
  report = {.before = size_after("read", log), .steps = {}};
  const auto note = [&](std::string_view name) { report.steps.push_back(size_after(name, log)); };
  if (options.drop_duplicates) {
    drop_duplicates(log);
    note("duplicates");
  }
  if (options.session_gap_seconds) cut_sessions(log, *options.session_gap_seconds);
  if (!log.begins_session.empty() && options.unit == SequenceUnit::session) {
    make_sessions_users(log);
    note("sessions");
  }
  if (options.min_item_events > 1) {
    if (options.pooled_item.empty())
      drop_rare_items(log, options.min_item_events);
    else
      pool_rare_items(log, options.min_item_events, options.pooled_item);
    note("rare_items");
  }
  if (options.max_items > 0 && log.item_ids.size() > options.max_items) {
    pool_all_but_most_frequent(log, options.max_items,
                               options.pooled_item.empty() ? std::string(default_oov_item) : options.pooled_item);
    note("max_items");
  }
  if (options.k_core > 1) {
    keep_k_core(log, options.k_core);
    note("k_core");
  }
  if (log.events() == 0) {
    return Error{ErrorCode::missing, fmt::format("the filters leave none of the log's {} events; ask for fewer events "
                                                 "per item or a smaller k-core",
                                                 report.before.events)};
  }
  return Ok{};
}

}  // namespace sotto::data
