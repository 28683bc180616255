#include "replay.h"

#include "file_bytes.h"

#include <string.h>

/* The file's values are little-endian, as this machine is. */
typedef struct reader {
  const unsigned char* bytes;
  size_t size;
  size_t at;
} reader;

static const unsigned char* part(reader* from, size_t size) {
  CHECK(size <= from->size - from->at);
  from->at += size;
  return from->bytes + from->at - size;
}

static uint32_t u32(reader* from) {
  uint32_t value;
  memcpy(&value, part(from, sizeof value), sizeof value);
  return value;
}

static float f32(reader* from) {
  float value;
  memcpy(&value, part(from, sizeof value), sizeof value);
  return value;
}

static double f64(reader* from) {
  double value;
  memcpy(&value, part(from, sizeof value), sizeof value);
  return value;
}

static void check_scores(reader* from, sotto_user* user, sotto_workspace* workspace, double now, uint32_t base,
                         int32_t* scores, uint32_t items) {
  CHECK(sotto_scores(user, workspace, now, base, scores, items) == (int32_t)items);
  CHECK(memcmp(scores, part(from, sizeof(int32_t) * items), sizeof(int32_t) * items) == 0);
}

static void check_diverse_ranking(reader* from, sotto_user* user, sotto_workspace* workspace, double now) {
  const sotto_ranking ranking = {.diversity = SOTTO_MAX_DIVERSITY / 2};
  sotto_scored_item best[10];
  const int32_t found = sotto_recommend(user, workspace, now, &ranking, best, 10);
  CHECK(found >= 0 && (uint32_t)found == u32(from));
  for (int32_t rank = 0; rank < found; ++rank) CHECK(best[rank].item == u32(from));
}

static void check_state(const sotto_user* user, const unsigned char* expected, size_t size) {
  sotto_user_info info;
  CHECK(sotto_user_describe(user, &info) == SOTTO_OK);
  CHECK(info.state_size == size);
  unsigned char* bytes = malloc(size);
  CHECK(bytes != NULL);
  CHECK(sotto_state_export(user, bytes, size) == (int32_t)size);
  CHECK(memcmp(bytes, expected, size) == 0);
  free(bytes);
}

static void replay_session(reader* from, sotto_user* user, sotto_user* second, sotto_workspace* workspace,
                           int32_t* scores, uint32_t items) {
  CHECK(sotto_user_reset(user) == SOTTO_OK);
  const uint32_t events = u32(from);
  for (uint32_t event = 0; event < events; ++event) {
    const uint32_t item = u32(from);
    const uint32_t kind = u32(from);
    const float amount = f32(from);
    const double time = f64(from);
    CHECK(sotto_feedback(user, workspace, item, kind, amount, time) == SOTTO_OK);
  }
  const double now = f64(from);
  check_scores(from, user, workspace, now, 1, scores, items);
  check_scores(from, user, workspace, now, 0, scores, items);
  check_diverse_ranking(from, user, workspace, now);

  const uint32_t state_size = u32(from);
  const unsigned char* state = part(from, state_size);
  check_state(user, state, state_size);
  CHECK(sotto_state_import(second, workspace, state, state_size) == SOTTO_OK);
  check_state(second, state, state_size);
}

unsigned replay_sessions(const char* model_path, const char* sessions_path) {
  sotto_model* model = open_model(model_path);
  sotto_model_info info;
  CHECK(sotto_model_describe(model, &info) == SOTTO_OK);
  sotto_user* user = NULL;
  sotto_user* second = NULL;
  sotto_workspace* workspace = NULL;
  CHECK(sotto_user_new(model, &user) == SOTTO_OK);
  CHECK(sotto_user_new(model, &second) == SOTTO_OK);
  CHECK(sotto_workspace_new(model, &workspace) == SOTTO_OK);
  int32_t* scores = malloc(sizeof(int32_t) * info.items);
  CHECK(scores != NULL);

  reader from = {0};
  unsigned char* file = read_file(sessions_path, &from.size);
  from.bytes = file;
  CHECK(memcmp(part(&from, 4), "SEQ4", 4) == 0);
  CHECK(u32(&from) == info.items);
  const uint32_t sessions = u32(&from);
  for (uint32_t kind = SOTTO_IMPRESSION; kind <= SOTTO_NOT_THIS; ++kind) {
    CHECK(sotto_set_weight(user, kind, f32(&from)) == SOTTO_OK);
  }
  for (uint32_t session = 0; session < sessions; ++session) {
    replay_session(&from, user, second, workspace, scores, info.items);
  }
  CHECK(from.at == from.size);

  sotto_free(file);
  free(scores);
  sotto_user_free(second);
  sotto_user_free(user);
  sotto_workspace_free(workspace);
  sotto_model_free(model);
  return sessions;
}
