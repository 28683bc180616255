/* What a program in C does with the installed library: it opens the shipped model, follows a user, recommends, moves the
   user's state, and meets every kind of refusal. Arguments: MODEL, and the SESSIONS that belong to it. */
#include "check.h"
#include "file_bytes.h"
#include "replay.h"

#include <math.h>
#include <string.h>

enum { wanted = 10 };

static const double now = 1700000000;

static void expect_refusal(int32_t result, int32_t code, const char* detail) {
  CHECK(result == code);
  CHECK(strstr(sotto_error_detail(), detail) != NULL);
}

static void follow_a_user(const sotto_model* model) {
  sotto_user* user = NULL;
  sotto_user* second = NULL;
  sotto_workspace* workspace = NULL;
  CHECK(sotto_user_new(model, &user) == SOTTO_OK);
  CHECK(sotto_user_new(model, &second) == SOTTO_OK);
  CHECK(sotto_workspace_new(model, &workspace) == SOTTO_OK);

  const uint32_t items[] = {5, 300, 40, 5};
  for (size_t event = 0; event < 4; ++event) {
    CHECK(sotto_feedback(user, workspace, items[event], SOTTO_CLICK, 0, now + 60 * (double)event) == SOTTO_OK);
  }
  CHECK(sotto_feedback(user, workspace, 7, SOTTO_NOT_THIS, 0, now + 300) == SOTTO_OK);

  const uint8_t* allowed = NULL;
  const sotto_ranking ranking = {.exclude = items, .exclude_count = 4, .allowed = allowed};
  sotto_scored_item best[wanted];
  CHECK(sotto_recommend(user, workspace, now + 300, &ranking, best, wanted) == wanted);
  for (int rank = 0; rank < wanted; ++rank) {
    CHECK(best[rank].item != 5 && best[rank].item != 300 && best[rank].item != 40 && best[rank].item != 7);
    CHECK(rank == 0 || best[rank - 1].score >= best[rank].score);
  }
  const uint32_t candidates[] = {best[0].item, best[wanted - 1].item};
  int32_t scores[2];
  CHECK(sotto_candidate_scores(user, workspace, now + 300, candidates, scores, 2) == SOTTO_OK);
  CHECK(scores[0] == best[0].score && scores[1] == best[wanted - 1].score);

  /* Popular items depend on no user, and leave none behind in the workspace. */
  sotto_scored_item popular[wanted];
  sotto_scored_item of_stranger[wanted];
  const sotto_ranking base = {.base = 1};
  CHECK(sotto_popular(model, workspace, NULL, popular, wanted) == wanted);
  CHECK(sotto_recommend(second, workspace, now, &base, of_stranger, wanted) == wanted);
  CHECK(memcmp(popular, of_stranger, sizeof popular) == 0);
  sotto_scored_item again[wanted];
  CHECK(sotto_recommend(user, workspace, now + 300, &ranking, again, wanted) == wanted);
  CHECK(memcmp(best, again, sizeof best) == 0);

  sotto_contribution reasons[SOTTO_MAX_EXPLAINED_EVENTS];
  CHECK(sotto_why(user, workspace, best[0].item, reasons, SOTTO_MAX_EXPLAINED_EVENTS) == 4);
  CHECK(reasons[0].logit >= reasons[3].logit);

  uint32_t latest[2];
  double times[2];
  CHECK(sotto_history(user, latest, times, 2) == 4);
  CHECK(latest[0] == 40 && latest[1] == 5 && times[0] == now + 120 && times[1] == now + 180);
  CHECK(sotto_history(user, NULL, NULL, 0) == 4);
  uint32_t hidden;
  double until;
  CHECK(sotto_hidden(user, &hidden, &until, 1) == 1);
  CHECK(hidden == 7 && isinf(until));
  CHECK(sotto_show(user, 7) == SOTTO_OK);
  CHECK(sotto_hidden(user, NULL, NULL, 0) == 0);
  sotto_gate_record gate;
  CHECK(sotto_gate(user, &gate) == SOTTO_OK);
  CHECK(gate.events == 4 && gate.trust > 0 && gate.trust < 1);

  /* The state in another user; both go on alike. */
  sotto_user_info info;
  CHECK(sotto_user_describe(user, &info) == SOTTO_OK);
  CHECK(info.events == 4 && info.history == 4 && info.hidden == 0 && info.learning == 1);
  unsigned char* state = malloc(info.state_size);
  unsigned char* other_state = malloc(info.state_size);
  CHECK(state != NULL && other_state != NULL);
  CHECK(sotto_state_export(user, state, info.state_size) == (int32_t)info.state_size);
  CHECK(sotto_state_import(second, workspace, state, info.state_size) == SOTTO_OK);
  CHECK(sotto_state_export(second, other_state, info.state_size) == (int32_t)info.state_size);
  CHECK(memcmp(state, other_state, info.state_size) == 0);
  CHECK(sotto_state_merge(second, workspace, state, info.state_size) == SOTTO_OK);
  CHECK(sotto_history(second, NULL, NULL, 0) == 4);

  expect_refusal(sotto_state_import(second, workspace, state, info.state_size - 1), SOTTO_MALFORMED, "state");
  expect_refusal(sotto_state_export(user, other_state, info.state_size - 1), SOTTO_INVALID_ARGUMENT, "bytes has room");
  free(state);
  free(other_state);
  sotto_user_free(user);
  sotto_user_free(second);
  sotto_workspace_free(workspace);
}

