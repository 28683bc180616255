package io.sotto;

import java.util.Locale;

/** Why a call failed, as a stable name. {@code docs/errors.md} explains each code and what to do about it. */
public enum ErrorCode {
  /** The bytes end before what they announce. */
  TRUNCATED,
  /** The bytes break the rules of their format. */
  MALFORMED,
  /** This build does not read this version. */
  UNSUPPORTED_VERSION,
  /** A tensor's dimensions contradict the architecture. */
  WRONG_SHAPE,
  /** A tensor's or a field's type is not the expected one. */
  WRONG_TYPE,
  /** A required field or tensor is absent. */
  MISSING,
  /** A value is outside its documented range. */
  OUT_OF_RANGE,
  /** Two things that belong together do not match, such as a state and a model. */
  MISMATCH,
  /** The operating system refused to read. */
  IO,
  /** The caller asked to stop. */
  INTERRUPTED,
  /** The caller passed an argument that makes no sense. */
  INVALID_ARGUMENT,
  /** The model's catalogue does not have this item. */
  UNKNOWN_ITEM,
  /** The request is valid, but not possible here. */
  UNSUPPORTED,
  /** The model or recommender was used, or closed again, after {@code close()}. */
  CLOSED,
  /** A recommender was used while another thread was using it. */
  IN_USE,
  /** The native library could not be loaded, or is of another release. */
  NATIVE_LIBRARY,
  /** The system refused memory outside Java's heap. */
  OUT_OF_MEMORY;

  private static final ErrorCode[] ALL = values();

  /**
   * The code's name in every language, such as {@code unknown_item}.
   *
   * @return the name in lower case
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The code of a number of {@code sotto_error}, without its sign; 0 stands for memory. The core's codes come first
   * here.
   */
  static ErrorCode ofCore(int number) {
    return number == 0 ? OUT_OF_MEMORY : ALL[number - 1];
  }
}
