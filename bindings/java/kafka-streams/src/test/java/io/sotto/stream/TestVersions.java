package io.sotto.stream;

import io.sotto.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The shipped model, and another version of it. */
public final class TestVersions {
  /** The model in the repository. */
  public static final Path SHIPPED = Path.of(System.getProperty("sotto.test.model"));

  private static final Pattern CHECKSUM = Pattern.compile("\"checksum\":\"[0-9a-f]{16}\",");

  private TestVersions() {}

  /** Writes the model with another id for one of its items: another version, which does not have that item. */
  public static Path without(String item, Path folder) {
    String other = "~".repeat(item.length());
    try {
      // A character for each byte.
      String bytes = Files.readString(SHIPPED, StandardCharsets.ISO_8859_1);
      int place = bytes.indexOf("\"" + item + "\"");
      if (place < 0) throw new IllegalArgumentException("The model has no item " + item + ".");
      String changed = bytes.substring(0, place + 1) + other + bytes.substring(place + 1 + item.length());
      // The checksum is of the file as it was; one without a checksum is read as well.
      changed = CHECKSUM.matcher(changed).replaceFirst(found -> " ".repeat(found.group().length()));
      Path file = folder.resolve("other.safetensors");
      Files.writeString(file, changed, StandardCharsets.ISO_8859_1);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file's version. */
  public static String fingerprint(Path file) {
    try (Model model = Model.open(file)) {
      return model.info().fingerprint();
    }
  }
}
