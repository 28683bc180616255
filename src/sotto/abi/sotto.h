/**
 * @file sotto.h
 * The C ABI of Sotto: the same functions in the shared library libsotto and in the WebAssembly modules.
 *
 * A program opens a model, makes a user for each person and a workspace for each thread, and calls the functions that
 * take a user and a workspace:
 *
 * @code{.c}
 * sotto_model* model = NULL;
 * sotto_user* user = NULL;
 * sotto_workspace* workspace = NULL;
 * sotto_scored_item best[10];
 * if (sotto_model_open(bytes, size, &model) < 0) fail(sotto_error_detail());
 * if (sotto_user_new(model, &user) < 0 || sotto_workspace_new(model, &workspace) < 0) fail(sotto_error_detail());
 * sotto_feedback(user, workspace, item, SOTTO_CLICK, 0, time);
 * int32_t found = sotto_recommend(user, workspace, time, NULL, best, 10);
 * @endcode
 *
 * **Conventions**
 * - Items are indices into the model's catalogue, 0 … items - 1.
 * - Times are seconds since 1970 (UTC). Their fraction is dropped. A time that is not finite is refused.
 * - Scores are logits as int32 in Q15.16: divide by 65,536 (SOTTO_SCORE_ONE). They are comparable within one call.
 * - Every array, record and buffer that a call reads or writes belongs to the caller, who may free it when the call has
 *   returned. Only sotto_model_open takes memory over.
 *
 * **Results.** A function that returns int32_t returns 0 or a count where it succeeded, and a negative sotto_error
 * where it failed. A failed call has changed nothing and has written no result. Every handle, pointer, size and index
 * is checked: NULL where something is needed, a count above SOTTO_MAX_COUNT or a buffer that is too small is an error.
 * What cannot be checked is whether a handle is still alive and whether a buffer is as large as its size says.
 *
 * **Threads.** Any number of threads may use one model at the same time, after sotto_model_sketch has returned where it
 * is called. A user and a workspace belong to one thread at a time. The last error belongs to the thread that made it.
 *
 * **Memory.** A user is small (10 to 30 kB); a workspace has the scratch memory of one thread and grows with the
 * catalogue (about 30 bytes for each item). Handles may be freed in any order: a model's memory goes with the last
 * handle that needs it. Where the system refuses memory inside a call, the process ends; sotto_alloc alone reports it.
 *
 * **Versions.** Numbers in this header are never renumbered. SOTTO_ABI_VERSION changes whenever a program that was
 * compiled with an older header could misbehave.
 */
#ifndef SOTTO_H
#define SOTTO_H

#include <stddef.h>
#include <stdint.h>

#if defined(__EMSCRIPTEN__)
#define SOTTO_API __attribute__((used, visibility("default")))
#elif defined(__GNUC__)
#define SOTTO_API __attribute__((visibility("default")))
#else
#define SOTTO_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** The version of this ABI: sotto_abi_version() of the library that is loaded must return the same number. */
#define SOTTO_ABI_VERSION 7

/** The score of a logit of 1. */
#define SOTTO_SCORE_ONE 65536
/** The most items, events or pairs that one call takes. */
#define SOTTO_MAX_COUNT 16777216
/** A user's latest events that are remembered. */
#define SOTTO_HISTORY_CAPACITY 1024
/** The items that a user can have hidden at a time. */
#define SOTTO_HIDDEN_CAPACITY 512
/** The user's latest events that sotto_why explains. */
#define SOTTO_MAX_EXPLAINED_EVENTS 50
/** sotto_ranking.diversity at its highest. */
#define SOTTO_MAX_DIVERSITY 32768
/** The largest weight of a kind of feedback. */
#define SOTTO_MAX_FEEDBACK_WEIGHT 10

