package io.sotto.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sotto.FeedbackKind;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventJsonTest {
  private static StreamEvent read(String json) {
    return EventJson.read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static RefusedEvent.Reason refused(byte[] json) {
    return assertThrows(RefusedEvent.class, () -> EventJson.read(json)).reason();
  }

  @Test
  void onlyTheItemIsNeeded() {
    assertEquals(
        new StreamEvent("85123A", FeedbackKind.CLICK, 0, OptionalLong.empty(), Optional.empty()),
        read("{\"id\":\"85123A\"}"));
  }

  @Test
  void everyFieldIsRead() {
    assertEquals(
        new StreamEvent("ä\"\\", FeedbackKind.RATING, -0.5, OptionalLong.of(-2), Optional.of("e-1")),
        read(
            " {\"id\" : \"\\u00e4\\\"\\\\\", \"kind\":\"rating\",\"amount\":-5e-1,\"at\":-1.5,\"event_id\":\"e-1\","
                + "\"recommendation_id\":\"r\"} "));
  }

  @Test
  void whatIsWrittenIsRead() {
    for (FeedbackKind kind : FeedbackKind.values()) {
      StreamEvent event =
          new StreamEvent("a\"\\\n\u20ac", kind, 0.25, OptionalLong.of(1_760_000_000), Optional.of("!~"));
      assertEquals(event, EventJson.read(EventJson.write(event)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "no JSON", "[]", "\"a\"", "{", "{\"id\":\"a\"", "{\"id\":\"a\"}}", "{\"id\":\"a\",}", "{id:\"a\"}",
        "{\"id\":1}", "{\"id\":\"\"}", "{\"id\":null}", "{\"id\":{}}", "{}", "{\"kind\":\"click\"}",
        "{\"id\":\"a\",\"id\":\"b\"}", "{\"id\":\"a\",\"colour\":\"red\"}", "{\"id\":\"a\",\"kind\":\"look\"}",
        "{\"id\":\"a\",\"at\":\"now\"}", "{\"id\":\"a\",\"at\":1e17}", "{\"id\":\"a\",\"at\":01}",
        "{\"id\":\"a\",\"at\":1e999}", "{\"id\":\"a\",\"amount\":true}", "{\"id\":\"a\",\"amount\":NaN}",
        "{\"id\":\"a\",\"event_id\":\"\"}", "{\"id\":\"a\",\"event_id\":\"a b\"}", "{\"id\":\"a\",\"event_id\":\"ä\"}",
        "{\"id\":\"a\",\"recommendation_id\":\"\"}", "{\"id\":\"\\ud800\"}", "{\"id\":\"\\u12\"}", "{\"id\":\"\n\"}",
        "{\"id\":\"a\"} {}", "{\"id\":\"a\"} x", "{\"id\":\"a\"/* b */}", "{'id':\"a\"}", "{\"id\":\"a\",\"at\":+1}",
        "{\"id\":\"a\",\"at\":.5}", "{\"id\":\"a\",\"at\":1.}", "{\"id\":[\"a\"]}"
      })
  void otherValuesAreBadRecords(String json) {
    assertEquals(RefusedEvent.Reason.BAD_RECORD, refused(json.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void longTextsAreBadRecords() {
    for (String field : new String[] {"id", "event_id", "recommendation_id"}) {
      String json = "{\"id\":\"a\",\"" + field + "\":\"" + "x".repeat(5000) + "\"}";
      assertEquals(RefusedEvent.Reason.BAD_RECORD, refused(json.getBytes(StandardCharsets.UTF_8)), field);
    }
  }

  @Test
  void noValueAndNoTextAreBadRecords() {
    assertEquals(RefusedEvent.Reason.BAD_RECORD, refused(null));
    assertEquals(RefusedEvent.Reason.BAD_RECORD, refused(new byte[] {'{', (byte) 0xff, '}'}));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"a\",\"kind\":\"rating\",\"amount\":1.01}",
        "{\"id\":\"a\",\"kind\":\"rating\",\"amount\":-1.01}",
        "{\"id\":\"a\",\"amount\":1.1e9}"
      })
  void amountsHaveBounds(String json) {
    assertEquals(RefusedEvent.Reason.BAD_AMOUNT, refused(json.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void keysAreUsersIds() {
    assertEquals("Zoë", UserId.of("Zoë".getBytes(StandardCharsets.UTF_8)));
    for (String key : new String[] {"", "a\nb", "\u0085", "x".repeat(257)}) {
      assertEquals(
          RefusedEvent.Reason.BAD_KEY,
          assertThrows(RefusedEvent.class, () -> UserId.of(key.getBytes(StandardCharsets.UTF_8))).reason());
    }
    assertEquals(RefusedEvent.Reason.BAD_KEY, assertThrows(RefusedEvent.class, () -> UserId.of(null)).reason());
    assertEquals(
        RefusedEvent.Reason.BAD_KEY,
        assertThrows(RefusedEvent.class, () -> UserId.of(new byte[] {(byte) 0xff})).reason());
  }
}
