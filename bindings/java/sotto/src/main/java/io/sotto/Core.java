package io.sotto;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * The functions of {@code sotto.h}, which documents them: items are indices, scores are Q15.16 and times are seconds
 * since 1970. Handles are addresses, which nothing can check: {@link Engine} and {@link Recommender} use none that is
 * freed. {@link NativeLibrary#load} must have returned before the first call.
 */
final class Core {
  /** {@code SOTTO_ABI_VERSION} of the header that these methods are written for. */
  static final int ABI_VERSION = 7;

  static final int MAX_DIVERSITY = 32768;
  static final int[] NO_ITEMS = {};

  private static final double SCORE_ONE = 65536;

  /** {@code sotto_tier} in the order of its numbers. */
  private static final String[] TIERS = {"reference", "avx2", "avx512-vnni", "simd128", "relaxed-simd"};

  private Core() {}

  /** A score, or the difference of two, as a logit. */
  static double logitOf(long score) {
    return score / SCORE_ONE;
  }

  static String tierName(long number) {
    return number < TIERS.length ? TIERS[(int) number] : "unknown";
  }

  static double secondsOf(Instant moment) {
    return moment.getEpochSecond();
  }

  static Instant instantOf(double seconds) {
    return Instant.ofEpochSecond((long) seconds);
  }

  static native int abiVersion();

  static native String release();

  static native long allocate(long size);

  static native void free(long bytes);

  /** A view on allocated memory, which must not be used once the memory was given away. */
  static native ByteBuffer window(long bytes, long offset, int size);

  /** Takes the memory over, also where it throws. */
  static native long openModel(long bytes, long size);

  static native void freeModel(long model);

  /** Fingerprint, items, tier, bits of the temperature. */
  static native long[] describeModel(long model);

  static native void sketch(long model);

  static native void setTrend(long model, int[] items, float[] logRatios, float prior);

  static native long newUser(long model);

  static native void freeUser(long user);

  static native void resetUser(long user);

  /** Events, bytes of the state, remembered events, hidden items, 1 where learning is on. */
  static native long[] describeUser(long user);

  static native long newWorkspace(long model);

  static native void freeWorkspace(long workspace);

  static native void feedback(long user, long workspace, int item, int kind, float amount, double time);

  static native void recall(long user, long workspace, int[] items, double[] times);

  static native void setWeight(long user, int kind, float weight);

  static native void setContext(long user, int[] items, float belief);

  static native void setLearning(long user, boolean on);

  static native void show(long user, int item);

  /** Fills both arrays with as many of the latest events as they hold; how many were written. */
  static native int history(long user, int[] items, double[] times);

  static native int hidden(long user, int[] items, double[] until);

  /** Trust, sums of ln p of the model alone and with what was learned, events. */
  static native double[] gate(long user);

  static native void scores(long user, long workspace, double now, boolean base, int[] scores);

  static native void candidateScores(long user, long workspace, double now, int[] candidates, int[] scores);

  /** Each long is an item in its upper half and the item's score in its lower one; best first. */
  static native long[] recommend(
      long user, long workspace, double now, int[] exclude, byte[] allowed, int diversity, boolean base, int k);

  static native long[] popular(long model, long workspace, int[] exclude, byte[] allowed, int diversity, int k);

  /** Five for each event: item, age, logit, the parts through the history term and through the count expert. */
  static native int[] why(long user, long workspace, int item);

  static native int whyTrend(long user, long workspace, double now, int item);

  static native byte[] exportState(long user);

  static native void importState(long user, long workspace, byte[] state);

  static native void mergeState(long user, long workspace, byte[] state);

  /** Pairs of items, theirs and ours, one after the other and ascending by theirs. */
  static native void carryOverState(long user, long workspace, byte[] state, int[] pairs);

  static native int relearn(long user, long workspace, int events);
}
