/* Opens a model through the C interface, which is the one for every other language as well.
   Usage: recommend MODEL */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <sotto.h>

/* The result of a call, if it succeeded. */
static int32_t checked(int32_t result) {
  if (result < 0) {
    fprintf(stderr, "error %d: %s\n", (int)result, sotto_error_detail());
    exit(1);
  }
  return result;
}

/* The whole file in memory of sotto_alloc, which sotto_model_open takes over. */
static void* read_file(const char* path, size_t* size) {
  FILE* file = fopen(path, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
    perror(path);
    exit(1);
  }
  long end = ftell(file);
  rewind(file);
  void* bytes = end > 0 ? sotto_alloc((size_t)end) : NULL;
  if (bytes == NULL || fread(bytes, 1, (size_t)end, file) != (size_t)end) {
    fprintf(stderr, "%s: the file cannot be read\n", path);
    exit(1);
  }
  fclose(file);
  *size = (size_t)end;
  return bytes;
}

int main(int count, char** arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: recommend MODEL\n");
    return 2;
  }
  if (sotto_abi_version() != SOTTO_ABI_VERSION) {
    fprintf(stderr, "the library is of another version than sotto.h\n");
    return 1;
  }

  size_t size = 0;
  void* bytes = read_file(arguments[1], &size);
  sotto_model* model = NULL;
  sotto_user* user = NULL;           /* one for each person */
  sotto_workspace* workspace = NULL; /* one for each thread */
  checked(sotto_model_open(bytes, size, &model));
  checked(sotto_user_new(model, &user));
  checked(sotto_workspace_new(model, &workspace));

  sotto_model_info info;
  checked(sotto_model_describe(model, &info));
  printf("%u items\n", (unsigned)info.items);

  const double now = 1700000000; /* seconds since 1970: the library has no clock */
  uint32_t seen[3] = {0, 1, 2};
  for (int n = 0; n < 3; ++n) checked(sotto_feedback(user, workspace, seen[n], SOTTO_CLICK, 0, now));

  sotto_ranking ranking = {.exclude = seen, .exclude_count = 3};
  sotto_scored_item best[5];
  int32_t found = checked(sotto_recommend(user, workspace, now, &ranking, best, 5));
  for (int32_t n = 0; n < found; ++n) {
    printf("item %u, score %.2f\n", (unsigned)best[n].item, (double)best[n].score / SOTTO_SCORE_ONE);
  }

  sotto_workspace_free(workspace);
  sotto_user_free(user);
  sotto_model_free(model);
  return 0;
}
