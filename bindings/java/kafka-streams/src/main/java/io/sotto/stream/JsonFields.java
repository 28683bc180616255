package io.sotto.stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The fields of a JSON object whose values are all texts or numbers, so that nothing nests. Whatever else there is in the
 * bytes is refused with {@link RefusedEvent.Reason#BAD_RECORD}.
 */
public final class JsonFields {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // names from outside must not stay in memory
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE) // the bytes of sotto stream --replay
          .build();

  private static final int MAX_SHOWN_NAME = 64;

  private final Map<String, Object> values = new HashMap<>();

  private JsonFields() {}

  /** What writes fields into an object. */
  @FunctionalInterface
  public interface Body {
    /**
     * Writes the fields.
     *
     * @param json inside the object
     * @throws IOException as the generator's functions do
     */
    void write(JsonGenerator json) throws IOException;
  }

  /**
   * Writes an object.
   *
   * @param body writes the object's fields
   * @return the object, in UTF-8
   */
  public static byte[] write(Body body) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      body.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  static JsonFields read(byte[] utf8) {
    JsonFields fields = new JsonFields();
    try (JsonParser json = JSON.createParser(decoded(utf8))) {
      if (json.nextToken() != JsonToken.START_OBJECT) throw noFlatObject(json);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        if (fields.values.put(name, value(json)) != null) throw bad("The field " + shortened(name) + " comes twice.");
      }
      if (json.nextToken() != null) throw noFlatObject(json);
    } catch (StreamReadException e) {
      throw bad("The value is not a JSON object: " + e.getOriginalMessage() + ".");
    } catch (IOException e) {
      throw bad("The value is not a JSON object.");
    }
    return fields;
  }

  private static String decoded(byte[] utf8) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      return text.startsWith("\ufeff") ? text.substring(1) : text; // a byte order mark
    } catch (CharacterCodingException e) {
      throw bad("The value is not UTF-8.");
    }
  }

  private static Object value(JsonParser json) throws IOException {
    switch (json.nextToken()) {
      case VALUE_STRING -> {
        String text = json.getText();
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) throw bad("A text has half a surrogate pair.");
        return text;
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        double number = json.getDoubleValue();
        if (Double.isInfinite(number)) throw bad("A number is too large.");
        return number;
      }
      default -> throw noFlatObject(json);
    }
  }

  /** Takes a field out; null where it is absent. */
  String text(String name, int maxBytes) {
    Object value = values.remove(name);
    if (value == null) return null;
    if (!(value instanceof String text)) throw bad("The field " + name + " is a text.");
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > maxBytes) {
      throw bad("The field " + name + " has 1 to " + maxBytes + " bytes, not " + bytes + ".");
    }
    return text;
  }

  /** Takes a field out; null where it is absent. */
  Double number(String name) {
    Object value = values.remove(name);
    if (value == null) return null;
    if (!(value instanceof Double number)) throw bad("The field " + name + " is a number.");
    return number;
  }

  /** What was not taken out is unknown. */
  void refuseOthers() {
    if (!values.isEmpty()) throw bad("There is no field " + shortened(values.keySet().iterator().next()) + ".");
  }

  private static String shortened(String name) {
    return name.length() <= MAX_SHOWN_NAME ? name : name.substring(0, MAX_SHOWN_NAME) + "...";
  }

  private static RefusedEvent noFlatObject(JsonParser json) {
    return bad(
        "The value is not a JSON object of texts and numbers, near character "
            + json.currentTokenLocation().getCharOffset()
            + ".");
  }

  private static RefusedEvent bad(String detail) {
    return new RefusedEvent(RefusedEvent.Reason.BAD_RECORD, detail);
  }
}
