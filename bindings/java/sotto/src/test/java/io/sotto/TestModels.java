package io.sotto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.function.Executable;

/** The shipped model, and variants of its bytes. */
final class TestModels {
  static final Path SHIPPED = Path.of(System.getProperty("sotto.test.model"));
  private static final Pattern CHECKSUM = Pattern.compile("\"checksum\":\"[0-9a-f]{16}\",");

  static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  private TestModels() {}

  /** With a clock that stands still. */
  static Model open() {
    return Model.open(SHIPPED, options());
  }

  static OpenOptions options() {
    return OpenOptions.defaults().clock(Clock.fixed(NOW, ZoneOffset.UTC));
  }

  static byte[] bytes() {
    try {
      return Files.readAllBytes(SHIPPED);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file with the last occurrence of a text replaced by one of the same length: another version of the model. */
  static byte[] bytesWith(String text, String replacement) {
    byte[] file = bytes();
    byte[] from = text.getBytes(StandardCharsets.UTF_8);
    byte[] to = replacement.getBytes(StandardCharsets.UTF_8);
    assertEquals(from.length, to.length);
    String latin = new String(file, StandardCharsets.ISO_8859_1); // a character for each byte
    int place = latin.lastIndexOf(new String(from, StandardCharsets.ISO_8859_1));
    assertEquals(true, place >= 0, "the model has no " + text);
    System.arraycopy(to, 0, file, place, to.length);
    // The checksum is of the file as it was; one without a checksum is read as well.
    Matcher checksum = CHECKSUM.matcher(latin);
    if (checksum.find()) Arrays.fill(file, checksum.start(), checksum.end(), (byte) ' ');
    return file;
  }

  /** Some events, all at the same moment. */
  static void observeSome(Recommender recommender) {
    for (String id : someIds(recommender.model())) recommender.observe(id, NOW);
  }

  static List<String> someIds(Model model) {
    return model.itemIds().subList(2, 8);
  }

  static List<String> ids(List<Recommendation> recommendations) {
    return recommendations.stream().map(best -> best.item().id()).toList();
  }

  static SottoException assertRefused(ErrorCode expected, Executable call) {
    SottoException refused = assertThrows(SottoException.class, call);
    assertEquals(expected, refused.code(), refused.getMessage());
    return refused;
  }
}