/** Why a call failed. docs/errors.md explains each code and what to do about it. */
typedef enum sotto_error {
  SOTTO_OK = 0,
  SOTTO_TRUNCATED = -1,            /**< The bytes end before what they announce. */
  SOTTO_MALFORMED = -2,            /**< The bytes break the rules of their format. */
  SOTTO_UNSUPPORTED_VERSION = -3,  /**< A version that this build does not read. */
  SOTTO_WRONG_SHAPE = -4,          /**< A tensor's dimensions contradict the architecture. */
  SOTTO_WRONG_TYPE = -5,           /**< A tensor's or field's type is not the expected one. */
  SOTTO_MISSING = -6,              /**< A required field or tensor is absent. */
  SOTTO_OUT_OF_RANGE = -7,         /**< A value outside its documented range. */
  SOTTO_MISMATCH = -8,             /**< Two things belong to different models. */
  SOTTO_IO = -9,                   /**< Reserved: the operating system refused to read or write. */
  SOTTO_INTERRUPTED = -10,         /**< Reserved: the caller asked to stop. */
  SOTTO_INVALID_ARGUMENT = -11,    /**< An argument that cannot be meant: NULL, a count of 0, a buffer too small. */
  SOTTO_UNKNOWN_ITEM = -12,        /**< An index that the model's catalogue does not have. */
  SOTTO_UNSUPPORTED = -13          /**< Valid, but not something that this build can do. */
} sotto_error;

/** What a user does with an item. docs/personal.md says what each kind teaches. */
typedef enum sotto_feedback_kind {
  SOTTO_IMPRESSION = 0, /**< The item was shown. What is not chosen by the next event counts against it. */
  SOTTO_CLICK = 1,      /**< The user chose or looked at the item: an event of the sequence. */
  SOTTO_DWELL = 2,      /**< The user stayed with the item; the amount is seconds. */
  SOTTO_CART = 3,       /**< An event, or a stronger lesson where the item is the visit's latest event. */
  SOTTO_FAVOURITE = 4,  /**< As SOTTO_CART. */
  SOTTO_PURCHASE = 5,   /**< As SOTTO_CART. */
  SOTTO_RATING = 6,     /**< The amount is -1 (bad) … 1 (good); from 0 on an event. */
  SOTTO_DISMISS = 7,    /**< Not now: hides the item for a week. */
  SOTTO_NOT_THIS = 8    /**< Never again: hides the item until the user chooses it. */
} sotto_feedback_kind;

/** The instructions that the engine's inner loops use. All tiers give the same results. */
typedef enum sotto_tier {
  SOTTO_REFERENCE = 0,    /**< Plain C++. */
  SOTTO_AVX2 = 1,         /**< x86-64 with AVX2. */
  SOTTO_AVX512_VNNI = 2,  /**< x86-64 with AVX-512 F, BW, VL and VNNI. */
  SOTTO_SIMD128 = 3,      /**< WebAssembly SIMD. */
  SOTTO_RELAXED_SIMD = 4  /**< WebAssembly relaxed SIMD. */
} sotto_tier;

/** An opened model: immutable weights, shared by any number of users and workspaces. */
typedef struct sotto_model sotto_model;
/** One person: state, history, what was learned, what is hidden. */
typedef struct sotto_user sotto_user;
/** The scratch memory of one thread, for one model. */
typedef struct sotto_workspace sotto_workspace;

/** What is known about an opened model. */
typedef struct sotto_model_info {
  uint64_t fingerprint;    /**< XXH64 of the model file: ties a stored state to the model. */
  uint32_t items;          /**< Items in the catalogue. */
  uint32_t tier;           /**< A sotto_tier. */
  uint32_t taste_size;     /**< Values that sotto_taste writes. */
  uint32_t memory_weights; /**< Values that sotto_memory_weights writes. */
  float temperature;       /**< The log-odds of a logit of 1: probabilities are the softmax of temperature · logit. */
  uint32_t reserved;       /**< 0. */
} sotto_model_info;

/** What is known about a user. */
typedef struct sotto_user_info {
  uint32_t events;     /**< Events observed; stops counting at 2^32 - 1. */
  uint32_t state_size; /**< Bytes that sotto_state_export writes now. */
  uint32_t history;    /**< Events that are remembered, at most SOTTO_HISTORY_CAPACITY. */
  uint32_t hidden;     /**< Items that are hidden, at most SOTTO_HIDDEN_CAPACITY. */
  uint32_t learning;   /**< 1 where events teach and what was learned counts, else 0. */
  uint32_t waiting;    /**< Events that wait for sotto_relearn. */
} sotto_user_info;

