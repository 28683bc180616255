/**
 * @file sotto_sync.h
 * The functions of the module sotto-sync.wasm: a device's part of private sync (docs/sync_protocol.md).
 *
 * The module serves one page, in one thread. It keeps what the latest call of each group has read or made, and gives it
 * out in parts. It has no randomness and no clock of its own.
 *
 * - Bytes go in at memory of sotto_sync_alloc and stay the caller's.
 * - A function that returns int32_t returns 0 or a count where it succeeded, and a negative error of sotto.h where it
 *   failed. sotto_sync_error_detail then says what was wrong.
 * - What a call made lies in parts: sotto_sync_part and sotto_sync_part_size, until the next call that makes parts.
 * - Times and whole numbers above 2^32 are doubles, as JavaScript counts. Times are seconds since 1970.
 *
 * wasm/package/src/sync/abi.ts has the same functions in TypeScript, and a test compares both.
 */
#ifndef SOTTO_SYNC_H
#define SOTTO_SYNC_H

#include <stddef.h>
#include <stdint.h>

#define SOTTO_SYNC_API __attribute__((used, visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

/** The version of this interface: the package refuses a module of another one. */
#define SOTTO_SYNC_ABI_VERSION 1

#define SOTTO_SYNC_OK 0
/** Random bytes that a report takes. */
#define SOTTO_SYNC_RANDOM_BYTES 128
#define SOTTO_SYNC_TASK_ID_BYTES 32
#define SOTTO_SYNC_REPORT_ID_BYTES 16

SOTTO_SYNC_API uint32_t sotto_sync_abi_version(void);
/** A phrase in UTF-8, ended by a 0 byte, about the latest call that failed. */
SOTTO_SYNC_API const char* sotto_sync_error_detail(void);
SOTTO_SYNC_API void* sotto_sync_alloc(size_t size);
SOTTO_SYNC_API const void* sotto_sync_part(uint32_t part);
SOTTO_SYNC_API size_t sotto_sync_part_size(uint32_t part);

/* ---- Reports --------------------------------------------------------------------------------------------------- */

/**
 * Splits one choice into two shares. Parts: 0 and 1 the PlaintextInputShares of leader and helper, 2 the associated data
 * of both (InputShareAad), 3 and 4 HPKE's info for leader and helper.
 *
 * @param task_id SOTTO_SYNC_TASK_ID_BYTES bytes
 * @param configuration the task's TaskConfiguration as it is encoded in the manifest
 * @param slots the length of its Prio3Histogram
 * @param chunk_length its chunk length
 * @param report_id SOTTO_SYNC_REPORT_ID_BYTES fresh random bytes; also the nonce
 * @param random SOTTO_SYNC_RANDOM_BYTES fresh random bytes
 * @param slot 0 … slots - 1
 * @param time units of the task's time precision since 1970
 */
SOTTO_SYNC_API int32_t sotto_sync_make_report(const void* task_id, const void* configuration,
                                              size_t configuration_size, uint32_t slots, uint32_t chunk_length,
                                              const void* report_id, const void* random, uint32_t slot, double time);

/**
 * Joins the report of sotto_sync_make_report and its sealed shares. Part 0: the UploadRequest.
 *
 * @param leader_enc the encapsulated key for the leader; likewise for the helper
 */
SOTTO_SYNC_API int32_t sotto_sync_seal_report(uint32_t leader_config, const void* leader_enc, size_t leader_enc_size,
                                              const void* leader_payload, size_t leader_payload_size,
                                              uint32_t helper_config, const void* helper_enc, size_t helper_enc_size,
                                              const void* helper_payload, size_t helper_payload_size);

/* ---- The ledger ------------------------------------------------------------------------------------------------ */

/**
 * Reads the device's ledger of reports, where a size of 0 means that nothing was ever reported. In the place of a ledger
 * that cannot be read there is one that allows nothing for 28 days.
 *
 * @param now seconds since 1970
 * @return 0, 1 where the ledger was damaged, or SOTTO_OUT_OF_RANGE where it was and the clock is not set
 */
SOTTO_SYNC_API int32_t sotto_sync_read_ledger(const void* ledger, size_t size, double now);
/** Part 0: the ledger's bytes. */
SOTTO_SYNC_API int32_t sotto_sync_ledger(void);
/**
 * Whether a report may be sent now.
 *
 * @param limit reports in 28 days
 * @return 0 yes, 1 the limit is reached, 2 the clock is not set, 3 the history was lost, 4 the limit is 0
 */
SOTTO_SYNC_API int32_t sotto_sync_may_report(double now, uint32_t limit);
/** Enters a report that is about to be sent. Part 0: the ledger's bytes, to be stored before anything leaves. */
SOTTO_SYNC_API int32_t sotto_sync_record(double now, uint32_t limit, uint32_t noise_thousandths);
SOTTO_SYNC_API uint32_t sotto_sync_reports_in_window(double now);
SOTTO_SYNC_API double sotto_sync_reports_in_all(void);
SOTTO_SYNC_API double sotto_sync_epsilon_in_window(double now, double delta);
SOTTO_SYNC_API double sotto_sync_epsilon_in_all(double delta);

#ifdef __cplusplus
}
#endif

#endif /* SOTTO_SYNC_H */
