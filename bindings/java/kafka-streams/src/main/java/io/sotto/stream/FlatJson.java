package io.sotto.stream;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads a JSON object (RFC 8259) whose values are all texts or numbers, from bytes that may be anything. Nothing nests,
 * so that the depth is bounded. Whatever else is there is refused with {@link RefusedEvent.Reason#BAD_RECORD}.
 */
final class FlatJson {
  private final String text;
  private int place;

  private FlatJson(String text) {
    this.text = text;
  }

  static Map<String, Object> read(byte[] utf8) {
    try {
      return new FlatJson(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString()).object();
    } catch (CharacterCodingException e) {
      throw bad("The value is not UTF-8.");
    }
  }

  static String shortened(String name) {
    return name.length() <= 64 ? name : name.substring(0, 64) + "...";
  }

  /** Takes a field out; null where it is absent. */
  static String text(Map<String, Object> fields, String name, int maxBytes) {
    Object value = fields.remove(name);
    if (value == null) return null;
    if (!(value instanceof String text)) throw bad("The field " + name + " is a text.");
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > maxBytes) {
      throw bad("The field " + name + " has 1 to " + maxBytes + " bytes, not " + bytes + ".");
    }
    return text;
  }

  static Double number(Map<String, Object> fields, String name) {
    Object value = fields.remove(name);
    if (value == null) return null;
    if (!(value instanceof Double number)) throw bad("The field " + name + " is a number.");
    return number;
  }

  private Map<String, Object> object() {
    if (peek() == '\ufeff') ++place; // a byte order mark
    Map<String, Object> fields = new HashMap<>();
    expectNext('{');
    if (!takeNext('}')) {
      do {
        skipSpace();
        String name = string();
        expectNext(':');
        skipSpace();
        Object value = peek() == '"' ? string() : number();
        if (fields.put(name, value) != null) throw bad("The field " + shortened(name) + " comes twice.");
      } while (takeNext(','));
      expectNext('}');
    }
    skipSpace();
    if (place < text.length()) throw unexpected();
    return fields;
  }

  private String string() {
    if (peek() != '"') throw unexpected();
    int start = ++place;
    while (isPlain(peek())) ++place;
    if (peek() == '"') return text.substring(start, place++); // most strings
    StringBuilder value = new StringBuilder().append(text, start, place);
    while (peek() != '"') {
      char next = peek();
      if (next < ' ') throw unexpected();
      ++place;
      value.append(next == '\\' ? escaped() : next);
    }
    ++place;
    String whole = value.toString();
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(whole)) throw bad("A text has half a surrogate pair.");
    return whole;
  }

  private static boolean isPlain(char c) {
    return c >= ' ' && c != '"' && c != '\\';
  }

  private char escaped() {
    char escape = peek();
    ++place;
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
      int digit = peek() > 'f' ? -1 : Character.digit(peek(), 16);
      if (digit < 0) throw unexpected();
      code = 16 * code + digit;
    }
    return (char) code;
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
    double value = Double.parseDouble(text.substring(start, place));
    if (Double.isInfinite(value)) throw bad("A number is too large.");
    return value;
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

  private RefusedEvent unexpected() {
    return bad("The value is not a JSON object of texts and numbers, near character " + place + ".");
  }

  private static RefusedEvent bad(String detail) {
    return new RefusedEvent(RefusedEvent.Reason.BAD_RECORD, detail);
  }
}
