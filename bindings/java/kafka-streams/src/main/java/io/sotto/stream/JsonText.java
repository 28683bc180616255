package io.sotto.stream;

/** Writes texts into JSON. */
final class JsonText {
  private JsonText() {}

  /** Appends the text with its quotes. */
  static void append(StringBuilder json, String text) {
    json.append('"');
    for (int place = 0; place < text.length(); ++place) {
      char c = text.charAt(place);
      if (c == '"' || c == '\\') json.append('\\').append(c);
      else if (c < ' ') json.append(String.format("\\u%04x", (int) c));
      else json.append(c);
    }
    json.append('"');
  }
}