/** How far what was learned is trusted, and the record that the trust follows. */
typedef struct sotto_gate_record {
  double trust;                   /**< 0 … 1: the probability that what was learned should count. */
  double base_log_likelihood;     /**< Sum of ln p of the events, predicted by the model alone. */
  double personal_log_likelihood; /**< The same, predicted with what was learned. */
  uint32_t events;                /**< Events that were predicted. */
  uint32_t reserved;              /**< 0. */
} sotto_gate_record;

/** An item and its score. */
typedef struct sotto_scored_item {
  uint32_t item;
  int32_t score; /**< A logit, Q15.16. */
} sotto_scored_item;

/** What one event did for an item's score. All logits are Q15.16 and signed. */
typedef struct sotto_contribution {
  uint32_t item;   /**< The item of the event. */
  uint32_t age;    /**< Events since; 0 is the latest event. */
  int32_t logit;   /**< The score with all events, less the score without this one. */
  int32_t history; /**< The part of `logit` that goes through the history term. */
  int32_t counts;  /**< The part through the count expert; the rest goes through the network. */
} sotto_contribution;

/** One item under the index of another model's states, and under the index of this model. */
typedef struct sotto_item_pair {
  uint32_t theirs;
  uint32_t ours;
} sotto_item_pair;

/** What a ranking leaves out, and how it is made. All zeros: the plain ranking with what was learned. */
typedef struct sotto_ranking {
  const uint32_t* exclude; /**< Items that must not come, [exclude_count]; unknown indices are ignored. */
  const uint8_t* allowed;  /**< NULL, or a byte for each item of the catalogue: 0 where the item must not come. */
  uint32_t exclude_count;  /**< At most SOTTO_MAX_COUNT. */
  int32_t diversity;       /**< 0 … SOTTO_MAX_DIVERSITY: how far each item is to differ from those before it. */
  uint32_t base;           /**< 1: by the model's own scores alone. 0: with what was learned. */
} sotto_ranking;

/* ---- Library --------------------------------------------------------------------------------------------------- */

/**
 * Returns SOTTO_ABI_VERSION of the library. A program refuses to work with any number but the one in its header.
 */
SOTTO_API uint32_t sotto_abi_version(void);

/**
 * Returns what was wrong in this thread's latest call that failed: a phrase in UTF-8 without a final full stop, ended
 * by a 0 byte, at most 1,023 bytes. It is empty before the first failure.
 *
 * The library owns the text; it is valid until the next call of this thread that fails.
 */
SOTTO_API const char* sotto_error_detail(void);

/**
 * Returns `size` bytes aligned to 64, or NULL where the system refuses them. A size of 0 gives memory, too.
 *
 * The caller owns the memory until it gives it to sotto_free or to sotto_model_open.
 */
SOTTO_API void* sotto_alloc(size_t size);

/**
 * Gives memory of sotto_alloc back. NULL is ignored.
 *
 * The library owns the memory from then on.
 */
SOTTO_API void sotto_free(void* bytes);

/* ---- Models ---------------------------------------------------------------------------------------------------- */

/**
 * Validates a fixed-point model file and makes it ready to run.
 *
 * The bytes must come from sotto_alloc; the library owns them from then on, also where the call fails, because the
 * weights are used where they stand in the file. Where `bytes` or `model` is NULL the caller keeps them.
 *
 * @param bytes the whole file
 * @param size its size in bytes, at most what was asked of sotto_alloc
 * @param model receives the model, which the caller owns and gives to sotto_model_free
 * @return 0, or any code of a damaged, foreign or newer file
 */
SOTTO_API int32_t sotto_model_open(void* bytes, size_t size, sotto_model** model);

/**
 * Frees a model. Its users and workspaces go on working; the memory goes with the last of them. NULL is ignored.
 *
 * The library owns the handle from then on.
 */
SOTTO_API void sotto_model_free(sotto_model* model);

/**
 * Writes what is known about a model into the caller's record.
 *
 * @return 0
 */
SOTTO_API int32_t sotto_model_describe(const sotto_model* model, sotto_model_info* info);

/**
 * Makes a sketch of the model's head, by which workspaces that are made from now on search a large catalogue instead of
 * scoring every item: the same results in less time. docs/performance.md says what it costs. A model whose head can
 * have no sketch stays as it is. No other thread may use the model during this call.
 *
 * The model owns the sketch.
 *
 * @return 0
 */
