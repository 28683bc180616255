package io.sotto;

import static io.sotto.TestModels.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private static Object parse(String text) {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8), "The text");
  }

  @Test
  void readsWhatJsonIs() {
    assertEquals(Map.of("a", List.of(1.0, -0.5, 2e3), "b", Map.of()), parse(" {\"a\" : [1,-0.5 , 2E3],\"b\":{}} \n"));
    assertEquals(Arrays.asList(true, false, null, ""), parse("[true,false,null,\"\"]"));
    assertEquals("\"\\/\b\f\n\r\tä€😀", parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4€\\uD83D\\uDE00\""));
    assertEquals("😀", parse("\"😀\""));
    assertEquals(List.of(), parse("[ ]"));
    assertEquals(2.0, ((Map<?, ?>) parse("{\"a\":1,\"a\":2}")).get("a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "{", "}", "[", "[1", "[1,", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{1:2}",
        "01", "-", "+1", "1.", ".5", "1e", "1e+", "0x1", "NaN", "Infinity", "tru", "nul", "truefalse", "1 2", "\"",
        "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\u１２３４\"", "\"\n\"", "\"a\\n\n\"", "[\"a\" \"b\"]", "'a'",
        "\uFEFF1"
      })
  void refusesWhatItIsNot(String text) {
    assertRefused(ErrorCode.MALFORMED, () -> parse(text));
  }

  @Test
  void refusesBytesThatAreNotUtf8AndDepthThatIsNone() {
    assertRefused(ErrorCode.MALFORMED, () -> Json.parse(new byte[] {'"', (byte) 0xC3, '"'}, "The text"));
    assertRefused(ErrorCode.MALFORMED, () -> parse("[".repeat(100_000) + "]".repeat(100_000)));
  }

  @Test
  void damagedTextGivesAValueOrATypedError() {
    byte[] sound = "{\"a\":[1.5e3,\"\\u00e4\",null,true],\"b\":{\"c\":\"d\"}}".getBytes(StandardCharsets.UTF_8);
    Random random = new Random(1);
    for (int round = 0; round < 20_000; ++round) {
      byte[] text = Arrays.copyOf(sound, 1 + random.nextInt(sound.length));
      for (int change = random.nextInt(3); change >= 0; --change) {
        text[random.nextInt(text.length)] = (byte) random.nextInt(128);
      }
      try {
        Json.parse(text, "The text");
      } catch (SottoException e) {
        assertEquals(ErrorCode.MALFORMED, e.code());
      }
    }
    assertThrows(SottoException.class, () -> parse("{"));
  }
}
