package io.sotto;

import java.nio.charset.StandardCharsets;

/** What went wrong: a stable {@linkplain #code() code} for programs, and a sentence for people. */
public final class SottoException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What the exception is about. */
  private final ErrorCode code;

  SottoException(ErrorCode code, String message) {
    this(code, message, null);
  }

  SottoException(ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** What the native methods throw; the detail is the core's phrase in UTF-8. */
  static SottoException ofCore(int number, byte[] detail) {
    ErrorCode code = ErrorCode.ofCore(number);
    String phrase = new String(detail, StandardCharsets.UTF_8);
    String sentence = Character.toUpperCase(phrase.charAt(0)) + phrase.substring(1) + ".";
    String advice =
        switch (code) {
          case TRUNCATED -> " The file or state is incomplete: load it again.";
          case MALFORMED -> " Check that this is a Sotto model or state and that nothing rewrote it on its way.";
          case UNSUPPORTED_VERSION -> " Use a release of Sotto at least as new as the one that wrote it.";
          case WRONG_TYPE -> " Only fixed-point models run: write one with \"sotto quantize\".";
          case MISMATCH -> " A state belongs to the very model file that it was exported from.";
          default -> "";
        };
    return new SottoException(code, sentence + advice);
  }

  /**
   * Why the call failed.
   *
   * @return the code, which programs may rely on
   */
  public ErrorCode code() {
    return code;
  }
}
