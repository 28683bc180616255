/* The sessions of tests/equality/README.md, replayed through the C ABI and compared byte by byte with the C++ library. */
#ifndef REPLAY_H
#define REPLAY_H

/* Returns how many sessions were compared; ends the program at the first difference. */
unsigned replay_sessions(const char* model_path, const char* sessions_path);

#endif