static void meet_refusals(const char* model_path, const sotto_model* model) {
  sotto_model* other = open_model(model_path);
  sotto_user* user = NULL;
  sotto_workspace* workspace = NULL;
  sotto_workspace* foreign = NULL;
  CHECK(sotto_user_new(model, &user) == SOTTO_OK);
  CHECK(sotto_workspace_new(model, &workspace) == SOTTO_OK);
  CHECK(sotto_workspace_new(other, &foreign) == SOTTO_OK);
  sotto_scored_item best[1];

  sotto_model* opened = NULL;
  unsigned char* page = sotto_alloc(100);
  CHECK(page != NULL);
  memset(page, '<', 100);
  CHECK(sotto_model_open(page, 100, &opened) < 0 && opened == NULL);
  expect_refusal(sotto_model_open(NULL, 0, &opened), SOTTO_INVALID_ARGUMENT, "bytes is NULL");

  expect_refusal(sotto_feedback(NULL, workspace, 1, SOTTO_CLICK, 0, now), SOTTO_INVALID_ARGUMENT, "user is NULL");
  expect_refusal(sotto_feedback(user, NULL, 1, SOTTO_CLICK, 0, now), SOTTO_INVALID_ARGUMENT, "workspace is NULL");
  expect_refusal(sotto_feedback(user, foreign, 1, SOTTO_CLICK, 0, now), SOTTO_MISMATCH, "different models");
  expect_refusal(sotto_feedback(user, workspace, UINT32_MAX, SOTTO_CLICK, 0, now), SOTTO_UNKNOWN_ITEM, "4294967295");
  expect_refusal(sotto_feedback(user, workspace, 1, 99, 0, now), SOTTO_INVALID_ARGUMENT, "kind of feedback 99");
  expect_refusal(sotto_feedback(user, workspace, 1, SOTTO_RATING, NAN, now), SOTTO_INVALID_ARGUMENT, "amount");
  expect_refusal(sotto_feedback(user, workspace, 1, SOTTO_CLICK, 0, NAN), SOTTO_INVALID_ARGUMENT, "time");
  expect_refusal(sotto_recommend(user, workspace, now, NULL, best, 0), SOTTO_INVALID_ARGUMENT, "k is 0");
  expect_refusal(sotto_recommend(user, workspace, now, NULL, NULL, 1), SOTTO_INVALID_ARGUMENT, "best is NULL");
  const sotto_ranking missing = {.exclude_count = 1};
  expect_refusal(sotto_recommend(user, workspace, now, &missing, best, 1), SOTTO_INVALID_ARGUMENT, "exclude is NULL");
  const sotto_ranking endless = {.exclude_count = UINT32_MAX};
  expect_refusal(sotto_recommend(user, workspace, now, &endless, best, 1), SOTTO_INVALID_ARGUMENT, "4294967295 values");
  const sotto_ranking wild = {.diversity = SOTTO_MAX_DIVERSITY + 1};
  expect_refusal(sotto_recommend(user, workspace, now, &wild, best, 1), SOTTO_INVALID_ARGUMENT, "diversity 32769");

  sotto_user_info info;
  CHECK(sotto_user_describe(user, &info) == SOTTO_OK);
  CHECK(info.events == 0);

  /* Handles may be freed in any order: a user keeps its model. */
  sotto_model_free(other);
  sotto_workspace_free(foreign);
  sotto_workspace_free(workspace);
  sotto_user_free(user);
  sotto_user_free(NULL);
  sotto_workspace_free(NULL);
  sotto_model_free(NULL);
  sotto_free(NULL);
}

int main(int count, char** arguments) {
  CHECK(count == 3);
  CHECK(sotto_abi_version() == SOTTO_ABI_VERSION);
  sotto_model* model = open_model(arguments[1]);
  follow_a_user(model);
  meet_refusals(arguments[1], model);
  sotto_model_free(model);
  printf("%u sessions are as in C++\n", replay_sessions(arguments[1], arguments[2]));
  return 0;
}
