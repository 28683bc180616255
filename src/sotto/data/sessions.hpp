// Cutting users' events into sessions.
#pragma once

#include <sotto/data/interactions.hpp>

#include <cstdint>

namespace sotto::data {

// A session ends where the user does nothing for longer than `gap_seconds`.
void cut_sessions(Interactions& log, std::int64_t gap_seconds);

// Makes each session a user of its own: the n-th session of user "u" is "u#n". The log has no sessions afterwards.
// Precondition: it has some.
void make_sessions_users(Interactions& log);

}  // namespace sotto::data
