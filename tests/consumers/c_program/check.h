/* What the program does where something is not as it must be: it says where, and ends. */
#ifndef CHECK_H
#define CHECK_H

#include <sotto.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                                               \
  do {                                                                                                 \
    if (!(condition)) {                                                                                \
      fprintf(stderr, "%s:%d: %s (%s)\n", __FILE__, __LINE__, #condition, sotto_error_detail());        \
      exit(1);                                                                                         \
    }                                                                                                  \
  } while (0)

#endif
