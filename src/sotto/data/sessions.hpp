// Cuts users' events into sessions.
#pragma once

#include <sotto/data/interactions.hpp>

#include <cstdint>

namespace sotto::data {

// A session ends when the user does nothing for longer than `gap_seconds`.
void cut_sessions(Interactions& log, std::int64_t gap_seconds);

// Makes each session a separate user. The n-th session of user "u" becomes "u#n". The log has no sessions afterwards.
// Precondition: the log has sessions.
void make_sessions_users(Interactions& log);

}  // namespace sotto::data
