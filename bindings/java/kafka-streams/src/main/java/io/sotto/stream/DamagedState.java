package io.sotto.stream;

/** What is stored of a user cannot be read, or does not fit together. */
public final class DamagedState extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Makes the exception.
   *
   * @param message what does not fit, as a sentence
   */
  public DamagedState(String message) {
    super(message);
  }
}
