package io.sotto;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON (RFC 8259) of a model file, from bytes that may be anything. Objects become maps, arrays lists, numbers
 * doubles; null stays null. A model file needs no more than this, and the library needs no dependency for it.
 */
final class Json {
  /** A model file has no more than five values inside each other. */
  private static final int MAX_DEPTH = 32;

  private final String text;
  private int place;

  private Json(String text) {
    this.text = text;
  }

  /** Throws {@code MALFORMED}, with `what` as the sentence's subject. */
  static Object parse(byte[] utf8, String what) {
    Json json = new Json(decoded(utf8, what));
    try {
      Object value = json.value(0);
      json.skipSpace();
      if (json.place < json.text.length()) throw json.unexpected();
      return value;
    } catch (JsonException | StringIndexOutOfBoundsException e) {
      throw new SottoException(
          ErrorCode.MALFORMED,
          what + " is not valid JSON, near character " + json.place + ": load the model again.",
          e);
    }
  }

  /** Only inside this class. */
  private static final class JsonException extends RuntimeException {
    private static final long serialVersionUID = 1;

    JsonException(String message) {
      super(message);
    }
  }

  private static String decoded(byte[] utf8, String what) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new SottoException(ErrorCode.MALFORMED, what + " is not UTF-8: load the model again.", e);
    }
  }

  private Object value(int depth) {
    if (depth > MAX_DEPTH) throw new JsonException("too deep");
    skipSpace();
    return switch (text.charAt(place)) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, Object> object(int depth) {
    Map<String, Object> fields = new LinkedHashMap<>();
    ++place;
    if (takeNext('}')) return fields;
    do {
      skipSpace();
      if (text.charAt(place) != '"') throw unexpected();
      String name = string();
      expectNext(':');
      fields.put(name, value(depth + 1));
    } while (takeNext(','));
    expectNext('}');
    return fields;
  }

  private List<Object> array(int depth) {
    List<Object> elements = new ArrayList<>();
    ++place;
    if (takeNext(']')) return elements;
    do {
      elements.add(value(depth + 1));
    } while (takeNext(','));
    expectNext(']');
    return elements;
  }

  private String string() {
    int start = ++place;
    while (text.charAt(place) >= ' ' && text.charAt(place) != '"' && text.charAt(place) != '\\') ++place;
    if (text.charAt(place) == '"') return text.substring(start, place++); // most strings
    StringBuilder value = new StringBuilder().append(text, start, place);
    for (; ; ) {
      char next = text.charAt(place++);
      if (next == '"') return value.toString();
      if (next < ' ') throw unexpected();
      value.append(next == '\\' ? escaped() : next);
    }
  }

  private char escaped() {
    char escape = text.charAt(place++);
    return switch (escape) {
      case '"', '\\', '/' -> escape;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> hexadecimal();
      default -> throw unexpected();
    };
  }

  private char hexadecimal() {
    int code = 0;
    for (int end = place + 4; place < end; ++place) {
      int digit = Character.digit(text.charAt(place), 16);
      if (digit < 0 || text.charAt(place) > 'f') throw unexpected();
      code = 16 * code + digit;
    }
    return (char) code;
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, place)) throw unexpected();
    place += word.length();
    return value;
  }

  private Double number() {
    int start = place;
    if (peek() == '-') ++place;
    if (peek() == '0') ++place;
    else digits();
    if (peek() == '.') {
      ++place;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      ++place;
      if (peek() == '+' || peek() == '-') ++place;
      digits();
    }
    return Double.valueOf(text.substring(start, place));
  }

  private void digits() {
    int start = place;
    while (peek() >= '0' && peek() <= '9') ++place;
    if (place == start) throw unexpected();
  }

  /** The next character; 0 at the end. */
  private char peek() {
    return place < text.length() ? text.charAt(place) : 0;
  }

  private void skipSpace() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++place;
  }

  private boolean takeNext(char wanted) {
    skipSpace();
    if (peek() != wanted) return false;
    ++place;
    return true;
  }

  private void expectNext(char wanted) {
    if (!takeNext(wanted)) throw unexpected();
  }

  private JsonException unexpected() {
    return new JsonException("unexpected character");
  }
}
