#include <sotto/data/sessions.hpp>

#include <fmt/format.h>

#include <utility>

namespace sotto::data {

void cut_sessions(Interactions& log, std::int64_t gap_seconds) {
  log.begins_session.assign(log.events(), false);
  for (std::size_t user = 0; user < log.users(); ++user) {
    const std::size_t begin = log.user_begin[user];
    for (std::size_t event = begin; event < log.user_begin[user + 1]; ++event)
      log.begins_session[event] = event == begin || log.timestamp[event] - log.timestamp[event - 1] > gap_seconds;
  }
}

void make_sessions_users(Interactions& log) {
  IdList ids;
  std::vector<std::size_t> begins;
  for (std::size_t user = 0; user < log.users(); ++user) {
    std::size_t session = 0;
    for (std::size_t event = log.user_begin[user]; event < log.user_begin[user + 1]; ++event) {
      if (!log.begins_session[event]) continue;
      ids.push_back(fmt::format("{}#{}", log.user_ids[user], ++session));
      begins.push_back(event);
    }
  }
  begins.push_back(log.events());
  log.user_ids = std::move(ids);
  log.user_begin = std::move(begins);
  log.begins_session = {};
}

}  // namespace sotto::data
