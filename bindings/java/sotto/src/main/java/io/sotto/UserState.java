package io.sotto;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A user's state as it is stored: the same bytes that the command line, the server and the npm package export. It
 * belongs to the model file that it was exported from. {@code docs/format.md} describes the bytes.
 */
public final class UserState {
  private static final int MAGIC = 'S' | 'O' << 8 | 'P' << 16 | 'S' << 24; // little-endian
  private static final int FINGERPRINT_OFFSET = 8;
  private static final int FIXED_BYTES = 76;

  private final byte[] bytes;

  private UserState(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Bytes that nobody else has: they are not copied. */
  static UserState owning(byte[] bytes) {
    return new UserState(bytes);
  }

  /**
   * Takes bytes for a state. Only their beginning is looked at here: a recommender checks the rest when it takes the
   * state.
   *
   * @param bytes what {@link #toBytes} or another build of Sotto gave; they are copied
   * @return the state
   * @throws SottoException {@link ErrorCode#TRUNCATED} or {@link ErrorCode#MALFORMED}
   */
  public static UserState of(byte[] bytes) {
    if (bytes.length < FIXED_BYTES) {
      throw new SottoException(
          ErrorCode.TRUNCATED, "A state has at least " + FIXED_BYTES + " bytes, and these are " + bytes.length + ".");
    }
    if (ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(0) != MAGIC) {
      throw new SottoException(ErrorCode.MALFORMED, "These bytes are not a user's state: they do not begin with SOPS.");
    }
    return new UserState(bytes.clone());
  }

  /**
   * The state for a store.
   *
   * @return a copy of its bytes, 10 to 30 kB
   */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /**
   * How large the state is.
   *
   * @return its bytes
   */
  public int size() {
    return bytes.length;
  }

  /**
   * Which model file the state belongs to.
   *
   * @return the model's {@link ModelInfo#fingerprint}
   */
  public String modelFingerprint() {
    return hexadecimal(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(FINGERPRINT_OFFSET));
  }

  /** A fingerprint as it is written everywhere. */
  static String hexadecimal(long fingerprint) {
    return String.format("%016x", fingerprint);
  }

  byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UserState state && Arrays.equals(bytes, state.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "UserState[" + bytes.length + " bytes, model " + modelFingerprint() + "]";
  }
}