SOTTO_API int32_t sotto_model_sketch(sotto_model* model);

/**
 * Replaces the trend: what many users choose at present, in comparison with what the model expects. With the
 * probability b, the belief, the prediction p becomes proportional to p · exp(log_ratio). The belief starts at the
 * prior and follows how well the trend predicts the user. It concerns all users of the model, is no part of an exported
 * state, and has no effect under a model of a binary head. No other thread may use the model during this call.
 *
 * @param items ascending, each once, [count]
 * @param log_ratios -31 … 31 nats for each item, [count]
 * @param count at most SOTTO_MAX_COUNT; 0 ends the trend
 * @param prior 0 … 0.9; 0 ends the trend
 * @return 0, SOTTO_UNKNOWN_ITEM, SOTTO_OUT_OF_RANGE or SOTTO_INVALID_ARGUMENT
 */
SOTTO_API int32_t sotto_set_trend(sotto_model* model, const uint32_t* items, const float* log_ratios, uint32_t count,
                                  float prior);

/* ---- Users and workspaces -------------------------------------------------------------------------------------- */

/**
 * Makes a user without history, for whom learning is on.
 *
 * The caller owns the user and gives it to sotto_user_free; the user keeps the model alive.
 *
 * @return 0
 */
SOTTO_API int32_t sotto_user_new(const sotto_model* model, sotto_user** user);

/**
 * Frees a user. NULL is ignored.
 *
 * The library owns the handle from then on.
 */
SOTTO_API void sotto_user_free(sotto_user* user);

/**
 * Forgets the user and all that was learned; learning is on again. The weights of the kinds of feedback stay.
 *
 * @return 0
 */
SOTTO_API int32_t sotto_user_reset(sotto_user* user);

/**
 * Writes what is known about a user into the caller's record.
 *
 * @return 0
 */
SOTTO_API int32_t sotto_user_describe(const sotto_user* user, sotto_user_info* info);

/**
 * Makes the scratch memory of one thread. It serves any number of users of the same model, one after the other; calls
 * with another user than before are as right, and take a little longer.
 *
 * The caller owns the workspace and gives it to sotto_workspace_free; the workspace keeps the model alive.
 *
 * @return 0
 */
SOTTO_API int32_t sotto_workspace_new(const sotto_model* model, sotto_workspace** workspace);

/**
 * Frees a workspace. NULL is ignored.
 *
 * The library owns the handle from then on.
 */
SOTTO_API void sotto_workspace_free(sotto_workspace* workspace);

/* ---- Events and learning --------------------------------------------------------------------------------------- */

/**
 * Takes in what the user did with an item. An event is predicted, learned from, and carries the state one step on.
 *
 * @param kind a sotto_feedback_kind
 * @param amount seconds of a dwell, -1 … 1 of a rating; otherwise without meaning, but within ±1e9
 * @param time an earlier time than that of the latest event is raised to it
 * @return 0, SOTTO_UNKNOWN_ITEM or SOTTO_INVALID_ARGUMENT
 */
SOTTO_API int32_t sotto_feedback(sotto_user* user, sotto_workspace* workspace, uint32_t item, uint32_t kind,
                                 float amount, double time);

/**
 * Carries the state through events, oldest first, without learning from them: what happened before learning began.
 *
 * @param items the items of the events, [count]
 * @param times the times of the events, [count]
 * @param count at most SOTTO_MAX_COUNT; 0 changes nothing
 * @return 0, SOTTO_UNKNOWN_ITEM or SOTTO_INVALID_ARGUMENT
 */
SOTTO_API int32_t sotto_recall(sotto_user* user, sotto_workspace* workspace, const uint32_t* items, const double* times,
                               uint32_t count);

/**
 * Sets how much a kind of feedback teaches this user; a click is 1 at first.
 *
 * @param kind a sotto_feedback_kind
 * @param weight 0 … SOTTO_MAX_FEEDBACK_WEIGHT
 * @return 0 or SOTTO_INVALID_ARGUMENT
 */
SOTTO_API int32_t sotto_set_weight(sotto_user* user, uint32_t kind, float weight);

