package io.sotto;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the JSON of a model file, from bytes that may be anything. Objects become maps, arrays lists, numbers doubles; null
 * stays null.
 */
final class Json {
  /** A model file has no more than five values inside each other. */
  private static final int MAX_DEPTH = 32;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // names from outside must not stay in memory
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE) // the spec is one text, as long as the file says
                  .build())
          .build();

  private Json() {}

  /** Throws {@code MALFORMED}, with `what` as the sentence's subject. */
  static Object parse(byte[] utf8, String what) {
    try (JsonParser json = JSON.createParser(decoded(utf8, what))) {
      json.nextToken();
      Object value = value(json);
      if (json.nextToken() != null) throw malformed(what, "there is more after its end", null);
      return value;
    } catch (JacksonException e) {
      throw malformed(what, e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw malformed(what, e.getMessage(), e);
    }
  }

  private static String decoded(byte[] utf8, String what) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new SottoException(ErrorCode.MALFORMED, what + " is not UTF-8: load the model again.", e);
    }
  }

  private static SottoException malformed(String what, String why, Throwable cause) {
    return new SottoException(
        ErrorCode.MALFORMED, what + " is not valid JSON (" + why + "): load the model again.", cause);
  }

  /** The value that begins with the parser's current token, which is null where the text ends before it. */
  private static Object value(JsonParser json) throws IOException {
    JsonToken token = json.currentToken();
    if (token == null) throw new IOException("it ends before a value");
    return switch (token) {
      case START_OBJECT -> object(json);
      case START_ARRAY -> array(json);
      case VALUE_STRING -> json.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new IOException("a value is missing");
    };
  }

  private static Map<String, Object> object(JsonParser json) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      fields.put(name, value(json));
    }
    return fields;
  }

  private static List<Object> array(JsonParser json) throws IOException {
    List<Object> elements = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) elements.add(value(json));
    return elements;
  }
}
