/* A whole file in memory. */
#ifndef FILE_BYTES_H
#define FILE_BYTES_H

#include "check.h"

/* Reads the file into memory of sotto_alloc, which the caller owns. */
static inline unsigned char* read_file(const char* path, size_t* size) {
  FILE* file = fopen(path, "rb");
  CHECK(file != NULL);
  CHECK(fseek(file, 0, SEEK_END) == 0);
  const long end = ftell(file);
  CHECK(end >= 0);
  rewind(file);
  *size = (size_t)end;
  unsigned char* bytes = sotto_alloc(*size);
  CHECK(bytes != NULL);
  CHECK(fread(bytes, 1, *size, file) == *size);
  fclose(file);
  return bytes;
}

static inline sotto_model* open_model(const char* path) {
  size_t size = 0;
  unsigned char* bytes = read_file(path, &size);
  sotto_model* model = NULL;
  CHECK(sotto_model_open(bytes, size, &model) == SOTTO_OK);
  return model;
}

#endif