/**
 * Says what is known of why the user came, before the user has chosen anything. It is no part of the exported state,
 * and without effect under a model of a binary head.
 *
 * @param items among which the next choice probably is, [count]
 * @param count at most SOTTO_MAX_COUNT; 0 ends the context
 * @param belief 0 … 1: the probability that the next choice is among them
 * @return 0, SOTTO_UNKNOWN_ITEM or SOTTO_INVALID_ARGUMENT
 */
SOTTO_API int32_t sotto_set_context(sotto_user* user, const uint32_t* items, uint32_t count, float belief);

/**
 * Switches learning on (not 0) or off (0). Switched off, events teach nothing and scores are the model's own; what was
 * learned is kept.
 *
 * @return 0
 */
SOTTO_API int32_t sotto_set_learning(sotto_user* user, uint32_t on);

/**
 * Takes back that an item is hidden.
 *
 * @return 0 or SOTTO_UNKNOWN_ITEM
 */
SOTTO_API int32_t sotto_show(sotto_user* user, uint32_t item);

/**
 * Says what the present is, before an event of it. Where the latest event is more than a day later, the clock was wrong for
 * a while: times after the present are lowered to it, so that later events are dated right.
 *
 * @param now seconds since 1970
 * @return 0 or SOTTO_INVALID_ARGUMENT
 */
SOTTO_API int32_t sotto_correct_times(sotto_user* user, double now);

/* ---- What is known about the user ------------------------------------------------------------------------------ */

/**
 * Writes the latest remembered events, oldest first.
 *
 * @param items receives the items of the latest `capacity` events; NULL where they are not wanted
 * @param times receives their times, likewise
 * @return how many events are remembered, which may be more than were written
 */
SOTTO_API int32_t sotto_history(const sotto_user* user, uint32_t* items, double* times, uint32_t capacity);

/**
 * Writes the items that the user asked not to see, in the order in which they were hidden first.
 *
 * @param items receives the first `capacity` items; NULL where they are not wanted
 * @param until receives the moment from which each may be seen again, infinity for never; likewise
 * @return how many items are hidden, which may be more than were written
 */
SOTTO_API int32_t sotto_hidden(const sotto_user* user, uint32_t* items, double* until, uint32_t capacity);

/**
 * Writes how far what was learned is trusted into the caller's record.
 *
 * @return 0
 */
SOTTO_API int32_t sotto_gate(const sotto_user* user, sotto_gate_record* gate);

/**
 * Writes what the taste has learned, in the order of docs/format.md.
 *
 * @param values receives sotto_model_info.taste_size values
 * @param capacity at least that many
 * @return how many values were written
 */
SOTTO_API int32_t sotto_taste(const sotto_user* user, float* values, uint32_t capacity);

/**
 * Writes the weights of the memory.
 *
 * @param values receives sotto_model_info.memory_weights values
 * @param capacity at least that many
 * @return how many values were written
 */
SOTTO_API int32_t sotto_memory_weights(const sotto_user* user, float* values, uint32_t capacity);

/* ---- Scores and recommendations -------------------------------------------------------------------------------- */

/**
 * Writes the scores of all items. Under a binary head each item costs one LSTM step: ask for candidates instead.
 *
 * @param now the moment of the question
 * @param base 1: the model's own scores. 0: with what was learned
 * @param scores receives the score of every item
 * @param capacity at least sotto_model_info.items
 * @return how many scores were written
 */
SOTTO_API int32_t sotto_scores(sotto_user* user, sotto_workspace* workspace, double now, uint32_t base, int32_t* scores,
                               uint32_t capacity);

/**
 * Writes the scores of some items, with what was learned. Under a binary head each costs one LSTM step, and the logit's
 * sigmoid is the probability that the user wants the item next.
 *
 * @param candidates items, [count]
 * @param scores receives their scores, [count]
 * @param count at most SOTTO_MAX_COUNT
 * @return 0, SOTTO_UNKNOWN_ITEM or SOTTO_INVALID_ARGUMENT
 */
SOTTO_API int32_t sotto_candidate_scores(sotto_user* user, sotto_workspace* workspace, double now,
                                         const uint32_t* candidates, int32_t* scores, uint32_t count);

/**
 * Writes the best items, best first; of equal scores the lower index comes first. Items that are hidden at the moment
 * `now` do not come. Above a diversity of 0 the order is that of maximal marginal relevance (docs/numbers.md).
 *
 * @param ranking NULL: the plain ranking
 * @param best receives at most `k` items
 * @param k at least 1
 * @return how many items were written; fewer than `k` where no more may come
 */
SOTTO_API int32_t sotto_recommend(sotto_user* user, sotto_workspace* workspace, double now,
                                  const sotto_ranking* ranking, sotto_scored_item* best, uint32_t k);

/**
 * The same for a user without history, by the model's own scores: a shelf for the first visit. `ranking->base` is
 * ignored.
 */
SOTTO_API int32_t sotto_popular(const sotto_model* model, sotto_workspace* workspace, const sotto_ranking* ranking,
                                sotto_scored_item* best, uint32_t k);

/**
 * Writes what each of the user's latest events, at most SOTTO_MAX_EXPLAINED_EVENTS, did for an item's own score without
 * what was learned, largest first. The user stays as it is. For n events explained and m remembered ones it takes
 * m + n · (n + 1) / 2 LSTM steps.
 *
 * @param contributions receives a record for each event
 * @param capacity at least the number of events explained; SOTTO_MAX_EXPLAINED_EVENTS is always enough
 * @return how many records were written, SOTTO_UNKNOWN_ITEM or SOTTO_INVALID_ARGUMENT
 */
SOTTO_API int32_t sotto_why(const sotto_user* user, sotto_workspace* workspace, uint32_t item,
                            sotto_contribution* contributions, uint32_t capacity);

/**
 * Writes what the trend does for an item's score: the score, less the score that the item would have if the trend did
 * not name it. It is above 0 for an item that many choose at present, below 0 for one that few choose, and 0 for an item
 * that the trend does not name.
 *
 * @param now the moment of the question
 * @param logit receives the part of the item's logit, Q15.16
 * @return 0, SOTTO_UNKNOWN_ITEM or SOTTO_INVALID_ARGUMENT
 */
SOTTO_API int32_t sotto_why_trend(sotto_user* user, sotto_workspace* workspace, double now, uint32_t item,
                                  int32_t* logit);

/* ---- Stored state ---------------------------------------------------------------------------------------------- */

/**
 * Writes the user's state (docs/format.md). The same events on the same model give the same bytes in every build.
 *
 * @param bytes receives sotto_user_info.state_size bytes
 * @param size at least that many
 * @return how many bytes were written
 */
SOTTO_API int32_t sotto_state_export(const sotto_user* user, void* bytes, size_t size);

/**
 * Replaces the user's state by an exported one of the same model.
 *
 * @return 0, or SOTTO_TRUNCATED, SOTTO_MALFORMED, SOTTO_UNSUPPORTED_VERSION, SOTTO_WRONG_SHAPE, SOTTO_MISMATCH or
 *   SOTTO_UNKNOWN_ITEM; the user then is as before
 */
SOTTO_API int32_t sotto_state_import(sotto_user* user, sotto_workspace* workspace, const void* bytes, size_t size);

/**
 * Adds an exported state of the same user and model from another device: events count once, and what was learned is a
 * mean. Both devices have the same bytes once each has merged the other's state.
 *
 * @return as sotto_state_import
 */
SOTTO_API int32_t sotto_state_merge(sotto_user* user, sotto_workspace* workspace, const void* bytes, size_t size);

/**
 * Replaces the user's state by one of another version of the model. Items that are in no pair are left out. The latest
 * events then wait for sotto_relearn.
 *
 * @param pairs ascending by `theirs`, [count]
 * @param count at most SOTTO_MAX_COUNT
 * @return as sotto_state_import, or SOTTO_INVALID_ARGUMENT for pairs that do not ascend
 */
SOTTO_API int32_t sotto_state_carry_over(sotto_user* user, sotto_workspace* workspace, const void* bytes, size_t size,
                                         const sotto_item_pair* pairs, uint32_t count);

/**
 * Learns from at most so many of the events that wait after sotto_state_carry_over, oldest first. Events that wait are
 * in no exported state; any further event takes them in before.
 *
 * @param events 0 only asks how many are left
 * @return how many are left
 */
SOTTO_API int32_t sotto_relearn(sotto_user* user, sotto_workspace* workspace, uint32_t events);

#ifdef __cplusplus
}
#endif

#endif /* SOTTO_H */
